// Reading rows inside a transaction, its own changes included.

internal import GRDB
internal import HelpdeskDomain
package import ReplicaCore

extension WriteTransaction {
  /// The state of a row; an empty one where it does not exist.
  package func row(_ row: RowRef) throws -> RowState { try cached(row).content.state }

  /// Ids of rows whose register `column` shows `value`, ordered. Needs an indexed column to be
  /// quick. Sees this transaction's own changes.
  package func rows(
    of entity: EntityCode, column: UInt16, equals value: Value
  ) throws -> [RowID] {
    guard let table = plan.tables[entity], let name = table.column(column),
      table.entity.column(column)?.shape == .register
    else { throw StoreError.badQuery("entity \(entity.rawValue) has no register \(column)") }
    let stored = try looked(up: table.lookup(name), value)
    guard !dirty.isEmpty else { return stored }
    let unchanged = stored.filter { cache[RowRef(entity, $0)]?.content.isDirty != true }
    let changed = watched(Watch(entity: entity, column: column))[value] ?? []
    return changed.isEmpty ? unchanged : changed.union(unchanged).sorted()
  }

  /// Ids of rows whose register `column` shows `text` in any case of its ASCII letters, ordered. It
  /// reads the whole table. Sees this transaction's own changes.
  package func rows(
    of entity: EntityCode, column: UInt16, resembling text: String
  ) throws -> [RowID] {
    guard let table = plan.tables[entity], let name = table.column(column),
      table.entity.column(column)?.shape == .register
    else { throw StoreError.badQuery("entity \(entity.rawValue) has no register \(column)") }
    let stored = try looked(
      up: "SELECT id FROM \(table.name) WHERE \(name) = ? COLLATE NOCASE ORDER BY id", .text(text))
    let wanted = ASCIIFold.lowercased(text)
    var found = Set(stored.filter { cache[RowRef(entity, $0)]?.content.isDirty != true })
    for (value, rows) in watched(Watch(entity: entity, column: column))
    where value.text.map(ASCIIFold.lowercased) == wanted { found.formUnion(rows) }
    return found.sorted()
  }

  /// All ids of an entity, ordered, this transaction's new rows included.
  package func rows(of entity: EntityCode) throws -> [RowID] {
    guard let table = plan.tables[entity] else {
      throw StoreError.badQuery("there is no entity \(entity.rawValue)")
    }
    let stored = try looked(up: "SELECT id FROM \(table.name) ORDER BY id")
    guard let changed = dirty[entity] else { return stored }
    let shown = changed.filter(\.content.state.exists).map(\.row.id)
    return Set(stored).union(shown).sorted()
  }

  /// What the tables say, asked once until rows are written to them: verdicts of one batch ask for
  /// the same rosters, boards and grants again and again.
  func looked(up sql: String, _ value: Value? = nil) throws -> [RowID] {
    let lookup = Lookup(sql: sql, value: value)
    if let known = lookups[lookup] { return known }
    var ids: [RowID] = []
    let rows = try db.rows(sql, value.map { [$0.sql] } ?? [])
    while let row = try rows.next() { ids.append(RowID(row.int(0))) }
    lookups[lookup] = ids
    return ids
  }

  /// Changed rows by the value that a column shows now.
  func watched(_ watch: Watch) -> [Value: Set<RowID>] {
    if let known = watches[watch] { return known }
    var index: [Value: Set<RowID>] = [:]
    for each in dirty[watch.entity] ?? [] where each.content.isDirty {
      index[each.content.state.value(watch.column), default: []].insert(each.row.id)
    }
    watches[watch] = index
    return index
  }

  /// The row from the cache, or from its table.
  func cached(_ row: RowRef) throws -> CachedRow {
    if let known = cache[row] { return known }
    let table = plan.tables[row.entity]
    let stored = try load(row, table)
    return try keep(row, table, stored)
  }

  /// Puts a row into the cache as it lies in its table; nil: it is not there.
  @discardableResult
  func keep(_ row: RowRef, _ table: ReadTable?, _ stored: StoredRow?) throws -> CachedRow {
    let state = try stored?.state(table ?? .unknown, row.id) ?? RowState()
    let fresh = CachedRow(row, table, stored: stored, state: state)
    cache[row] = fresh
    return fresh
  }

  private func load(_ row: RowRef, _ table: ReadTable?) throws -> StoredRow? {
    if let table {
      return try db.rawRow(table.selectOne, [row.id.sql]).map { StoredRow($0) }
    }
    return try db.row(
      """
      SELECT created_ms, updated_ms, applied_no, via, meta FROM unknown_row
      WHERE entity = ? AND id = ?
      """, [row.entity.sql, row.id.sql]
    ).map { StoredRow($0, table: .unknown) }
  }

  /// Lets an effective delta change the rows that it names; a change without actions touches.
  func take(_ delta: Delta, applied: Int64) throws {
    let shown = delta.header.shownAt.milliseconds
    for change in delta.changes {
      let row = try cached(change.row)
      note(row)
      let looked = lookedUp(row)
      var content = row.content
      row.content.state = RowState()  // so that the change below does not copy the cells
      content.state.apply(change, header: delta.header)
      if content.state.exists {
        // An import says when its row was made elsewhere; its own stamp stays in the log.
        let created = Desk.originalCreation(change)?.milliseconds ?? shown
        var book =
          content.book
          ?? RowBookkeeping(
            created: created, updated: shown, applied: applied, via: delta.header.via.rawValue)
        book.created = min(book.created, created)
        book.updated = max(book.updated, shown)
        book.applied = applied
        content.book = book
        if !content.isDirty {
          content.isDirty = true
          dirty[change.row.entity, default: []].append(row)
        }
      }
      row.content = content
      for (watch, old) in looked { rewatch(row, watch, from: old) }
    }
  }

  /// The columns of a row by which it is looked up, with the values it is found under now.
  private func lookedUp(_ row: CachedRow) -> [(Watch, Value?)] {
    guard !watches.isEmpty else { return [] }
    return watches.keys.filter { $0.entity == row.row.entity }.map { watch in
      (watch, row.content.isDirty ? row.content.state.value(watch.column) : nil)
    }
  }

  private func rewatch(_ row: CachedRow, _ watch: Watch, from old: Value?) {
    if let old { watches[watch]?[old]?.remove(row.row.id) }
    guard row.content.isDirty else { return }
    watches[watch]?[row.content.state.value(watch.column), default: []].insert(row.row.id)
  }

  /// Notes a row's content for the innermost savepoint, once.
  private func note(_ row: CachedRow) {
    guard undo != nil, row.noted != generation else { return }
    row.noted = generation
    undo?.append((row, row.content))
  }
}
