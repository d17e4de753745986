// Stores on real files, with a stand-in signature, for the tests of this target.

import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

/// A directory that is removed with the bench, and stores in it.
final class TestBench {
  let root: String

  init() {
    root = NSTemporaryDirectory() + "helio-store-\(UUID().uuidString)"
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func options(_ name: String, schema: Schema = Desk.schema) -> StoreOptions {
    StoreOptions(directory: "\(root)/\(name)", schema: schema)
  }

  /// Opens a store; a new one gets the slot.
  func open(_ name: String, slot: UInt32? = nil, schema: Schema = Desk.schema) throws
    -> ReplicaStore
  {
    let store = try ReplicaStore.open(options(name, schema: schema))
    if let slot, store.slot == nil { try store.writeNow { try $0.adopt(slot: Slot(slot)) } }
    return store
  }
}

/// What stands in for a key: the digest of what would be signed.
func sign(_ dot: Dot, _ hash: Digest) -> [UInt8] {
  let digest = Digest.sha256(SignedHead.signedBytes(cluster: "test", dot: dot, hash: hash))
  return digest.bytes + digest.bytes
}

func isSigned(_ head: SignedHead) -> Bool { head.signature == sign(head.dot, head.hash) }

func hlc(_ milliseconds: UInt64) -> HLC { HLC(milliseconds: 1_790_000_000_000 + milliseconds) }

func set(_ column: UInt16, _ value: Value, replaces: [Dot] = []) -> CellAction {
  CellAction(CellKey(column), .write(.plain(value), replaces: replaces, unread: []))
}

func personal(_ column: UInt16, _ text: String) -> CellAction {
  let salt = [UInt8](repeating: 7, count: Content.saltLength)
  return CellAction(
    CellKey(column), .write(.personal(.text(text), salt: salt), replaces: [], unread: []))
}

extension ReplicaStore {
  /// Makes one delta in a transaction of its own.
  @discardableResult
  func commit(_ milliseconds: UInt64, _ changes: [RowChange]) throws -> EncodedDelta {
    try writeNow { transaction in
      let delta = try transaction.appendLocal(hlc: hlc(milliseconds), changes)
      try transaction.seal(sign: sign)
      return delta
    }
  }

  /// Makes a ticket; returns its id.
  func makeTicket(
    _ milliseconds: UInt64, subject: String = "s", status: String = "new", tags: [String] = [],
    _ more: [CellAction] = []
  ) throws -> RowID {
    try writeNow { transaction in
      let id = try transaction.newRowID()
      let actions =
        [personal(TicketColumn.subject, subject), set(TicketColumn.status, .text(status))]
        + tags.map { CellAction(CellKey(TicketColumn.tags), .add(.text($0), replaces: [])) }
        + more
      try transaction.appendLocal(
        hlc: hlc(milliseconds), [RowChange(RowRef(Desk.ticket, id), actions)])
      try transaction.seal(sign: sign)
      return id
    }
  }

  /// Makes many in one transaction, four in a millisecond.
  func makeTickets(_ count: Int, subject: String, at milliseconds: UInt64) throws -> [RowID] {
    try writeNow { transaction in
      let made = try (0..<count).map { index in
        let id = try transaction.newRowID()
        try transaction.appendLocal(
          hlc: hlc(milliseconds + UInt64(index) / 4),
          [
            RowChange(
              RowRef(Desk.ticket, id),
              [
                personal(TicketColumn.subject, subject),
                set(TicketColumn.status, .text("new")),
              ])
          ])
        return id
      }
      try transaction.seal(sign: sign)
      return made
    }
  }

  /// Writes a register of a ticket, naming what is shown.
  func setTicket(_ milliseconds: UInt64, _ id: RowID, _ column: UInt16, _ value: Value) throws {
    try writeNow { transaction in
      let row = RowRef(Desk.ticket, id)
      let shown = try transaction.row(row).cells[CellKey(column)]?.register?.winner?.stamp.dot
      try transaction.appendLocal(
        hlc: hlc(milliseconds),
        [RowChange(row, [set(column, value, replaces: shown.map { [$0] } ?? [])])])
      try transaction.seal(sign: sign)
    }
  }

  func makeComment(_ milliseconds: UInt64, _ ticket: RowID, _ body: String) throws -> RowID {
    try writeNow { transaction in
      let id = try transaction.newRowID()
      try transaction.appendLocal(
        hlc: hlc(milliseconds),
        [
          RowChange(
            RowRef(Desk.comment, id),
            [
              set(CommentColumn.ticket, .integer(ticket.rawValue)),
              set(CommentColumn.author, .integer(1)),
              set(CommentColumn.isPublic, .integer(1)), personal(CommentColumn.body, body),
            ]),
          RowChange(RowRef(Desk.ticket, ticket), []),
        ])
      try transaction.seal(sign: sign)
      return id
    }
  }

  /// Takes everything that another store has and this one lacks. Returns the number of batches.
  @discardableResult
  func pull(
    from other: ReplicaStore, maxBytes: Int = Limits.batchBytes,
    void: (Delta) -> String? = { _ in nil }
  ) throws -> Int {
    var batches = 0
    while true {
      let known = vector
      let (batch, _) = try other.readNow {
        try $0.readLog(excluding: known, maxBytes: maxBytes)
      }
      guard !batch.deltas.isEmpty else { return batches }
      let result = try take(batch, void: void)
      try #require(result.problems.isEmpty, "\(result.problems)")
      batches += 1
    }
  }

  @discardableResult
  func take(_ batch: DeltaBatch, void: (Delta) -> String? = { _ in nil }) throws -> ApplyResult {
    try writeNow { transaction in
      try transaction.apply(batch, verify: isSigned, verdict: { delta, _, _ in void(delta) })
    }
  }

  func everything() throws -> DeltaBatch {
    try readNow { try $0.readLog(excluding: VersionVector(), maxBytes: 1 << 30).batch }
  }

  /// All rows in their canonical form: states only, nothing of this node alone.
  func canonicalRows() throws -> [RowRef: RowState] {
    try readNow { view in
      var result: [RowRef: RowState] = [:]
      for entity in Desk.schema.entities {
        for (id, state) in try view.rows(entity.code) {
          result[RowRef(entity.code, id)] = state
        }
      }
      return result
    }
  }
}
