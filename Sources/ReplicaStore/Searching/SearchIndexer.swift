// Moves queued rows into the full-text index.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

/// How far the full-text index lags behind.
package struct SearchLag: Hashable, Sendable {
  /// Rows that wait to be indexed.
  package var rows: Int
  /// Age of the oldest of them, in milliseconds.
  package var milliseconds: Int64
}

extension ReplicaStore {
  /// Indexes up to `limit` queued rows in a transaction of its own. Returns how many it took;
  /// fewer than `limit`: the queue is empty.
  @discardableResult
  package func indexPending(limit: Int = 500) async throws -> Int {
    try await write { transaction in
      try SearchIndexer(transaction.db, transaction.plan).run(limit)
    }
  }

  /// ``indexPending(limit:)`` for callers without tasks.
  @discardableResult
  package func indexPendingNow(limit: Int = 500) throws -> Int {
    try writeNow { try SearchIndexer($0.db, $0.plan).run(limit) }
  }
}

extension ReadView {
  /// What the index lacks.
  package func searchLag() throws -> SearchLag {
    let row = try db.row("SELECT count(*), min(at_ms) FROM search_queue")
    let oldest = row?.optionalInt(1)
    return SearchLag(
      rows: Int(row?.int(0) ?? 0),
      milliseconds: oldest.map { max(0, plan.options.now().milliseconds - $0) } ?? 0)
  }
}

/// The work of indexing.
struct SearchIndexer {
  private let db: Database
  private let plan: StorePlan

  init(_ db: Database, _ plan: StorePlan) {
    self.db = db
    self.plan = plan
  }

  /// What is indexed of a row now.
  private struct Document {
    var number: Int64
    var dot: Dot
  }

  func run(_ limit: Int) throws -> Int {
    let queued = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT entity, id FROM search_queue LIMIT ?"),
      arguments: [limit])
    for entry in queued {
      let row = RowRef(EntityCode(UInt16(truncatingIfNeeded: entry.int(0))), RowID(entry.int(1)))
      guard try index(row) else {
        try SearchTables.startAnew(db, at: plan.options.now())
        return limit
      }
      try db.run(
        "DELETE FROM search_queue WHERE entity = ? AND id = ?", [row.entity.sql, row.id.sql])
    }
    return queued.count
  }

  /// Brings one row's document up to date; false where its old text is not to be had.
  private func index(_ row: RowRef) throws -> Bool {
    guard let column = SearchTables.column(row.entity), let table = plan.tables[row.entity],
      let stored = try db.rawRow(table.selectOne, [row.id.sql]).map({ StoredRow($0) })
    else { return true }
    let state = try stored.state(table, row.id)
    let winner = state.cells[CellKey(column)]?.register?.winner
    let known = try document(row)
    if let known {
      guard known.dot != winner?.stamp.dot else { return true }
      guard let old = try text(at: known.dot, row, CellKey(column)) else { return false }
      try db.run(
        "INSERT INTO search_text(search_text, rowid, text) VALUES ('delete', ?, ?)",
        [known.number.databaseValue, SearchText.indexed(old).databaseValue])
      try db.run(
        "DELETE FROM search_document WHERE document = ?", [known.number.databaseValue])
    }
    guard let winner, let text = winner.value?.text else { return true }
    let ticket =
      row.entity == Desk.ticket ? row.id.rawValue : state.value(CommentColumn.ticket).integer ?? 0
    try db.run(
      "INSERT INTO search_document(entity, id, ticket, slot, seq) VALUES (?, ?, ?, ?, ?)",
      [
        row.entity.sql, row.id.sql, ticket.databaseValue, winner.stamp.dot.slot.sql,
        winner.stamp.dot.seq.sql,
      ])
    try db.run(
      "INSERT INTO search_text(rowid, text) VALUES (?, ?)",
      [db.lastInsertedRowID.databaseValue, SearchText.indexed(text).databaseValue])
    return true
  }

  private func document(_ row: RowRef) throws -> Document? {
    let found = try db.row(
      "SELECT document, slot, seq FROM search_document WHERE entity = ? AND id = ?",
      [row.entity.sql, row.id.sql]
    )
    return found.map {
      Document(
        number: $0.int(0), dot: Dot(Slot(UInt32($0.int(1))), UInt64(bitPattern: $0.int(2))))
    }
  }

  /// The text of a write, from the log: the index keeps no copy, but to take words out of it the
  /// text that went in must be given again.
  private func text(at dot: Dot, _ row: RowRef, _ cell: CellKey) throws -> String? {
    guard let entry = try ReadView(db, plan).delta(dot) else { return nil }
    for change in entry.delta.changes where change.row == row {
      for action in change.actions where action.cell == cell {
        if case .write(let content, _, _) = action.kind { return content.value?.text }
      }
    }
    return nil
  }
}
