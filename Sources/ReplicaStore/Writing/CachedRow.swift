// A row inside a transaction: unpacked once, changed many times, written once.

internal import ReplicaCore

/// A row that a transaction has read or changed.
final class CachedRow {
  struct Content {
    var state = RowState()
    /// Nil while no effective delta has made the row.
    var book: RowBookkeeping?
    var isDirty = false
  }

  let row: RowRef
  /// Nil for an entity that this schema does not know.
  let table: ReadTable?
  var content: Content
  /// As it lies in the table; nil where it is not there.
  var stored: StoredRow?
  /// The state that the table, the fingerprint and the indexes have.
  var written: RowState
  /// The savepoint that has noted the content for its undoing.
  var noted = 0

  init(_ row: RowRef, _ table: ReadTable?, stored: StoredRow?, state: RowState) {
    self.row = row
    self.table = table
    self.stored = stored
    written = state
    content = Content(state: state, book: stored?.bookkeeping)
  }
}
