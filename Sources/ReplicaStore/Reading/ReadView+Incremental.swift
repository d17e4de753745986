// Exports in this node's apply order: late deltas of another office are never missed.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

extension ReadView {
  /// Tickets, deleted ones included, whose last delta was applied after a number, in that order.
  package func incrementalTickets(after applied: Int64, limit: Int) throws -> [TicketRecord] {
    try incremental(Desk.ticket, applied, limit).map(ticket)
  }

  /// Users whose last delta was applied after a number, with that number.
  package func incrementalUsers(
    after applied: Int64, limit: Int
  ) throws -> [(applied: Int64, user: UserRecord)] {
    try incremental(Desk.user, applied, limit).compactMap { row in
      try user(row.id).map { (row.book.applied, $0) }
    }
  }

  /// Organizations whose last delta was applied after a number, with that number.
  package func incrementalOrganizations(
    after applied: Int64, limit: Int
  ) throws -> [(applied: Int64, organization: OrganizationRecord)] {
    try incremental(Desk.organization, applied, limit).compactMap { row in
      try organization(row.id).map { (row.book.applied, $0) }
    }
  }

  private func incremental(
    _ entity: EntityCode, _ applied: Int64, _ limit: Int
  ) throws -> [FullRow] {
    try full(
      entity, "WHERE applied_no > ? ORDER BY applied_no LIMIT ?",
      [applied.databaseValue, Int64(limit).databaseValue])
  }

  /// Deltas of all slots applied after a number, in apply order, void ones included.
  package func log(after applied: Int64, limit: Int) throws -> [HistoryEntry] {
    let rows = try db.rows(
      """
      SELECT apply_no, slot, seq, body, personal, void FROM log
      WHERE apply_no > ? ORDER BY apply_no LIMIT ?
      """, [applied.databaseValue, Int64(limit).databaseValue])
    var result: [HistoryEntry] = []
    while let row = try rows.next() {
      let dot = row.dot(1)
      do {
        result.append(
          HistoryEntry(
            delta: try DeltaCodec.decode(body: row.bytes(3), personal: row.bytes(4)),
            void: row.text(5), applied: row.int(0)))
      } catch { throw StoreError.unreadable(dot, error) }
    }
    return result
  }

  /// The number of the last delta that was applied here before an instant; 0 before the first.
  package func appliedNumber(before instant: Instant) throws -> Int64 {
    try db.number(
      "SELECT max(apply_no) FROM moment WHERE at_ms < ?", [instant.milliseconds.databaseValue])
      ?? 0
  }
}
