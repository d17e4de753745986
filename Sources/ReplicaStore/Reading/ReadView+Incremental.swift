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
    return try zip(rows, users(of: rows)).map { ($0.book.applied, $1) }
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
    try entries(
      "WHERE apply_no > ? ORDER BY apply_no LIMIT ?",
      [applied.databaseValue, Int64(limit).databaseValue])
  }

  /// Effective deltas applied after a number that name a row of an entity, in apply order. What
  /// lies between them is passed over by an index, and not decoded.
  package func log(
    naming entity: EntityCode, after applied: Int64, limit: Int
  ) throws -> [HistoryEntry] {
    try entries(
      """
      WHERE apply_no > ? AND void IS NULL AND EXISTS (
        SELECT 1 FROM subject WHERE subject.apply_no = log.apply_no AND entity = ?)
      ORDER BY apply_no LIMIT ?
      """, [applied.databaseValue, entity.sql, Int64(limit).databaseValue])
  }

  /// The number after which everything was applied at an instant or later, by the clock of readers.
  ///
  /// This node's clock may have gone back: then what was applied earlier by it comes again, and
  /// nothing is left out. What came in a snapshot counts with the seconds up to its installation.
  package func appliedNumber(before instant: Instant) throws -> Int64 {
    if let first = try firstCommit(at: instant) {
      let before = "SELECT max(apply_no) FROM moment WHERE apply_no < ?"
      return try db.number(before, [first.databaseValue]) ?? 0
    }
    return try lastMoment() ?? 0
  }

  /// The last number of those that were applied together at the second of an instant, or at the
  /// first later one; nil where there is none.
  package func firstCommit(at instant: Instant) throws -> Int64? {
    guard let last = try lastMoment(), let latest = try readerSecond(of: last),
      latest >= instant.seconds
    else { return nil }
    // These seconds never go back, so the numbers themselves are the index.
    var (low, high) = (Int64(1), last)
    while low < high {
      let middle = low + (high - low) / 2
      if let second = try readerSecond(of: middle), second >= instant.seconds {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return try db.number(
      "SELECT min(apply_no) FROM moment WHERE apply_no >= ?", [low.databaseValue])
  }

  /// The Unix second to which a change belongs for readers by time: no later change has an earlier
  /// one. That of the last change for numbers beyond it; nil where nothing was applied yet.
  package func readerSecond(of applied: Int64) throws -> Int64? {
    try db.number(
      "SELECT read_s FROM moment WHERE apply_no >= ? ORDER BY apply_no LIMIT 1",
      [applied.databaseValue])
      ?? db.number("SELECT read_s FROM moment ORDER BY apply_no DESC LIMIT 1")
  }

  /// The number of the last change of this snapshot; 0 where there is none.
  package func lastApplied() throws -> Int64 {
    try db.number("SELECT max(apply_no) FROM log") ?? 0
  }

  private func lastMoment() throws -> Int64? {
    try db.number("SELECT max(apply_no) FROM moment")
  }
}
