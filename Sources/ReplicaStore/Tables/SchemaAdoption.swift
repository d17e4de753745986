// The read tables follow the schema: what a newer schema brings is taken out of the packed rest.

internal import GRDB
internal import ReplicaCore

/// Brings the read tables to the schema that this release knows.
enum SchemaAdoption {
  /// Makes tables, columns and indexes of the schema, and moves rows that waited for them.
  static func adopt(_ db: Database, _ plan: StorePlan) throws {
    let level = try LocalKey.schemaLevel.number(db) ?? 0
    guard level <= Int64(plan.schema.level) else {
      throw StoreError.newerDatabase(path: plan.options.databasePath)
    }
    for table in plan.ordered {
      let grew = try table.create(db)
      if grew { try repack(db, plan, table) }
      try settle(db, plan, table)
    }
    // The key of `subject` finds the deltas of a row; what somebody has not seen yet asks for the
    // rows of a delta, at every look at a board.
    try db.execute(sql: "CREATE INDEX IF NOT EXISTS subject_delta ON subject(apply_no)")
    if level < Int64(plan.schema.level) {
      try LocalKey.schemaLevel.set(db, Int64(plan.schema.level))
    }
  }

  /// Unpacks and packs each row: cells of columns that were unknown move into their columns.
  private static func repack(_ db: Database, _ plan: StorePlan, _ table: ReadTable) throws {
    var last: Int64 = -1
    while true {
      let page = try Row.fetchAll(
        db, sql: "\(table.selectRows) WHERE id > ? ORDER BY id LIMIT 500", arguments: [last])
      guard let end = page.last else { return }
      last = end.int(0)
      for row in page {
        let id = RowID(row.int(0))
        let stored = StoredRow(row, table: table, offset: 1)
        let state = try stored.state(table, id)
        try RowWriter(db, plan).update(table, id, state, stored)
      }
    }
  }

  /// Moves rows of an entity that was unknown into its table.
  private static func settle(_ db: Database, _ plan: StorePlan, _ table: ReadTable) throws {
    let code = Int64(table.entity.code.rawValue)
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT id, created_ms, updated_ms, applied_no, via, meta FROM unknown_row
        WHERE entity = ?
        """, arguments: [code])
    for row in rows {
      let id = RowID(row.int(0))
      let stored = StoredRow(row, table: .unknown, offset: 1)
      let state = try stored.state(.unknown, id)
      try RowWriter(db, plan).insert(table, id, state, stored.bookkeeping)
    }
    try db.execute(sql: "DELETE FROM unknown_row WHERE entity = ?", arguments: [code])
  }
}
