// What can go wrong with the store: each error says what, and what mends it.

package import ReplicaCore

/// An operational error of the store.
package enum StoreError: Error, Hashable, Sendable {
  /// Another process holds the data directory.
  case locked(directory: String, pid: Int32?)
  case cannotOpen(path: String, cause: String)
  /// The database was written by a newer release.
  case newerDatabase(path: String)
  /// SQLite finds the file damaged.
  case damaged(detail: String)
  /// The chain of a replica does not verify; the first bad delta is at or just after `first`.
  case chainBroken(first: Dot, detail: String)
  /// `synchronous` is not FULL on the writing connection.
  case notDurable(found: Int)
  case diskFull(free: Int64?)
  case ioFailed(cause: String)
  /// An earlier failure of the disk stopped the store; nothing is written until it is reopened.
  case stopped(reason: String)
  case busy(cause: String)
  case closed
  /// No slot was given to this replica yet.
  case noSlot
  case slotTaken(Slot)
  /// A transaction made deltas and did not seal them with a signed head.
  case unsealed(count: Int)
  /// A stored delta cannot be read.
  case unreadable(Dot, CodecError)
  case unreadableRow(RowRef, CodecError)
  case deltaTooLarge(bytes: Int, maximum: Int)
  case badCursor(String)
  case beyondOffsetLimit(asked: Int, maximum: Int)
  /// A query that the store cannot answer.
  case badQuery(String)
  case snapshot(String)
  /// Any other error of SQLite.
  case database(code: Int32, message: String)
}

extension StoreError: CustomStringConvertible {
  /// A stable name for logs and scripts.
  package var code: String {
    switch self {
    case .locked: "store.locked"
    case .cannotOpen: "store.cannot_open"
    case .newerDatabase: "store.newer_database"
    case .damaged: "store.damaged"
    case .chainBroken: "store.chain_broken"
    case .notDurable: "store.not_durable"
    case .diskFull: "store.disk_full"
    case .ioFailed: "store.io_failed"
    case .stopped: "store.stopped"
    case .busy: "store.busy"
    case .closed: "store.closed"
    case .noSlot: "store.no_slot"
    case .slotTaken: "store.slot_taken"
    case .unsealed: "store.unsealed"
    case .unreadable: "store.unreadable_delta"
    case .unreadableRow: "store.unreadable_row"
    case .deltaTooLarge: "store.delta_too_large"
    case .badCursor: "store.bad_cursor"
    case .beyondOffsetLimit: "store.beyond_offset_limit"
    case .badQuery: "store.bad_query"
    case .snapshot: "store.snapshot"
    case .database: "store.database"
    }
  }

  /// What happened, and against what.
  package var message: String {
    switch self {
    case .locked(let directory, let pid):
      "the data directory \(directory) is in use by process \(pid.map(String.init) ?? "unknown")"
    case .cannotOpen(let path, let cause): "\(path) cannot be opened: \(cause)"
    case .newerDatabase(let path): "\(path) was written by a newer release of Heliotrope"
    case .damaged(let detail): "the database is damaged: \(detail)"
    case .chainBroken(let first, let detail):
      "the chain of slot \(first.slot) is broken from seq \(first.seq) on: \(detail)"
    case .notDurable(let found):
      "PRAGMA synchronous is \(found) on the writing connection, it must be 2 (FULL)"
    case .diskFull(let free):
      "the disk is full\(free.map { ": \($0) bytes free, \(StoreLimits.reserveBytes) needed" } ?? "")"
    case .ioFailed(let cause): "the disk failed: \(cause)"
    case .stopped(let reason): "the store stopped writing: \(reason)"
    case .busy(let cause): "the database is locked: \(cause)"
    case .closed: "the store is closed"
    case .noSlot: "this replica has no slot yet"
    case .slotTaken(let slot): "this replica already writes under slot \(slot)"
    case .unsealed(let count): "\(count) deltas were made and not sealed by a signed head"
    case .unreadable(let dot, let error): "delta \(dot) cannot be read: \(error)"
    case .unreadableRow(let row, let error): "row \(row) cannot be read: \(error)"
    case .deltaTooLarge(let bytes, let maximum):
      "the delta has \(bytes) bytes, at most \(maximum) are allowed"
    case .badCursor(let cursor): "the page cursor '\(cursor)' is not one of this list"
    case .beyondOffsetLimit(let asked, let maximum):
      "offset paging ends at record \(maximum), asked for \(asked)"
    case .badQuery(let why): "the query cannot be answered: \(why)"
    case .snapshot(let why): "snapshot: \(why)"
    case .database(let code, let message): "SQLite error \(code): \(message)"
    }
  }

  /// What to do about it.
  package var hint: String {
    switch self {
    case .locked: "stop the other node, or use another data directory"
    case .cannotOpen: "check that the directory exists and belongs to the node's user"
    case .newerDatabase: "start it with the release that wrote it, or a newer one"
    case .damaged, .chainBroken, .unreadable, .unreadableRow:
      "keep the directory; run 'helio doctor', remove this node and join again as a new one"
    case .notDurable: "report this: acknowledged writes would not survive a power loss"
    case .diskFull: "free space on the volume; writing goes on by itself"
    case .ioFailed, .stopped: "check the disk, then restart the node; it verifies its files first"
    case .busy: "no other program may open the node's database; close it"
    case .closed: "open the store again"
    case .noSlot: "found a cluster with 'helio init' or join one with 'helio join'"
    case .slotTaken: "a slot is never changed; use an empty data directory"
    case .unsealed: "seal the transaction before it ends"
    case .deltaTooLarge: "split the change into several"
    case .badCursor: "begin again without a cursor"
    case .beyondOffsetLimit: "use cursor paging (page[size]) for long lists"
    case .badQuery: "change the query"
    case .snapshot: "ask for a fresh snapshot"
    case .database: "run 'helio doctor'"
    }
  }

  package var description: String { "\(code): \(message) (\(hint))" }
}
