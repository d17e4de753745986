// Tickets and comments of another desk, with their dates and authors.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DeskImport {
  /// What the rows of a batch refer to, by foreign id.
  struct Known {
    var users: [Int64: RowID] = [:]
    var groups: [Int64: RowID] = [:]
    var organizations: [Int64: RowID] = [:]
    var problems: [Int64: RowID] = [:]
    var tickets: Set<Int64> = []
    var fields: [Int64: RowID] = [:]
  }

  mutating func take(_ entries: [DeskBatch.Entry<ForeignTicket>]) async throws(DeskFailure) {
    var wanted: [DeskBatch.Entry<ForeignTicket>] = []
    for entry in entries {
      if entry.row.isDeleted {
        report.unchanged += 1
        warn(entry.line, "ticket \(entry.row.id) is deleted there")
      } else {
        wanted.append(entry)
      }
    }
    let known = try await known(of: wanted)
    var steps: [Step] = []
    for entry in wanted { steps += self.steps(for: entry, known) }
    try await run(steps)
  }

  /// The ticket with as many of its comments as one delta takes, then the others.
  private mutating func steps(
    for entry: DeskBatch.Entry<ForeignTicket>, _ known: Known
  ) -> [Step] {
    var history = history(of: entry, known)
    let isNew = !known.tickets.contains(entry.row.id)
    let parts = Self.parts(history.comments)
    history.comments = parts.first ?? []
    var whole = Step(line: entry.line, isNew: isNew, command: .importHistory(history))
    if history.comments.count > 1 {
      var least = history
      least.comments = Array(history.comments.prefix(1))
      whole.singly = [Step(line: entry.line, isNew: isNew, command: .importHistory(least))]
      whole.singly += history.comments.dropFirst().map { more([$0], to: entry) }
    }
    var steps = [whole]
    for part in parts.dropFirst() {
      var step = more(part, to: entry)
      if part.count > 1 { step.singly = part.map { more([$0], to: entry) } }
      steps.append(step)
    }
    return steps
  }

  private func more(
    _ comments: [CommentImport], to entry: DeskBatch.Entry<ForeignTicket>
  ) -> Step {
    let origin = origin("ticket", entry.row.id)
    return Step(
      line: entry.line, isNew: false,
      command: .importHistory(
        TicketImport(origin: origin, comments: comments, addsComments: true)),
      isPart: true)
  }

  private mutating func known(
    of entries: [DeskBatch.Entry<ForeignTicket>]
  ) async throws(DeskFailure) -> Known {
    let tickets = entries.map(\.row)
    var known = Known()
    known.users = try await people(
      of: tickets.flatMap { ticket in
        ([ticket.requester, ticket.submitter, ticket.assignee] + ticket.comments.map(\.author))
          .compactMap { id in id.map { ($0, ticket.createdAt) } }
          + ticket.collaborators.map { ($0, ticket.createdAt) }
      })
    known.groups = try await linked("group", Set(tickets.compactMap(\.group)))
    known.organizations = try await rows(
      Desk.organization, OrganizationColumn.origin, "organization",
      Set(tickets.compactMap(\.organization)))
    known.problems = try await problems(Set(tickets.compactMap(\.problem)))
    known.tickets = Set(
      try await rows(Desk.ticket, TicketColumn.origin, "ticket", Set(tickets.map(\.id))).keys)
    known.fields = try await fields(Set(tickets.flatMap(\.fields.keys)))
    return known
  }

  /// Users by foreign id. For those who have not come, a placeholder is made, so that nothing that
  /// they wrote is lost; the user's own row takes its place when it comes.
  private mutating func people(
    of named: [(id: Int64, at: Instant?)]
  ) async throws(DeskFailure) -> [Int64: RowID] {
    let ids = Set(named.map(\.id))
    var users = try await rows(Desk.user, UserColumn.origin, "user", ids)
    let missing = ids.subtracting(users.keys).sorted()
    guard !missing.isEmpty else { return users }
    for id in missing {
      var edit = UserEdit()
      edit.active = false
      edit.tags = [UserImport.placeholderTag]
      let at = named.filter { $0.id == id }.compactMap(\.at).min() ?? now
      let user = UserImport(
        origin: origin("user", id),
        draft: UserDraft(name: "User \(id)", email: nil, role: .endUser, edit: edit),
        createdAt: at, updatedAt: at, isPlaceholder: true)
      users[id] = try await desk.submit(.importUser(user), as: actor).created
    }
    return users
  }

  /// The tickets among these that are problems.
  private func problems(_ ids: Set<Int64>) async throws(DeskFailure) -> [Int64: RowID] {
    let found = try await rows(Desk.ticket, TicketColumn.origin, "ticket", ids)
    let tickets = try await desk.tickets(found.values.sorted())
    let problems = Set(tickets.filter { $0.type == "problem" }.map(\.id))
    return found.filter { problems.contains($0.value) }
  }

  /// Ticket fields by foreign id; what was not imported as a field becomes one of type text.
  mutating func fields(_ ids: Set<Int64>) async throws(DeskFailure) -> [Int64: RowID] {
    guard !ids.isEmpty else { return [:] }
    let keys = Dictionary(
      try await desk.ticketFields().compactMap { field in field.key.map { ($0, field.id) } },
      uniquingKeysWith: min)
    var found: [Int64: RowID] = [:]
    for id in ids.sorted() {
      found[id] = keys[fieldKey(id)]
      guard found[id] == nil else { continue }
      let draft = TicketFieldDraft(title: "Field \(id)", type: "text", key: fieldKey(id))
      found[id] = try await desk.submit(.createTicketField(draft), as: actor).created
    }
    return found
  }

  private mutating func history(
    of entry: DeskBatch.Entry<ForeignTicket>, _ known: Known
  ) -> TicketImport {
    let ticket = entry.row
    var edit = ticket.edit
    edit.requester = ticket.requester.flatMap { known.users[$0] }
    edit.assignee = ticket.assignee.flatMap { known.users[$0] }.map { .set($0) } ?? .clear
    edit.collaborators = ticket.collaborators.compactMap { known.users[$0] }
    if let group = ticket.group {
      edit.group = known.groups[group].map { .set($0) } ?? .keep
      if known.groups[group] == nil { warn(entry.line, "group \(group) is not here") }
    }
    if let organization = ticket.organization {
      edit.organization = known.organizations[organization].map { .set($0) } ?? .keep
      if known.organizations[organization] == nil {
        warn(entry.line, "organization \(organization) is not here")
      }
    }
    if let problem = ticket.problem {
      edit.problem = known.problems[problem].map { .set($0) } ?? .keep
      if known.problems[problem] == nil {
        warn(entry.line, "its problem \(problem) is not here yet; run the import again")
      }
    }
    for (id, value) in ticket.fields {
      if let field = known.fields[id] { edit.fields[field] = value }
    }
    // An old ticket can be found by its old number.
    if edit.externalID == .keep || edit.externalID == .clear {
      edit.externalID = .set(origin("ticket", ticket.id).text)
    }
    return TicketImport(
      origin: origin("ticket", ticket.id), edit: edit,
      submitter: ticket.submitter.flatMap { known.users[$0] }, home: office,
      comments: comments(of: ticket, known), createdAt: ticket.createdAt,
      updatedAt: ticket.updatedAt, solvedAt: ticket.solvedAt)
  }

  private func comments(of ticket: ForeignTicket, _ known: Known) -> [CommentImport] {
    if ticket.comments.isEmpty {
      let text = ticket.description ?? ticket.edit.subject ?? ""
      let body = text.contains { !$0.isWhitespace } ? text : "(no text)"
      return [
        CommentImport(
          draft: CommentDraft(
            body: body, author: (ticket.submitter ?? ticket.requester).flatMap { known.users[$0] }),
          createdAt: ticket.createdAt,
          origin: .description(system: system, ticket: ticket.id))
      ]
    }
    return ticket.comments.map { comment($0, known.users) }
  }

  private func comment(_ comment: ForeignComment, _ users: [Int64: RowID]) -> CommentImport {
    CommentImport(
      draft: CommentDraft(
        body: comment.body, htmlBody: comment.htmlBody, isPublic: comment.isPublic,
        author: comment.author.flatMap { users[$0] }),
      createdAt: comment.createdAt, origin: origin("comment", comment.id))
  }

  /// Comments of one ticket that go into one delta.
  private static var commentsPerDelta: Int { 100 }
  private static var bytesPerDelta: Int { 1 << 20 }

  mutating func take(_ entries: [DeskBatch.Entry<ForeignComment>]) async throws(DeskFailure) {
    let users = try await people(
      of: entries.compactMap { entry in entry.row.author.map { ($0, entry.row.createdAt) } })
    var order: [Int64] = []
    var byTicket: [Int64: [DeskBatch.Entry<ForeignComment>]] = [:]
    for entry in entries {
      if byTicket[entry.row.ticket] == nil { order.append(entry.row.ticket) }
      byTicket[entry.row.ticket, default: []].append(entry)
    }
    var steps: [Step] = []
    for ticket in order {
      let lines = byTicket[ticket] ?? []
      var next = 0
      for part in Self.parts(lines.map { comment($0.row, users) }) {
        var step = add(part, to: ticket, line: lines[next].line)
        if part.count > 1 {
          step.singly = zip(part, lines[next...]).map { add([$0], to: ticket, line: $1.line) }
        }
        steps.append(step)
        next += part.count
      }
    }
    try await run(steps)
  }

  private func add(_ comments: [CommentImport], to ticket: Int64, line: Int) -> Step {
    let origin = origin("ticket", ticket)
    return Step(
      line: line, isNew: false,
      command: .importHistory(
        TicketImport(origin: origin, comments: comments, addsComments: true)))
  }

  /// Comments of one ticket in the pieces that one delta takes.
  private static func parts(_ comments: [CommentImport]) -> [[CommentImport]] {
    var parts: [[CommentImport]] = []
    var bytes = 0
    for comment in comments {
      let size = comment.draft.body.utf8.count + (comment.draft.htmlBody?.utf8.count ?? 0)
      if let last = parts.last, last.count < commentsPerDelta, bytes + size <= bytesPerDelta {
        parts[parts.count - 1].append(comment)
        bytes += size
      } else {
        parts.append([comment])
        bytes = size
      }
    }
    return parts
  }
}
