// What a shift report asks: the deltas made in a stretch of time, promises, who holds how much.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

extension ReadView {
  /// Deltas of one slot after a seq, in order, void ones included; at most `limit`.
  package func log(of slot: Slot, after seq: UInt64, limit: Int) throws -> [HistoryEntry] {
    try entries(
      "WHERE slot = ? AND seq > ? ORDER BY seq LIMIT ?",
      [slot.sql, seq.sql, Int64(limit).databaseValue])
  }

  /// Deltas made in a stretch of time, in this node's apply order, void ones included and imports
  /// left out; one more than `limit` where there are more.
  ///
  /// A delta is applied here after it was made, but for the error of clocks: the search begins
  /// with what was applied an hour before `from`.
  package func log(from: Instant, to: Instant, limit: Int) throws -> [HistoryEntry] {
    let first = try appliedNumber(before: from + -3_600_000)
    return try entries(
      "WHERE apply_no > ? AND hlc >= ? AND hlc < ? ORDER BY apply_no",
      [first.databaseValue, Self.stamp(from), Self.stamp(to)], limit: limit + 1, imports: false)
  }

  private static func stamp(_ instant: Instant) -> DatabaseValue {
    HLC(milliseconds: UInt64(max(0, instant.milliseconds))).rawValue.sql
  }

  /// Deltas by what follows the table of the log in a statement. Imports are known by the head of a
  /// delta, which costs a part of reading it.
  func entries(
    _ condition: String, _ arguments: [DatabaseValue], limit: Int = .max, imports: Bool = true
  ) throws -> [HistoryEntry] {
    let rows = try db.rows(
      "SELECT apply_no, slot, seq, body, personal, void FROM log \(condition)", arguments)
    var result: [HistoryEntry] = []
    while result.count < limit, let row = try rows.next() {
      let (dot, body) = (row.dot(1), row.bytes(3))
      do {
        if !imports, try DeltaCodec.decodeHeader(body: body).via == .imported { continue }
        result.append(
          HistoryEntry(
            delta: try DeltaCodec.decode(body: body, personal: row.bytes(4)),
            void: row.text(5), applied: row.int(0)))
      } catch { throw StoreError.unreadable(dot, error) }
    }
    return result
  }

  /// Tickets of a group that are solved or closed, and became so at an instant or later, at most so
  /// many. They are found by the index of the last change: it costs what changed since.
  package func ticketsDone(in group: RowID, since: Instant, limit: Int) throws -> [RowID] {
    let rows = try db.rows(
      """
      SELECT id FROM ticket WHERE updated_ms >= ? AND status_ms >= ? AND +status_rank >= ?
      AND +place_group = ? AND +deleted IS NOT 1 ORDER BY updated_ms LIMIT ?
      """,
      [
        since.milliseconds.databaseValue, since.milliseconds.databaseValue,
        TicketDerivation.rank(status: "solved").databaseValue, group.sql,
        Int64(limit).databaseValue,
      ])
    var ids: [RowID] = []
    while let row = try rows.next() { ids.append(RowID(row.int(0))) }
    return ids
  }

  /// Hand-off notes whose promise was due in a stretch of roster time, by that time.
  package func promises(
    from: Instant, to: Instant, limit: Int
  ) throws -> [(RowID, RowState)] {
    try full(
      Desk.handoffNote,
      "WHERE promised_until >= ? AND promised_until < ? ORDER BY promised_until, id LIMIT ?",
      [
        from.milliseconds.databaseValue, to.milliseconds.databaseValue,
        Int64(limit).databaseValue,
      ]
    ).map { ($0.id, $0.state) }
  }

  /// Open tickets that were due in a stretch of time, by that time.
  package func openTickets(dueFrom from: Instant, to: Instant, limit: Int) throws -> [RowID] {
    let rows = try db.rows(
      """
      SELECT id FROM ticket WHERE is_open = 1 AND due_at >= ? AND due_at < ?
      ORDER BY due_at, id LIMIT ?
      """,
      [
        from.milliseconds.databaseValue, to.milliseconds.databaseValue,
        Int64(limit).databaseValue,
      ])
    var found: [RowID] = []
    while let row = try rows.next() { found.append(RowID(row.int(0))) }
    return found
  }

  /// Open tickets that are assigned to any of these users, by id. Costs what is open, not what they
  /// ever had.
  package func openTickets(assignedTo users: [RowID], limit: Int) throws -> [RowID] {
    let rows = try db.rows(
      """
      SELECT id FROM ticket WHERE is_open = 1
      AND +assignee_id IN (SELECT value FROM json_each(?)) ORDER BY +id LIMIT ?
      """, [users.json, Int64(limit).databaseValue])
    var found: [RowID] = []
    while let row = try rows.next() { found.append(RowID(row.int(0))) }
    return found
  }

  /// Assignee → open tickets. Costs what is open.
  package func openTicketsByAssignee() throws -> [RowID: Int] {
    let rows = try db.rows(
      """
      SELECT assignee_id, count(*) FROM ticket WHERE is_open = 1 AND +assignee_id IS NOT NULL
      GROUP BY +assignee_id
      """)
    var found: [RowID: Int] = [:]
    while let row = try rows.next() { found[RowID(row.int(0))] = Int(row.int(1)) }
    return found
  }

  /// When a person of the desk last said something publicly on a ticket, or solved it, in a stretch
  /// of time; nil where nobody did.
  package func publicWord(on ticket: RowID, from: Instant, to: Instant) throws -> Instant? {
    let word = try db.number(
      """
      SELECT min(c.created_ms) FROM comment c
      LEFT JOIN user u ON u.id = c.author_id
      WHERE c.ticket_id = ? AND c.public = 1 AND c.created_ms >= ? AND c.created_ms < ?
      AND ifnull(u.role, '') <> 'end-user'
      """,
      [ticket.sql, from.milliseconds.databaseValue, to.milliseconds.databaseValue])
    return word.map { Instant(milliseconds: $0) }
  }
}
