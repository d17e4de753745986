// From rows to the records of the domain: what is displayed, never SQL's own opinion of it.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

/// A row of a known entity with all that a record needs.
struct FullRow {
  var id: RowID
  var state: RowState
  var book: RowBookkeeping

  var created: Instant { Instant(milliseconds: book.created) }
  var updated: Instant { Instant(milliseconds: book.updated) }
  var via: Via { Via(rawValue: book.via) ?? .system }

  func text(_ column: UInt16) -> String? { state.value(column).text }
  func flag(_ column: UInt16) -> Bool { state.value(column).integer == 1 }
  func instant(_ column: UInt16) -> Instant? {
    state.value(column).integer.map { Instant(milliseconds: $0) }
  }
  func id(_ column: UInt16) -> RowID? { state.value(column).integer.map { RowID($0) } }
  func office(_ column: UInt16) -> OfficeID? { text(column).map { OfficeID($0) } }
  func texts(_ column: UInt16) -> [String] { state.elements(column).compactMap(\.text) }
  /// When what a register shows was written; nil where it shows nothing.
  func since(_ column: UInt16) -> Instant? {
    let shown = state.cells[CellKey(column)]?.register?.winner
    return shown?.value?.isNull == false ? shown?.stamp.hlc.instant : nil
  }
  func stamp(_ column: UInt16) -> Stamp? {
    state.cells[CellKey(column)]?.register?.winner?.stamp
  }
  func dot(_ column: UInt16) -> Dot { stamp(column)?.dot ?? Dot(Slot(0), 0) }
}

extension ReadView {
  func table(_ entity: EntityCode) throws -> ReadTable {
    guard let table = plan.tables[entity] else {
      throw StoreError.badQuery("there is no entity \(entity.rawValue)")
    }
    return table
  }

  /// Rows of a table, by a condition with its arguments (an ORDER BY may follow it).
  func full(
    _ entity: EntityCode, _ condition: String, _ arguments: [DatabaseValue] = []
  ) throws -> [FullRow] {
    let table = try table(entity)
    let rows = try db.rows("\(table.selectRows) \(condition)", arguments)
    var result: [FullRow] = []
    while let row = try rows.next() { result.append(try full(row, table)) }
    return result
  }

  func full(_ entity: EntityCode, id: RowID) throws -> FullRow? {
    try full(entity, "WHERE id = ?", [id.sql]).first
  }

  /// Rows by their ids, in the order of the ids; those that are missing are left out.
  func full(_ entity: EntityCode, ids: [RowID]) throws -> [FullRow] {
    try ids.compactMap { try full(entity, id: $0) }
  }

  private func full(_ row: Row, _ table: ReadTable) throws -> FullRow {
    let id = RowID(row.int(0))
    let stored = StoredRow(row, table: table, offset: 1)
    return FullRow(id: id, state: try stored.state(table, id), book: stored.bookkeeping)
  }
}
