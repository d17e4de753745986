// A row as read from its table, with what the store knows about it beside the merge state.

internal import GRDB
internal import ReplicaCore

/// When and how a row came and changed. Not part of the merge.
struct RowBookkeeping: Hashable, Sendable {
  /// The least time shown of the effective deltas that touched the row, milliseconds.
  var created: Int64
  /// The greatest.
  var updated: Int64
  /// This node's apply number of the last effective delta.
  var applied: Int64
  /// How the row came in.
  var via: UInt8
}

/// A row of a read table.
struct StoredRow: Sendable {
  var bookkeeping: RowBookkeeping
  var meta: [UInt8]
  /// Values of the schema's columns, then of the derived ones.
  var values: [Value]

  init(bookkeeping: RowBookkeeping, meta: [UInt8], values: [Value]) {
    self.bookkeeping = bookkeeping
    self.meta = meta
    self.values = values
  }

  /// A row of ``ReadTable/selectOne``; of ``ReadTable/selectMany`` after one value.
  init(_ row: RawRow, after first: Int = 0) {
    func int(_ index: Int) -> Int64 { Value(sql: row.values[first + index]).integer ?? 0 }
    bookkeeping = RowBookkeeping(
      created: int(0), updated: int(1), applied: int(2), via: UInt8(truncatingIfNeeded: int(3)))
    meta = Value(sql: row.values[first + 4]).bytes ?? []
    values = row.values.dropFirst(first + ReadTable.bookkeeping.count).map { Value(sql: $0) }
  }

  /// Reads the bookkeeping and value columns of ``ReadTable/selectRows`` from `offset` on.
  init(_ row: Row, table: ReadTable, offset: Int = 0) {
    bookkeeping = RowBookkeeping(
      created: row.int(offset), updated: row.int(offset + 1), applied: row.int(offset + 2),
      via: UInt8(truncatingIfNeeded: row.int(offset + 3)))
    meta = row.bytes(offset + 4)
    let first = offset + ReadTable.bookkeeping.count
    values = (0..<table.columns.count).map { Value(sql: row[first + $0]) }
  }

  /// The merge state that the row stands for.
  func state(_ table: ReadTable, _ id: RowID) throws -> RowState {
    do {
      return try table.packing.unpack(
        values: Array(values.prefix(table.entity.columns.count)), meta: meta)
    } catch {
      throw StoreError.unreadableRow(RowRef(table.entity.code, id), error)
    }
  }
}
