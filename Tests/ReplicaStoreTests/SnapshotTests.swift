// A joiner gets the store as it was at one commit, in pieces, and checks it all.

import Foundation
import GRDB
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Synchronization
import Testing

@Suite struct SnapshotTests {
  private let bench = TestBench()

  private func filled() throws -> ReplicaStore {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    for index in 0..<150 {
      let id = try a.makeTicket(UInt64(index), subject: "téléphone \(index)", tags: ["t\(index)"])
      if index % 10 == 0 { _ = try a.makeComment(UInt64(index), id, "hello") }
    }
    try b.pull(from: a)
    _ = try b.makeTicket(999, subject: "of b")
    try a.pull(from: b)
    try a.writeNow { $0.setLocal("secret", .text("stays-here")) }
    try a.indexPendingNow(limit: 1_000)
    return a
  }

  @Test func withoutPlaceForItNoneIsMade() async throws {
    var options = bench.options("a")
    do { _ = try filled() }
    let free = Mutex<Int64>(.max)
    options.freeBytes = { _ in free.withLock { $0 } }
    let store = try ReplicaStore.open(options)
    free.withLock { $0 = StoreLimits.reserveBytes + 100_000 }
    await #expect(throws: StoreError.self) { try await store.makeSnapshot() }
    free.withLock { $0 = 1 << 30 }
    _ = try await store.makeSnapshot()
    #expect(store.snapshotIDs().count == 1)
  }

  @Test func whatWasHalfMadeGoesAtTheNextStart() throws {
    do { _ = try filled() }
    let folder = bench.options("a").directory + "/snapshots"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    for name in ["5.sqlite.partial", "5.sqlite.partial-journal", "6.sqlite"] {
      _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data([1]))
    }
    let store = try bench.open("a")
    #expect(store.snapshotIDs() == [6])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["6.sqlite"])
  }

  @Test func aBrokenTransferGoesOnWhereItWas() async throws {
    let a = try filled()
    let info = try await a.makeSnapshot()
    #expect(info.vector == a.vector)
    #expect(a.snapshotIDs() == [info.id])
    let joining = bench.options("joiner")
    var isWhole = false
    var pieces = 0
    while !isWhole {
      // A download is made anew for each piece, as after a restart.
      let download = try SnapshotDownload(directory: joining.directory)
      let offset = download.position?.offset ?? 0
      let chunk = try #require(
        try a.snapshotChunk(id: info.id, offset: offset, maxBytes: 10_000))
      if pieces == 2 {
        var bad = chunk
        bad.bytes[7] ^= 1
        #expect(throws: StoreError.self) { try download.take(bad) }
        var jumped = chunk
        jumped.offset += 1
        #expect(throws: StoreError.self) { try download.take(jumped) }
      }
      isWhole = try download.take(chunk)
      pieces += 1
    }
    #expect(pieces == (Int(info.bytes) + 9_999) / 10_000)
    let whole = try SnapshotDownload(directory: joining.directory)
    let joiner = try ReplicaStore.install(
      whole, options: joining, slot: Slot(3), verify: isSigned)
    #expect(joiner.slot == Slot(3))
    #expect(joiner.headedVector == a.headedVector)
    #expect(joiner.fingerprint == a.fingerprint)
    let rows = try a.canonicalRows()
    #expect(try joiner.canonicalRows() == rows)
    #expect(try joiner.readNow { try $0.local("secret") } == nil)
    #expect(joiner.clock.last >= hlc(999))
    try joiner.indexPendingNow(limit: 10_000)
    let query = TicketQuery(filters: [TicketFilter(.words("telephone"))])
    #expect(try joiner.readNow { try $0.countTickets(query.filters) } == 150)
    // It works on: own deltas, and whatever came after the snapshot.
    let id = try joiner.makeTicket(2_000, subject: "of the joiner")
    #expect(id.slot == Slot(3))
    _ = try a.makeTicket(2_001)
    try joiner.pull(from: a)
    try a.pull(from: joiner)
    #expect(joiner.fingerprint == a.fingerprint)
    let late = try bench.open("late", slot: 9)
    try late.pull(from: joiner)
    #expect(late.fingerprint == a.fingerprint)
    try a.removeSnapshot(info.id)
    #expect(try a.snapshotChunk(id: info.id, offset: 0) == nil)
  }

  @Test func nothingLocalIsInTheFile() async throws {
    let a = try filled()
    let info = try await a.makeSnapshot()
    let path = "\(a.directory)/snapshots/\(info.id).sqlite"
    let bytes = try #require(FileManager.default.contents(atPath: path))
    #expect(bytes.range(of: Data("stays-here".utf8)) == nil)
    #expect(bytes.range(of: Data("search_text".utf8)) == nil)
    #expect(bytes.range(of: Data("of b".utf8)) != nil)
  }

  @Test func writesGoOnDuringTheCopy() async throws {
    let a = try filled()
    let info = try await withThrowingTaskGroup(of: SnapshotInfo?.self) { group in
      group.addTask { try await a.makeSnapshot() }
      for index in 0..<40 {
        group.addTask {
          try await a.write { transaction in
            let id = try transaction.newRowID()
            try transaction.appendLocal(
              hlc: hlc(UInt64(5_000 + index)),
              [RowChange(RowRef(Desk.ticket, id), [personal(TicketColumn.subject, "meanwhile")])])
            try transaction.seal(sign: sign)
          }
          return nil
        }
      }
      var info: SnapshotInfo?
      for try await each in group { info = each ?? info }
      return try #require(info)
    }
    let download = try SnapshotDownload(directory: bench.options("joiner").directory)
    var isWhole = false
    while !isWhole {
      let chunk = try #require(
        try a.snapshotChunk(id: info.id, offset: download.position?.offset ?? 0))
      isWhole = try download.take(chunk)
    }
    let joiner = try ReplicaStore.install(
      download, options: bench.options("joiner"), slot: Slot(3), verify: isSigned)
    #expect(joiner.vector == info.vector)
    try joiner.pull(from: a)
    #expect(joiner.fingerprint == a.fingerprint)
  }

  private func install(
    _ a: ReplicaStore, _ id: UInt64, as name: String, slot: UInt32 = 3,
    verify: (SignedHead) -> Bool = isSigned
  ) throws -> ReplicaStore {
    let download = try SnapshotDownload(directory: bench.options(name).directory)
    let chunk = try #require(try a.snapshotChunk(id: id, offset: 0, maxBytes: 1 << 30))
    #expect(try download.take(chunk))
    return try ReplicaStore.install(
      download, options: bench.options(name), slot: Slot(slot), verify: verify)
  }

  @Test func anAlteredSnapshotIsNotInstalled() async throws {
    let a = try filled()
    for (index, sql) in [
      "UPDATE ticket SET status = 'altered' WHERE id = (SELECT min(id) FROM ticket)",
      "UPDATE log SET body = substr(body, 1, 30) || x'7f' || substr(body, 32) WHERE seq = 9",
      "DELETE FROM log WHERE apply_no = 20",
      "DELETE FROM head WHERE seq > 100",
      "UPDATE head SET signature = x'00' WHERE seq > 100",
    ].enumerated() {
      let info = try await a.makeSnapshot()
      let queue = try DatabaseQueue(path: "\(a.directory)/snapshots/\(info.id).sqlite")
      try await queue.write { try $0.execute(sql: sql) }
      try queue.close()
      #expect(throws: StoreError.self, "\(sql)") {
        _ = try install(a, info.id, as: "joiner\(index)")
      }
    }
  }

  /// A reader by time takes whole seconds: one that held the whole desk would keep it for ever.
  @Test func whatCameInASnapshotIsSpreadOverSeconds() async throws {
    let a = try bench.open("a", slot: 1)
    _ = try a.makeTickets(10_001, subject: "s", at: 1)
    let joiner = try install(a, try await a.makeSnapshot().id, as: "joiner")
    try joiner.readNow { view in
      let last = try view.moment(of: 10_001)
      #expect(last > .zero)
      #expect(try view.appliedNumber(before: .zero) == 0)
      #expect(try view.appliedNumber(before: last) == 10_000)
      #expect(try view.moment(of: 1).seconds == last.seconds - 2)
    }
  }

  @Test("a snapshot of a node that does not know the last migration yet")
  func aSnapshotOfTheReleaseBeforeIsInstalled() async throws {
    let a = try filled()
    let info = try await a.makeSnapshot()
    let queue = try DatabaseQueue(path: "\(a.directory)/snapshots/\(info.id).sqlite")
    try await queue.write {
      try $0.execute(sql: "DELETE FROM migration WHERE name LIKE '3 %'")
    }
    try queue.close()
    let joiner = try install(a, info.id, as: "joiner")
    #expect(joiner.vector == a.vector)
    while try joiner.indexPendingNow() == 500 {}
    let query = TicketQuery(filters: [TicketFilter(.words("telephone 7"))])
    #expect(try joiner.readNow { try $0.tickets(query) }.rows.count == 1)
  }

  @Test func aSlotThatWasUsedIsNotGivenAgain() async throws {
    let a = try filled()
    let info = try await a.makeSnapshot()
    #expect(throws: StoreError.self) { _ = try install(a, info.id, as: "j", slot: 2) }
    #expect(throws: StoreError.self) {
      _ = try install(a, info.id, as: "k", verify: { $0.dot.slot != Slot(2) })
    }
  }
}
