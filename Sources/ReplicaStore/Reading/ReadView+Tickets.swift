// Tickets, their comments and their history.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

extension ReadView {
  /// A ticket, deleted or not; nil where there is none.
  package func ticket(_ id: RowID) throws -> TicketRecord? {
    try full(Desk.ticket, id: id).map(ticket)
  }

  /// Tickets by ids, in their order; those that are missing are left out.
  package func tickets(_ ids: [RowID]) throws -> [TicketRecord] {
    try full(Desk.ticket, ids: ids).map(ticket)
  }

  func ticket(_ row: FullRow) throws -> TicketRecord {
    var ticket = TicketRecord(id: row.id, status: row.text(TicketColumn.status) ?? "new")
    ticket.subject = row.text(TicketColumn.subject)
    if let first = try firstComment(row.id) {
      ticket.description = first.text(0)
      ticket.isDescriptionPublic = first.int(1) == 1
      ticket.isPublic = try ticket.isDescriptionPublic || hasPublicComment(row.id)
    }
    ticket.priority = row.text(TicketColumn.priority)
    ticket.type = row.text(TicketColumn.type)
    ticket.requester = row.id(TicketColumn.requester)
    ticket.submitter = row.id(TicketColumn.submitter)
    ticket.assignee = row.id(TicketColumn.assignee)
    ticket.group = row.id(TicketColumn.group)
    ticket.organization = row.id(TicketColumn.organization)
    ticket.externalID = row.text(TicketColumn.externalID)
    ticket.problem = row.id(TicketColumn.problem)
    if ticket.type == "problem" { ticket.hasIncidents = try hasIncidents(row.id) }
    ticket.mergedInto = row.id(TicketColumn.mergedInto)
    ticket.originalSolved = row.instant(TicketColumn.originalSolved)
    ticket.recipient = row.text(TicketColumn.recipient)
    ticket.dueAt = row.instant(TicketColumn.dueAt)
    ticket.tags = row.texts(TicketColumn.tags)
    ticket.collaborators = row.state.elements(TicketColumn.collaborators).compactMap {
      $0.integer.map { RowID($0) }
    }
    for (cell, state) in row.state.cells where cell.column == TicketColumn.fields {
      guard let value = state.register?.winner?.value, !value.isNull else { continue }
      ticket.fields[RowID(cell.key)] = value
    }
    ticket.placement = row.text(TicketColumn.placement)
    ticket.deleted = row.flag(TicketColumn.deleted)
    ticket.createdAt = row.created
    ticket.statusSince = TicketDerivation.statusSince(row.state)
    ticket.assignedAt = row.since(TicketColumn.assignee)
    ticket.updatedAt = row.updated
    ticket.applied = row.book.applied
    ticket.appliedAt = try moment(of: row.book.applied)
    ticket.via = row.via
    return ticket
  }

  private func hasIncidents(_ problem: RowID) throws -> Bool {
    try db.row(
      "SELECT 1 FROM ticket WHERE problem_id = ? AND deleted IS NOT 1 LIMIT 1", [problem.sql])
      != nil
  }

  /// Its body, and whether it is public.
  private func firstComment(_ ticket: RowID) throws -> Row? {
    try db.row(
      "SELECT body, public FROM comment WHERE ticket_id = ? ORDER BY created_ms, id LIMIT 1",
      [ticket.sql])
  }

  private func hasPublicComment(_ ticket: RowID) throws -> Bool {
    try db.row(
      "SELECT 1 FROM comment WHERE ticket_id = ? AND public = 1 LIMIT 1", [ticket.sql]) != nil
  }

  /// The wall time at which this node applied a delta; zero where nothing tells.
  package func moment(of applied: Int64) throws -> Instant {
    let found = try db.number(
      "SELECT at_ms FROM moment WHERE apply_no >= ? ORDER BY apply_no LIMIT 1",
      [applied.databaseValue])
    return Instant(milliseconds: found ?? 0)
  }

  /// The comments of a ticket, oldest first, private ones included.
  package func comments(_ ticket: RowID) throws -> [CommentRecord] {
    try full(Desk.comment, "WHERE ticket_id = ? ORDER BY created_ms, id", [ticket.sql]).map(
      comment)
  }

  /// A page of the comments of a ticket, oldest or newest first, private ones included. Throws
  /// `badCursor`, `beyondOffsetLimit`.
  package func comments(
    _ ticket: RowID, ascending: Bool, _ page: PageRequest
  ) throws -> Page<CommentRecord> {
    let order = "comments of \(ticket) \(ascending ? "asc" : "desc")"
    let window = try PageWindow(page, order: order)
    let isUp = ascending != window.isBackward
    var (beyond, arguments) = ("", [ticket.sql])
    if let cursor = window.cursor {
      beyond = "AND (created_ms, id) \(isUp ? ">" : "<") (?, ?)"
      arguments += [cursor.key.databaseValue, cursor.id.sql]
    }
    let direction = isUp ? "ASC" : "DESC"
    arguments += [Int64(window.size + 1).databaseValue, Int64(window.skip).databaseValue]
    let found = try full(
      Desk.comment,
      """
      WHERE ticket_id = ? \(beyond) ORDER BY created_ms \(direction), id \(direction)
      LIMIT ? OFFSET ?
      """, arguments
    ).map(comment)
    return window.page(
      found.map { (row: $0, key: $0.createdAt.milliseconds, id: $0.id) }, order: order,
      count: window.isOffset ? try countComments(ticket) : nil)
  }

  /// How many comments a ticket has.
  package func countComments(_ ticket: RowID) throws -> Int {
    Int(try db.number("SELECT count(*) FROM comment WHERE ticket_id = ?", [ticket.sql]) ?? 0)
  }

  package func comment(_ id: RowID) throws -> CommentRecord? {
    try full(Desk.comment, id: id).map(comment)
  }

  /// The newest comment of a ticket; nil where there is none.
  package func lastComment(_ ticket: RowID) throws -> CommentRecord? {
    try full(
      Desk.comment, "WHERE ticket_id = ? ORDER BY created_ms DESC, id DESC LIMIT 1", [ticket.sql]
    ).first.map(comment)
  }

  private func comment(_ row: FullRow) -> CommentRecord {
    CommentRecord(
      id: row.id, ticket: row.id(CommentColumn.ticket) ?? .none,
      author: row.id(CommentColumn.author) ?? .none,
      isPublic: row.flag(CommentColumn.isPublic), body: row.text(CommentColumn.body) ?? "",
      htmlBody: row.text(CommentColumn.htmlBody), createdAt: row.created, via: row.via,
      dot: row.dot(CommentColumn.ticket))
  }

  /// The deltas that named a row, in this node's apply order, void ones included.
  ///
  /// - Parameters:
  ///   - after: only those applied after this number.
  ///   - last: none applied after this number.
  ///   - limit: at most so many; nil for all.
  package func history(
    _ row: RowRef, after: Int64 = 0, upTo last: Int64 = .max, limit: Int? = nil
  ) throws -> [HistoryEntry] {
    let rows = try db.rows(
      """
      SELECT l.apply_no, l.slot, l.seq, l.body, l.personal, l.void
      FROM subject s JOIN log l ON l.apply_no = s.apply_no
      WHERE s.entity = ? AND s.id = ? AND s.apply_no > ? AND s.apply_no <= ?
      ORDER BY s.apply_no LIMIT ?
      """,
      [
        row.entity.sql, row.id.sql, after.databaseValue, last.databaseValue,
        Int64(limit ?? -1).databaseValue,
      ])
    var result: [HistoryEntry] = []
    while let found = try rows.next() {
      let dot = found.dot(1)
      let delta = try decode(dot, body: found.bytes(3), personal: found.bytes(4))
      result.append(HistoryEntry(delta: delta, void: found.text(5), applied: found.int(0)))
    }
    return result
  }

  /// One delta of the log; nil where it is not here.
  package func delta(_ dot: Dot) throws -> HistoryEntry? {
    let found = try db.row(
      "SELECT apply_no, body, personal, void FROM log WHERE slot = ? AND seq = ?",
      [dot.slot.sql, dot.seq.sql]
    )
    guard let found else { return nil }
    let delta = try decode(dot, body: found.bytes(1), personal: found.bytes(2))
    return HistoryEntry(delta: delta, void: found.text(3), applied: found.int(0))
  }

  private func decode(_ dot: Dot, body: [UInt8], personal: [UInt8]) throws -> Delta {
    do {
      return try DeltaCodec.decode(body: body, personal: personal)
    } catch { throw StoreError.unreadable(dot, error) }
  }

  /// The merge states of rows of any known entity, in the order of the ids.
  package func rows(_ entity: EntityCode, _ ids: [RowID]) throws -> [(RowID, RowState)] {
    try full(entity, ids: ids).map { ($0.id, $0.state) }
  }

  /// All rows of a (small) entity, by id.
  package func rows(_ entity: EntityCode) throws -> [(RowID, RowState)] {
    try full(entity, "ORDER BY id").map { ($0.id, $0.state) }
  }

  /// Rows whose integer column shows at least a value, at most `newest` of the greatest; quick
  /// where the column is indexed.
  package func rows(
    _ entity: EntityCode, column: UInt16, from least: Int64, newest: Int
  ) throws -> [(RowID, RowState)] {
    guard let name = try table(entity).column(column) else {
      throw StoreError.badQuery("entity \(entity.rawValue) has no column \(column)")
    }
    return try full(
      entity, "WHERE \(name) >= ? ORDER BY \(name) DESC LIMIT ?",
      [least.databaseValue, Int64(newest).databaseValue]
    ).map { ($0.id, $0.state) }
  }

  /// The ids of rows whose register shows a value, in order; quick where the column is indexed.
  package func ids(
    _ entity: EntityCode, column: UInt16, equals value: Value
  ) throws -> [RowID] {
    let table = try table(entity)
    guard let name = table.column(column) else {
      throw StoreError.badQuery("entity \(entity.rawValue) has no column \(column)")
    }
    let rows = try db.rows(table.lookup(name), [value.sql])
    var found: [RowID] = []
    while let row = try rows.next() { found.append(RowID(row.int(0))) }
    return found
  }

  /// Rows whose register shows a value; quick where the column is indexed.
  package func rows(
    _ entity: EntityCode, column: UInt16, equals value: Value
  ) throws -> [(RowID, RowState)] {
    guard let name = try table(entity).column(column) else {
      throw StoreError.badQuery("entity \(entity.rawValue) has no column \(column)")
    }
    return try full(entity, "WHERE \(name) = ? ORDER BY id", [value.sql]).map {
      ($0.id, $0.state)
    }
  }
}
