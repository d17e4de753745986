// Tickets that come from elsewhere with their history: own dates, own authors, no rule of
// transition, and nothing that a rule or a notice would act on.

internal import ReplicaCore

extension Decider {
  /// Makes the ticket, or brings one that is here up to a newer state of its source. What is here
  /// already changes nothing, so that an import can be run again.
  func importHistory(_ history: TicketImport) throws(Refusal) -> Decision {
    try require(.admin)
    var checks = FieldChecks()
    check(history, &checks)
    try checks.finish()
    let present = history.origin.flatMap {
      view.rows(of: Desk.ticket, TicketColumn.origin, $0.value).first
    }
    if let present { return try extend(present, history) }
    guard !history.addsComments else {
      throw .notFound(kind: "ticket", id: history.origin?.text ?? "")
    }
    return try open(history)
  }

  private func check(_ history: TicketImport, _ checks: inout FieldChecks) {
    checkPast(history.createdAt, "created_at", &checks)
    checkPast(history.updatedAt, "updated_at", &checks)
    checkPast(history.solvedAt, "solved_at", &checks)
    if let created = history.createdAt {
      for (date, field) in [(history.updatedAt, "updated_at"), (history.solvedAt, "solved_at")] {
        if let date, date < created {
          checks.add(field, .invalidValue, "\(field): lies before created_at; mend one of them")
        }
      }
    }
    for (index, comment) in history.comments.enumerated() {
      let field = "comments[\(index)]"
      checkPast(comment.createdAt, "\(field).created_at", &checks)
      check(comment.draft, field, knownAuthor: false, &checks)
      if let author = comment.draft.author { checkExists(author, "\(field).author_id", &checks) }
    }
  }

  /// What happened lies in the past; a later date would stand above everything that comes.
  func checkPast(_ date: Instant?, _ field: String, _ checks: inout FieldChecks) {
    guard let date, date > context.now else { return }
    checks.add(
      field, .invalidValue, "\(field): lies in the future; an import brings what has happened")
  }

  /// Whoever wrote something once may be inactive by now.
  private func checkExists(_ user: RowID, _ field: String, _ checks: inout FieldChecks) {
    if !view.row(Desk.user, user).exists { checks.missing(field, "user", user) }
  }

  private func open(_ history: TicketImport) throws(Refusal) -> Decision {
    var checks = FieldChecks()
    guard let first = history.comments.first else {
      checks.add(
        "comments", .blankValue, "comments: a ticket needs its first comment; give one")
      throw .invalid(checks.problems)
    }
    var edit = history.edit
    let requester = edit.requester ?? first.draft.author ?? actor.user
    if requester != .none { edit.requester = requester }
    if edit.status == nil { edit.status = TicketStatus.open.rawValue }
    let home = importHome(history, &checks)
    let id = context.newID()
    var ticket = TicketEditor(id, RowState(), context: context)
    applyImported(edit, to: &ticket, &checks)
    let submitter = history.submitter ?? first.draft.author ?? requester
    if submitter != .none {
      checkExists(submitter, "submitter_id", &checks)
      ticket.row.set(TicketColumn.submitter, submitter)
    }
    ticket.row.set(TicketColumn.origin, history.origin?.text)
    ticket.row.set(TicketColumn.originalCreated, history.createdAt)
    ticket.row.set(TicketColumn.originalSolved, history.solvedAt)
    try checks.finish()
    _ = place(newTicket: &ticket, home: home)
    var changes = [ticket.row.change()]
    for comment in history.comments {
      changes += imported(comment, on: id, otherwise: requester, date: history.createdAt)
    }
    return dated(decision(changes, created: id), history.updatedAt ?? history.createdAt)
  }

  private func extend(_ id: RowID, _ history: TicketImport) throws(Refusal) -> Decision {
    let state = view.row(Desk.ticket, id)
    // What was deleted here stays so.
    guard !state.value(TicketColumn.deleted).isTrue else { return decision([]) }
    var checks = FieldChecks()
    var ticket = TicketEditor(id, state, context: context)
    let isCurrent = isNotOlder(history.updatedAt, than: RowRef(Desk.ticket, id))
    if !history.addsComments, isCurrent {
      applyImported(history.edit, to: &ticket, &checks)
      if let solved = history.solvedAt {
        ticket.row.set(TicketColumn.originalSolved, solved)
      }
      _ = replace(ticket: &ticket, facts: facts.ticket(id, state), customerWrites: false)
    }
    try checks.finish()
    let fresh = newComments(history.comments, on: id)
    let requester = state.value(TicketColumn.requester).integer.map { RowID($0) } ?? actor.user
    var changes = fresh.flatMap { imported($0, on: id, otherwise: requester, date: nil) }
    guard !changes.isEmpty || !ticket.row.isUnchanged else { return decision([]) }
    changes.insert(ticket.row.change(touching: true), at: 0)
    // Older than what is shown, or nothing but comments: then it is dated by the last of them.
    let last = fresh.compactMap(\.createdAt).max()
    return dated(decision(changes), (isCurrent ? history.updatedAt : nil) ?? last)
  }

  /// Whether nothing happened to the row here after this state of the source. The very state that
  /// is here counts: what it refers to may have come since.
  func isNotOlder(_ date: Instant?, than row: RowRef) -> Bool {
    guard let date, let shown = view.reading.updatedAt(row) else { return true }
    return date >= shown
  }

  /// The comments that are not here yet. The text that stood for the first comment, while only
  /// the ticket itself was known, is that comment; the same words said later are not.
  private func newComments(_ comments: [CommentImport], on ticket: RowID) -> [CommentImport] {
    var known: Set<String> = []
    var descriptions: [String: Instant] = [:]
    for id in view.rows(of: Desk.comment, CommentColumn.ticket, .integer(ticket.rawValue)) {
      let state = view.row(Desk.comment, id)
      guard let origin = state.value(CommentColumn.origin).text else { continue }
      known.insert(origin)
      if origin.contains(ImportOrigin.descriptionMark) {
        let date = state.value(CommentColumn.originalCreated).integer ?? 0
        let text = (state.value(CommentColumn.body).text ?? "").trimmed
        descriptions[text] = Instant(milliseconds: date)
      }
    }
    return comments.filter { comment in
      guard let origin = comment.origin else { return true }
      guard !known.contains(origin.text) else { return false }
      guard let date = descriptions[comment.draft.body.trimmed] else { return true }
      return comment.createdAt.map { ($0 - date).magnitude > Self.descriptionDrift } ?? false
    }
  }

  /// Between a ticket's date and that of its first comment, in milliseconds.
  private static var descriptionDrift: UInt64 { 60_000 }

  /// The comment and its files.
  private func imported(
    _ comment: CommentImport, on ticket: RowID, otherwise author: RowID, date: Instant?
  ) -> [RowChange?] {
    let row = newComment(
      comment.draft, on: ticket, author: comment.draft.author ?? author
    ) { row in
      row.set(CommentColumn.originalCreated, comment.createdAt ?? date)
      row.set(CommentColumn.origin, comment.origin?.text)
    }
    return [row] + newAttachments(comment.draft, of: row, on: ticket)
  }

  private func importHome(_ history: TicketImport, _ checks: inout FieldChecks) -> OfficeID {
    if let home = history.home, isKnown(home, "home_office", &checks) { return home }
    if case .set(let group) = history.edit.group,
      let home = view.row(Desk.group, group).value(GroupColumn.home).text
    {
      return OfficeID(home)
    }
    return actor.office
  }

  /// The ticket as its source has it: any status, people who may be inactive by now.
  private func applyImported(
    _ edit: TicketEdit, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    if let wished = edit.status,
      let status = checks.word(wished, "status", of: TicketStatus.words)
    {
      ticket.row.set(TicketColumn.status, status)
    }
    if let requester = edit.requester {
      checkExists(requester, "requester_id", &checks)
      ticket.row.set(TicketColumn.requester, requester)
    }
    if case .set(let assignee) = edit.assignee { checkExists(assignee, "assignee_id", &checks) }
    ticket.row.apply(edit.assignee, to: TicketColumn.assignee)
    for user in (edit.collaborators ?? []) + edit.addCollaborators {
      checkExists(user, "collaborator_ids", &checks)
    }
    if case .set(let group) = edit.group, !view.row(Desk.group, group).exists {
      checks.missing("group_id", "group", group)
    }
    ticket.row.apply(edit.group, to: TicketColumn.group)
    if case .set(let organization) = edit.organization,
      !view.row(Desk.organization, organization).exists
    {
      checks.missing("organization_id", "organization", organization)
    }
    ticket.row.apply(edit.organization, to: TicketColumn.organization)
    var plain = edit
    plain.fields = [:]
    applyPlain(plain, to: &ticket, &checks)
    for (id, value) in edit.fields.sorted(by: { $0.key < $1.key }) {
      applyImported(value, of: id, to: &ticket, &checks)
    }
  }

  /// A value that was allowed once, such as an option that is gone by now, is kept as it is.
  private func applyImported(
    _ value: Value, of field: RowID, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    let state = view.row(Desk.ticketField, field)
    guard state.exists else { return checks.missing("custom_fields", "ticket field", field) }
    if let text = value.text {
      checks.bytes(text, "custom_fields", maximum: DeskLimits.fieldBytes)
    }
    let type = state.value(TicketFieldColumn.type).text.flatMap(TicketFieldType.init(rawValue:))
    let options = type == .tagger ? TicketFieldOption.all(field: field, state).map(\.value) : []
    ticket.row.set(
      TicketColumn.fields, key: field.rawValue,
      (type ?? .text).normal(value, options: options) ?? value)
  }

  func dated(_ decision: Decision, _ date: Instant?) -> Decision {
    var result = decision
    result.occurredAt = date
    result.via = .imported
    return result
  }
}

extension ImportOrigin {
  /// In the origin of a comment that was made of a ticket's description.
  static let descriptionMark = ":description:"

  /// The origin of the comment that stands for the description of a ticket.
  package static func description(system: String, ticket: Int64) -> ImportOrigin {
    ImportOrigin(text: "\(system)\(descriptionMark)\(ticket)")
  }
}
