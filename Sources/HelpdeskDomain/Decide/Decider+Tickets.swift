// Tickets and their comments: create, update, delete.

internal import ReplicaCore

extension Decider {
  func createTicket(_ draft: TicketDraft) throws(Refusal) -> Decision {
    try requireUser(.edit)
    var checks = FieldChecks()
    check(draft.comment, "comment", &checks)
    var edit = draft.edit
    edit.subject = draft.subject ?? edit.subject
    let requester = edit.requester ?? actor.user
    let submitter = draft.submitter ?? actor.user
    edit.requester = requester
    if edit.organization == .keep,
      let organization = view.organization(of: UserState(view.row(Desk.user, requester)))
    {
      edit.organization = .set(organization)
    }
    if edit.status == nil { edit.status = TicketStatus.new.rawValue }
    if draft.submitter != nil { checkUser(submitter, "submitter_id", &checks) }
    let home = homeOffice(of: draft, &checks)

    let id = context.newID()
    var ticket = TicketEditor(id, RowState(), context: context)
    apply(edit, to: &ticket, &checks)
    ticket.row.set(TicketColumn.submitter, submitter)
    try checks.finish()
    let placement = place(newTicket: &ticket, home: home)
    let born = TicketFacts(
      id: id, placement: placement, epoch: 1, placementDot: context.dot,
      placedAt: context.rosterNow)
    let comment = newComment(draft.comment, on: id, author: draft.comment.author ?? submitter)
    let acceptance = self.acceptance(byActingOn: born, placement: placement)
    let files = newAttachments(draft.comment, of: comment, on: id)
    var result = decision([ticket.row.change(), comment, acceptance] + files, created: id)
    result.occurredAt = draft.occurredAt
    return result
  }

  func updateTicket(_ id: RowID, _ edit: TicketEdit) throws(Refusal) -> Decision {
    try requireUser(edit.isOnlyAComment ? .work : .edit)
    if let comment = edit.comment, comment.isPublic, !actor.role.mayReplyPublicly {
      throw .forbidden(
        .role(actor.role, needs: "agent, lead or admin for a public reply; add a private note"))
    }
    let state = try liveTicket(id)
    try checkUnchanged(id, since: edit.unlessChangedAfter)
    try checkNotClosed(state)
    var checks = FieldChecks()
    if let comment = edit.comment { check(comment, "comment", &checks) }
    let duty = self.duty(of: id, state)
    var ticket = TicketEditor(
      id, state,
      version: edit.version.map { version in
        (version.vector, view.reading.row(RowRef(Desk.ticket, id), within: version.vector))
      }, standing: duty.standing, context: context)
    var full = edit
    let customerWrites = isWrittenByRequester(edit.comment, state)
    if customerWrites { reopen(&full, state) }
    apply(full, to: &ticket, &checks)
    try checks.finish()
    let placement = replace(
      ticket: &ticket, facts: duty.ticket, customerWrites: customerWrites)
    var changes: [RowChange?] = []
    if let comment = edit.comment {
      let row = newComment(comment, on: id, author: comment.author ?? actor.user)
      changes.append(row)
      changes += newAttachments(comment, of: row, on: id)
    }
    if !changes.isEmpty || !ticket.row.isUnchanged {
      changes.insert(ticket.row.change(touching: true), at: 0)
      changes.append(acceptance(byActingOn: duty.ticket, placement: placement))
    }
    var result = decision(changes)
    result.occurredAt = edit.occurredAt
    return result
  }

  func deleteTicket(_ id: RowID) throws(Refusal) -> Decision {
    try requireUser(.edit)
    let state = try liveTicket(id)
    var row = RowEditor(
      RowRef(Desk.ticket, id), state: state, standing: standing(of: id, state), context: context)
    row.set(TicketColumn.deleted, true)
    return decision([row.change()])
  }

  func liveTicket(_ id: RowID) throws(Refusal) -> RowState {
    try live(Desk.ticket, id, deleted: TicketColumn.deleted)
  }

  /// `safe_update`: compares whole seconds, since that is what its caller was shown.
  private func checkUnchanged(_ id: RowID, since stamp: Instant?) throws(Refusal) {
    guard let stamp, let changed = view.reading.updatedAt(RowRef(Desk.ticket, id)),
      changed.seconds > stamp.seconds
    else { return }
    throw .updateConflict(ticket: id, changedAt: changed)
  }

  func checkNotClosed(_ state: RowState) throws(Refusal) {
    guard state.value(TicketColumn.status) == .text(TicketStatus.closed.rawValue) else { return }
    throw .invalid([
      FieldProblem(
        "status", .invalidValue,
        "status: closed prevents ticket update; open a new ticket and name this one in it")
    ])
  }

  private func isWrittenByRequester(_ comment: CommentDraft?, _ state: RowState) -> Bool {
    guard let comment, comment.isPublic,
      let requester = state.value(TicketColumn.requester).integer
    else { return false }
    return (comment.author ?? actor.user).rawValue == requester
  }

  /// A public word of the requester brings a waiting or solved ticket back to the desk.
  private func reopen(_ edit: inout TicketEdit, _ state: RowState) {
    guard edit.status == nil,
      let status = state.value(TicketColumn.status).text.flatMap(TicketStatus.init(rawValue:)),
      status.reopensOnReply
    else { return }
    edit.status = TicketStatus.open.rawValue
  }
}

extension TicketEdit {
  /// Nothing but a private comment: what a light agent may do.
  var isOnlyAComment: Bool {
    var rest = self
    rest.comment = nil
    rest.version = nil
    rest.unlessChangedAfter = nil
    rest.occurredAt = nil
    guard let comment, comment.author == nil else { return false }
    return rest == TicketEdit()
  }
}

/// A ticket's row under change, with its displayed state.
struct TicketEditor {
  let id: RowID
  let state: RowState
  var row: RowEditor

  init(
    _ id: RowID, _ state: RowState, version: (vector: VersionVector, state: RowState)? = nil,
    standing: Standing = .outsider, context: DecisionContext
  ) {
    self.id = id
    self.state = state
    row = RowEditor(
      RowRef(Desk.ticket, id), state: state, version: version, standing: standing,
      context: context)
  }

  /// Whether a column names the row already. Clients send a whole ticket back, and what it keeps is
  /// not looked at: an agent may have left, a group or an option may be gone since.
  func shows(_ id: RowID, in column: UInt16) -> Bool {
    state.value(column) == .integer(id.rawValue)
  }
}

extension Decider {
  func check(
    _ comment: CommentDraft, _ field: String, knownAuthor: Bool = true,
    _ checks: inout FieldChecks
  ) {
    let html = comment.htmlBody ?? ""
    if comment.body.allSatisfy(\.isWhitespace), html.allSatisfy(\.isWhitespace) {
      checks.add(field, .blankValue, "\(field): cannot be blank; give the comment a body")
    }
    checks.bytes(comment.body, "\(field).body", maximum: DeskLimits.bodyBytes)
    checks.bytes(html, "\(field).html_body", maximum: DeskLimits.bodyBytes)
    if knownAuthor, let author = comment.author {
      checkUser(author, "\(field).author_id", &checks)
    }
    checkFiles(of: comment, field, &checks)
  }

  func newComment(
    _ draft: CommentDraft, on ticket: RowID, author: RowID,
    _ more: (inout RowEditor) -> Void = { _ in }
  ) -> RowChange? {
    var row = editor(Desk.comment, context.newID())
    row.set(CommentColumn.ticket, ticket)
    row.set(CommentColumn.author, author)
    row.set(CommentColumn.isPublic, draft.isPublic)
    row.set(CommentColumn.body, draft.body)
    row.set(CommentColumn.htmlBody, draft.htmlBody)
    more(&row)
    return row.change()
  }

  func checkUser(_ id: RowID, _ field: String, _ checks: inout FieldChecks) {
    if !UserState(view.row(Desk.user, id)).isActive { checks.missing(field, "active user", id) }
  }
}
