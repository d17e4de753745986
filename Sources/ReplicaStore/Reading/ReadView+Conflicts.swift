// The conflict inbox, and rows that offices made twice apart.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

extension ReadView {
  /// A page of the conflict inbox: rows ordered by entity and id, each with all its conflicts.
  package func conflicts(size: Int = 100, after: String? = nil) throws -> Page<ConflictRecord> {
    let window = try PageWindow(
      .cursor(size: size, after: after, before: nil), order: "conflicts")
    let cursor = window.cursor
    let rows = try db.rows(
      """
      SELECT entity, id FROM conflict WHERE (entity, id) > (?, ?) ORDER BY entity, id LIMIT ?
      """,
      [
        (cursor?.key ?? -1).databaseValue, (cursor?.id ?? .none).sql,
        Int64(window.size + 1).databaseValue,
      ])
    var found: [(row: RowRef, key: Int64, id: RowID)] = []
    while let row = try rows.next() {
      let entity = EntityCode(UInt16(truncatingIfNeeded: row.int(0)))
      found.append((RowRef(entity, RowID(row.int(1))), row.int(0), RowID(row.int(1))))
    }
    let page = window.page(found, order: "conflicts", count: nil)
    return Page(
      rows: try page.rows.flatMap { try conflicts(of: $0) }, hasMore: page.hasMore,
      afterCursor: page.afterCursor)
  }

  /// Rows with conflicts.
  package func countConflicts() throws -> Int {
    Int(try db.number("SELECT count(*) FROM conflict") ?? 0)
  }

  /// The conflicts of one row, by cell.
  package func conflicts(of row: RowRef) throws -> [ConflictRecord] {
    guard let spec = plan.schema.entity(row.entity),
      let state = try rows(row.entity, [row.id]).first?.1
    else { return [] }
    var result: [ConflictRecord] = []
    for (cell, cellState) in state.cells.sorted(by: { $0.key < $1.key }) {
      guard let register = cellState.register, let shown = register.winner else { continue }
      let others = register.conflicts
      guard !others.isEmpty else { continue }
      result.append(
        ConflictRecord(
          row: row, cell: cell, column: spec.column(cell.column)?.name ?? "\(cell.column)",
          shown: shown, shownBy: try author(shown.stamp.dot), others: others,
          othersBy: try others.map { try author($0.stamp.dot) },
          restriction: Restriction(of: row.entity, state)))
    }
    return result
  }

  /// The user who made a delta; none where it is not here.
  package func author(_ dot: Dot) throws -> RowID {
    let body = try db.row(
      "SELECT body FROM log WHERE slot = ? AND seq = ?", [dot.slot.sql, dot.seq.sql]
    )?.bytes(0)
    guard let body else { return .none }
    do {
      return try DeltaCodec.decodeHeader(body: body).actor
    } catch { throw StoreError.unreadable(dot, error) }
  }

  /// Users with one e-mail address, and users, organizations and tickets with one external id.
  package func mergeTasks(limit: Int = 1_000) throws -> [MergeTask] {
    let unique: [(EntityCode, UInt16, String)] = [
      (Desk.user, UserColumn.email, "COLLATE NOCASE"), (Desk.user, UserColumn.externalID, ""),
      (Desk.organization, OrganizationColumn.externalID, ""),
      (Desk.ticket, TicketColumn.externalID, ""),
    ]
    var result: [MergeTask] = []
    for (entity, column, collation) in unique where result.count < limit {
      let table = try table(entity)
      guard let name = table.column(column) else { continue }
      // Grouping reads the index alone; deleted rows are taken out of the few groups found. Groups
      // of deleted rows do not count: an import that was undone and done again leaves many.
      let groups = try db.rows(
        """
        SELECT \(name) FROM \(table.name) WHERE \(name) IS NOT NULL AND \(name) <> ''
        GROUP BY \(name) \(collation) HAVING count(*) > 1 ORDER BY 1
        """)
      var values: [String] = []
      while let row = try groups.next() {
        if let value = row.text(0) { values.append(value) }
      }
      for value in values where result.count < limit {
        let rows = try db.rows(
          """
          SELECT id FROM \(table.name) WHERE \(name) = ? \(collation) AND deleted IS NOT 1
          ORDER BY id
          """, [value.databaseValue])
        var ids: [RowID] = []
        while let row = try rows.next() { ids.append(RowID(row.int(0))) }
        guard ids.count > 1 else { continue }
        result.append(MergeTask(entity: entity, column: column, value: value, rows: ids))
      }
    }
    return result
  }
}
