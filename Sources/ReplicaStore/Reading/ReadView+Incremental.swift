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

  /// Organizations, deleted ones included, whose last delta was applied after a number, with that number.
  package func incrementalOrganizations(
    after applied: Int64, limit: Int
  ) throws -> [(applied: Int64, organization: OrganizationRecord)] {
    let rows = try incremental(Desk.organization, applied, limit)
    return zip(rows, everyOrganization(of: rows)).map { ($0.book.applied, $1) }
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

  /// The number after which everything was applied at an instant or later.
  ///
  /// A clock may have gone back: then what was applied earlier by it comes again, and nothing is
  /// left out. What came in a snapshot has no time of its own and counts with the first commit
  /// after it.
  package func appliedNumber(before instant: Instant) throws -> Int64 {
    if let first = try firstCommit(at: instant) {
      let before = "SELECT max(apply_no) FROM moment WHERE apply_no < ?"
      return try db.number(before, [first.databaseValue]) ?? 0
    }
    return try db.number("SELECT max(apply_no) FROM moment") ?? 0
  }

  /// The number of the first commit at an instant or later; nil where there is none.
  package func firstCommit(at instant: Instant) throws -> Int64? {
    try db.number(
      "SELECT min(apply_no) FROM moment WHERE at_ms >= ?", [instant.milliseconds.databaseValue])
  }
}
