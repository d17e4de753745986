// A batch asks the tables once for what its verdicts would ask them delta by delta.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

extension WriteTransaction {
  /// What a verdict on a ticket looks up by the ticket.
  private static let byTicket = [
    (Desk.grant, GrantColumn.ticket), (Desk.acceptance, AcceptanceColumn.ticket),
  ]

  /// Reads the rows that deltas change, and the grants and acceptances of their tickets. It saves
  /// time alone: what is not read here is read when it is asked for.
  func readAhead(of deltas: [Delta]) throws {
    guard deltas.count > 1 else { return }
    var named: [EntityCode: Set<RowID>] = [:]
    for change in deltas.lazy.flatMap(\.changes) {
      named[change.row.entity, default: []].insert(change.row.id)
    }
    let tickets = (named[Desk.ticket] ?? []).sorted()
    for (entity, column) in Self.byTicket {
      named[entity, default: []].formUnion(try lookAhead(entity, column, tickets))
    }
    for (entity, ids) in named {
      if let table = plan.tables[entity] { try load(ids, of: entity, from: table) }
    }
  }

  /// Fills the lookups of a column by these ids; returns the rows found.
  private func lookAhead(
    _ entity: EntityCode, _ column: UInt16, _ ids: [RowID]
  ) throws -> [RowID] {
    guard let table = plan.tables[entity], let name = table.column(column) else { return [] }
    func lookup(_ id: Int64) -> Lookup { Lookup(sql: table.lookup(name), value: .integer(id)) }
    let unknown = ids.filter { lookups[lookup($0.rawValue)] == nil }
    for id in unknown { lookups[lookup(id.rawValue)] = [] }
    let rows = try db.rows(
      """
      SELECT \(name), id FROM \(table.name)
      WHERE \(name) IN (SELECT value FROM json_each(?)) ORDER BY id
      """, [unknown.json])
    var found: [RowID] = []
    while let row = try rows.next() {
      found.append(RowID(row.int(1)))
      lookups[lookup(row.int(0))]?.append(RowID(row.int(1)))
    }
    return found
  }

  private func load(_ ids: Set<RowID>, of entity: EntityCode, from table: ReadTable) throws {
    var missing = ids.filter { cache[RowRef(entity, $0)] == nil }
    for row in try db.rawRows(table.selectMany, [missing.sorted().json]) {
      let id = RowID(Value(sql: row.values[0]).integer ?? 0)
      missing.remove(id)
      try keep(RowRef(entity, id), table, StoredRow(row, after: 1))
    }
    for id in missing { try keep(RowRef(entity, id), table, nil) }
  }
}
