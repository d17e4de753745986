// Rows of files in the store: listed as they are applied, named or not, adopted from old databases.

import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct AttachmentRowTests {
  private let bench = TestBench()
  private let late = Instant(milliseconds: 1 << 50)

  private func file(
    _ id: RowID, ticket: RowID, comment: RowID, _ seed: UInt8, position: Int64 = 0
  ) -> RowChange {
    RowChange(
      RowRef(Desk.attachment, id),
      [
        set(AttachmentColumn.comment, .integer(comment.rawValue)),
        set(AttachmentColumn.ticket, .integer(ticket.rawValue)),
        personal(AttachmentColumn.fileName, "f\(seed).png"),
        set(AttachmentColumn.contentType, .text("image/png")),
        set(AttachmentColumn.size, .integer(7)),
        set(AttachmentColumn.hash, .bytes(Digest.sha256([seed]).bytes)),
        set(AttachmentColumn.position, .integer(position)),
      ])
  }

  private func redact(_ store: ReplicaStore, _ at: UInt64, _ id: RowID) throws {
    try store.commit(
      at, [RowChange(RowRef(Desk.attachment, id), [set(AttachmentColumn.redacted, .integer(1))])])
  }

  @Test func filesAreListedByTicketAndByApplyOrder() throws {
    let store = try bench.open("a", slot: 1)
    let ticket = try store.makeTicket(1)
    let comment = try store.makeComment(2, ticket, "see")
    let ids = [RowID(900_001), RowID(910_001), RowID(920_001)]
    try store.commit(3, [file(ids[1], ticket: ticket, comment: comment, 2, position: 1)])
    try store.commit(4, [file(ids[0], ticket: ticket, comment: comment, 1)])
    try store.commit(5, [file(ids[2], ticket: RowID(70_001), comment: comment, 3)])
    let start = AppliedPlace(applied: -1, id: .none)
    try store.readNow { view in
      #expect(try view.attachments(ofTicket: ticket).map(\.id) == [ids[0], ids[1]])
      #expect(try view.attachment(ids[2])?.key == BlobKey(hash: .sha256([3]), size: 7))
      let (all, end) = try view.attachments(after: start, limit: 10)
      #expect(all.map(\.id) == [ids[1], ids[0], ids[2]] && end == nil)
      var place: AppliedPlace? = start
      var paged: [RowID] = []
      while let from = place {
        let (some, next) = try view.attachments(after: from, limit: 1)
        paged += some.map(\.id)
        place = next
      }
      #expect(paged == all.map(\.id))
    }
    let seen = AppliedPlace(applied: store.appliedNumber, id: RowID(.max))
    try redact(store, 6, ids[0])
    let (changed, _) = try store.readNow { try $0.attachments(after: seen, limit: 10) }
    #expect(changed.map(\.id) == [ids[0]] && changed[0].redacted)
  }

  @Test func bytesAreNamedUntilEveryRowIsRedacted() throws {
    let store = try bench.open("a", slot: 1)
    let ticket = try store.makeTicket(1)
    let comment = try store.makeComment(2, ticket, "see")
    let (one, two) = (RowID(900_001), RowID(910_001))
    for (at, id) in [(3, one), (4, two)] as [(UInt64, RowID)] {
      try store.commit(at, [file(id, ticket: ticket, comment: comment, 1)])
    }
    func isNamed(_ seed: UInt8, before: Instant = .zero) throws -> Bool {
      try store.readNow { try $0.isNamed(.sha256([seed]), deletedBefore: before) }
    }
    #expect(try isNamed(1))
    #expect(try !isNamed(2))
    try redact(store, 5, one)
    #expect(try isNamed(1))
    try redact(store, 6, two)
    #expect(try !isNamed(1))
  }

  @Test func theFilesOfADeletedTicketAreNamedForAWhile() throws {
    let store = try bench.open("a", slot: 1)
    let ticket = try store.makeTicket(1)
    let comment = try store.makeComment(2, ticket, "see")
    try store.commit(3, [file(RowID(900_001), ticket: ticket, comment: comment, 1)])
    func isNamed(before: Instant) throws -> Bool {
      try store.readNow { try $0.isNamed(.sha256([1]), deletedBefore: before) }
    }
    #expect(try isNamed(before: late))
    try store.setTicket(4, ticket, TicketColumn.deleted, .integer(1))
    #expect(try isNamed(before: .zero))
    #expect(try !isNamed(before: late))
  }

  /// What a node did before it knew of files: their rows came all the same.
  @Test func rowsThatCameBeforeTheUpgradeAreThereAfterIt() throws {
    let old = Schema(
      level: Desk.schema.level,
      entities: Desk.schema.entities.filter { $0.code != Desk.attachment })
    let newer = try bench.open("newer", slot: 1)
    let ticket = try newer.makeTicket(1)
    let comment = try newer.makeComment(2, ticket, "see")
    let id = RowID(900_001)
    try newer.commit(3, [file(id, ticket: ticket, comment: comment, 1)])
    do {
      let older = try bench.open("older", slot: 2, schema: old)
      try older.pull(from: newer)
      #expect(older.fingerprint == newer.fingerprint)
      try older.close()
    }
    let upgraded = try bench.open("older")
    #expect(upgraded.fingerprint == newer.fingerprint)
    #expect(try upgraded.readNow { try $0.recomputeFingerprint() } == newer.fingerprint)
    try upgraded.readNow { view in
      let names = try view.attachments(ofTicket: ticket).map(\.fileName)
      #expect(names == ["f1.png"])
      let start = AppliedPlace(applied: -1, id: .none)
      let listed = try view.attachments(after: start, limit: 5).records.map(\.id)
      #expect(listed == [id])
      let isNamed = try view.isNamed(.sha256([1]), deletedBefore: .zero)
      #expect(isNamed)
    }
    try redact(newer, 4, id)
    try upgraded.pull(from: newer)
    #expect(upgraded.fingerprint == newer.fingerprint)
    #expect(try upgraded.readNow { try $0.attachment(id)?.redacted } == true)
  }
}
