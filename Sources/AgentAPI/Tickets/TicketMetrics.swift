// How long things took on a ticket, read from its history.

internal import HelpdeskDomain
internal import ReplicaCore

/// The measures of one ticket, in calendar minutes. They follow what this node has applied.
struct TicketMetrics {
  private let ticket: TicketRecord
  private var groups = 0
  private var assignees = 0
  private var reopens = 0
  private var replies = 0
  private var firstReply: Instant?
  private var firstSolved: Instant?
  private var lastSolved: Instant?
  private var assignedFirst: Instant?
  private var assignedLast: Instant?
  private var statusAt: Instant?
  private var assigneeAt: Instant?
  private var requesterAt: Instant?
  private var commentAt: Instant?
  private var status = "new"
  /// When an import's source says that the ticket was solved.
  private var sourceSolved: Instant?
  private var spent: [String: Int64] = [:]

  /// - Parameter now: the time up to which the present status lasts.
  init(_ ticket: TicketRecord, history: [HistoryEntry], now: Instant) {
    self.ticket = ticket
    var trail = AuditTrail(ticket: ticket.id)
    let order = history.filter { $0.void == nil }.sorted {
      let (left, right) = ($0.delta.header, $1.delta.header)
      return left.shownAt == right.shownAt ? left.hlc < right.hlc : left.shownAt < right.shownAt
    }
    var since = ticket.createdAt
    var isFirst = true
    for entry in order {
      let at = entry.delta.header.shownAt
      let told = solvedAt(entry.delta)
      for child in trail.events(of: entry.delta) {
        switch child.event {
        case .comment(_, let cells):
          take(cells, at: cells.originalCreated ?? at, opens: isFirst)
          isFirst = false
        case .create(let field, let value), .change(let field, let value, _):
          let moment = field == "status" ? moment(of: value, told, since: since, at) : at
          if field == "status" { add(since, moment) }
          take(field, value, at: moment)
          if field == "status" { since = moment }
        case .helio, .redaction: break
        }
      }
      // A later import may know the date of what an earlier one brought as solved.
      if let told, told.isNew, Self.isDone(status) {
        firstSolved = min(firstSolved ?? told.at, told.at)
        lastSolved = told.at
      }
    }
    if !Self.isDone(status) { add(since, now) }
  }

  private static func isDone(_ status: String?) -> Bool { status == "solved" || status == "closed" }

  /// When the ticket was solved by what an import's delta, or one before it, says; nil for what is
  /// no import. Such a delta bears the date of the source's last change, which is another.
  private mutating func solvedAt(_ delta: Delta) -> (at: Instant, isNew: Bool)? {
    guard delta.header.via == .imported else { return nil }
    var isNew = false
    for change in delta.changes where change.row == RowRef(Desk.ticket, ticket.id) {
      for action in change.actions where action.cell.column == TicketColumn.originalSolved {
        guard case .write(let content, _, _) = action.kind else { continue }
        sourceSolved = content.value?.integer.map { Instant(milliseconds: $0) }
        isNew = true
      }
    }
    return sourceSolved.map { ($0, isNew) }
  }

  /// When a status was set: the source's date of the solution, where it is about this one.
  private func moment(
    of status: AuditEvent.Shown, _ told: (at: Instant, isNew: Bool)?, since: Instant, _ at: Instant
  ) -> Instant {
    guard case .value(let value) = status, Self.isDone(value.text), let told, told.at >= since
    else { return at }
    return told.at
  }

  private mutating func add(_ from: Instant, _ to: Instant) {
    spent[status] = Self.sum([spent[status] ?? 0, max(0, to - from)])
  }

  /// A delta may claim any time; the sum of many such must not end the node.
  private static func sum(_ times: [Int64]) -> Int64 {
    times.reduce(0) { sum, time in
      let (more, overflow) = sum.addingReportingOverflow(time)
      return overflow ? .max : more
    }
  }

  private mutating func take(_ cells: CommentCells, at: Instant, opens: Bool) {
    commentAt = max(commentAt ?? at, at)
    if cells.author == ticket.requester { requesterAt = max(requesterAt ?? at, at) }
    guard cells.isPublic, !opens, cells.author != ticket.requester else { return }
    replies += 1
    firstReply = min(firstReply ?? at, at)
  }

  private mutating func take(_ field: String, _ value: AuditEvent.Shown, at: Instant) {
    guard case .value(let value) = value else { return }
    switch field {
    case "status":
      let new = value.text ?? status
      if status == "solved", new != "solved", new != "closed" {
        reopens += 1
        lastSolved = nil
      }
      if new == "solved" || (new == "closed" && lastSolved == nil) {
        firstSolved = firstSolved ?? at
        lastSolved = at
      }
      status = new
      statusAt = at
    case "assignee_id" where !value.isNull:
      assignees += 1
      assignedFirst = assignedFirst ?? at
      assignedLast = at
      assigneeAt = at
    case "group_id" where !value.isNull: groups += 1
    default: break
    }
  }

  func write(base: String, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", "\(base)/api/v2/tickets/\(ticket.id)/metrics.json")
      json.field("id", ticket.id)
      json.field("ticket_id", ticket.id)
      json.field("created_at", ticket.createdAt)
      json.field("updated_at", ticket.updatedAt)
      json.field("group_stations", groups)
      json.field("assignee_stations", assignees)
      json.field("reopens", reopens)
      json.field("replies", replies)
      json.field("assignee_updated_at", assigneeAt)
      json.field("requester_updated_at", requesterAt)
      json.field("status_updated_at", statusAt)
      json.field("initially_assigned_at", assignedFirst)
      json.field("assigned_at", assignedLast)
      json.field("solved_at", lastSolved)
      json.field("latest_comment_added_at", commentAt)
      minutes("reply_time_in_minutes", firstReply.map { $0 - ticket.createdAt }, to: &json)
      minutes(
        "first_resolution_time_in_minutes", firstSolved.map { $0 - ticket.createdAt }, to: &json)
      minutes(
        "full_resolution_time_in_minutes", lastSolved.map { $0 - ticket.createdAt }, to: &json)
      minutes("agent_wait_time_in_minutes", spent["pending"] ?? 0, to: &json)
      minutes(
        "requester_wait_time_in_minutes",
        Self.sum(["new", "open", "hold"].map { spent[$0] ?? 0 }), to: &json)
      minutes("on_hold_time_in_minutes", spent["hold"] ?? 0, to: &json)
    }
  }

  /// Business hours are a schedule's affair; here stands the calendar.
  private func minutes(_ name: String, _ milliseconds: Int64?, to json: inout JSONWriter) {
    json.field(
      name,
      object: { json in
        json.field("calendar", milliseconds.map { max(0, $0) / 60_000 })
        json.null("business")
      })
  }
}
