// Exports in this node's apply order: late deltas of another office are never missed.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

extension ReadView {
  /// Tickets, deleted ones included, behind a place in the order of their last deltas.
  package func incrementalTickets(
    after place: AppliedPlace, limit: Int
  ) throws -> [TicketRecord] {
    try incremental(Desk.ticket, place, limit).map(ticket)
  }

  /// Users, deleted ones included, behind a place in that order, with the apply number of each.
  package func incrementalUsers(
    after place: AppliedPlace, limit: Int
  ) throws -> [(applied: Int64, user: UserRecord)] {
    let rows = try incremental(Desk.user, place, limit)
    return zip(rows, everyUser(of: rows)).map { ($0.book.applied, $1) }
  }

  /// Organizations, deleted ones included, behind a place in that order, with the apply number of
  /// each.
  package func incrementalOrganizations(
    after place: AppliedPlace, limit: Int
  ) throws -> [(applied: Int64, organization: OrganizationRecord)] {
    let rows = try incremental(Desk.organization, place, limit)
    return zip(rows, everyOrganization(of: rows)).map { ($0.book.applied, $1) }
  }

  /// One delta may have touched several rows, so that a number alone is no place to go on from.
  private func incremental(
    _ entity: EntityCode, _ place: AppliedPlace, _ limit: Int
  ) throws -> [FullRow] {
    try full(
      entity, "WHERE (applied_no, id) > (?, ?) ORDER BY applied_no, id LIMIT ?",
      [place.applied.databaseValue, place.id.sql, Int64(limit).databaseValue])
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
  /// left out. What came in a snapshot counts with the seconds up to its installation.
  package func appliedNumber(before instant: Instant) throws -> Int64 {
    if let first = try firstCommit(at: instant) {
      let before = "SELECT max(apply_no) FROM moment WHERE apply_no < ?"
      return try db.number(before, [first.databaseValue]) ?? 0
    }
    return try db.number("SELECT max(apply_no) FROM moment") ?? 0
  }

  /// The number of the first commit at an instant or later; nil where there is none.
  package func firstCommit(at instant: Instant) throws -> Int64? {
    try db.number(MomentTable.firstCommit, [instant.milliseconds.databaseValue])
  }
}
