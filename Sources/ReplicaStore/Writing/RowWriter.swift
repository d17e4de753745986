// Writes packed rows to their tables, touching no column and hence no index that stays the same.

internal import GRDB
internal import ReplicaCore

/// Writes rows, and what is indexed about them beside.
struct RowWriter {
  private let db: Database
  private let plan: StorePlan

  init(_ db: Database, _ plan: StorePlan) {
    self.db = db
    self.plan = plan
  }

  /// Inserts a row that its table does not have. Returns it as stored.
  @discardableResult
  func insert(
    _ table: ReadTable, _ id: RowID, _ state: RowState, _ book: RowBookkeeping
  ) throws -> StoredRow {
    let packed = table.packing.pack(state)
    let values = plan.values(of: packed, state: state, in: table)
    var arguments: [DatabaseValue] = [
      id.sql, book.created.databaseValue, book.updated.databaseValue,
      book.applied.databaseValue, Int64(book.via).databaseValue, packed.meta.sql,
    ]
    arguments += values.map(\.sql)
    try db.run(table.insert, arguments)
    try elements(table, id, old: nil, new: state)
    return StoredRow(bookkeeping: book, meta: packed.meta, values: values)
  }

  /// Updates the columns of a row that changed. Returns it as stored.
  @discardableResult
  func update(
    _ table: ReadTable, _ id: RowID, _ state: RowState, _ stored: StoredRow,
    from old: RowState? = nil, _ newBook: RowBookkeeping? = nil
  ) throws -> StoredRow {
    let book = newBook ?? stored.bookkeeping
    let packed = table.packing.pack(state)
    let values = plan.values(of: packed, state: state, in: table)
    var sets: [String] = []
    var arguments: [DatabaseValue] = []
    func set(_ column: String, _ value: DatabaseValue, if changed: Bool) {
      guard changed else { return }
      sets.append("\(column) = ?")
      arguments.append(value)
    }
    let known = stored.bookkeeping
    set("created_ms", book.created.databaseValue, if: book.created != known.created)
    set("updated_ms", book.updated.databaseValue, if: book.updated != known.updated)
    set("applied_no", book.applied.databaseValue, if: book.applied != known.applied)
    set("via", Int64(book.via).databaseValue, if: book.via != known.via)
    set("meta", packed.meta.sql, if: packed.meta != stored.meta)
    for (index, value) in values.enumerated() {
      set(table.columns[index], value.sql, if: !value.isSame(as: stored.values[index]))
    }
    if !sets.isEmpty {
      arguments.append(id.sql)
      let list = sets.joined(separator: ", ")
      let sql = "UPDATE \(table.name) SET \(list) WHERE id = ?"
      if plan.updates.admits(sql) {
        try db.run(sql, arguments)
      } else {
        try db.makeStatement(sql: sql).execute(arguments: StatementArguments(values: arguments))
      }
    }
    try elements(table, id, old: old, new: state)
    return StoredRow(bookkeeping: book, meta: packed.meta, values: values)
  }

  /// Inserts or replaces a row of an entity that we do not know.
  func putUnknown(_ row: RowRef, _ state: RowState, _ book: RowBookkeeping) throws -> StoredRow {
    let meta = ReadTable.unknown.packing.pack(state).meta
    try db.run(
      """
      INSERT OR REPLACE INTO unknown_row(
      entity, id, created_ms, updated_ms, applied_no, via, meta) VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        row.entity.sql, row.id.sql, book.created.databaseValue, book.updated.databaseValue,
        book.applied.databaseValue, Int64(book.via).databaseValue, meta.sql,
      ])
    return StoredRow(bookkeeping: book, meta: meta, values: [])
  }

  /// Keeps the inbox's index: which rows have conflicts.
  func conflict(_ row: RowRef, old: RowState?, new: RowState) throws {
    let had = old?.hasConflicts ?? false
    guard new.hasConflicts != had else { return }
    try db.run(
      had
        ? "DELETE FROM conflict WHERE entity = ? AND id = ?"
        : "INSERT OR IGNORE INTO conflict(entity, id) VALUES (?, ?)",
      [row.entity.sql, row.id.sql])
  }

  /// Keeps the index of set elements, by which tags are found.
  private func elements(
    _ table: ReadTable, _ id: RowID, old: RowState?, new: RowState
  ) throws {
    for column in table.entity.columns where column.shape == .set {
      let cell = CellKey(column.code)
      guard old?.cells[cell] != new.cells[cell] else { continue }
      let before = Set(old?.elements(column.code) ?? [])
      let after = Set(new.elements(column.code))
      let key = [table.entity.code.sql, Int64(column.code).databaseValue]
      for element in before.subtracting(after).sorted() {
        try db.run(
          """
          DELETE FROM element WHERE entity = ? AND "column" = ? AND value = ? AND id = ?
          """, key + [element.sql, id.sql])
      }
      for element in after.subtracting(before).sorted() where !element.isNull {
        try db.run(
          """
          INSERT OR IGNORE INTO element(entity, "column", value, id) VALUES (?, ?, ?, ?)
          """, key + [element.sql, id.sql])
      }
    }
  }
}

extension RowState {
  /// Whether the conflict inbox shows the row.
  var hasConflicts: Bool {
    cells.values.contains { state in
      guard let register = state.register else { return false }
      guard register.live.count > 1 || !register.hidden.isEmpty else { return false }
      return !register.conflicts.isEmpty
    }
  }
}

extension Value {
  /// Equal byte for byte: Swift's text equality would take é and e + ´ for the same.
  func isSame(as other: Value) -> Bool {
    if case .text(let left) = self, case .text(let right) = other {
      return left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }
    return self == other
  }
}
