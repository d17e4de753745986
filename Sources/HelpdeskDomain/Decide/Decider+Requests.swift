// What customers may do: ask, answer, and say that it is solved; nothing else, and only in their
// own name.

internal import ReplicaCore

extension Decider {
  func createRequest(_ draft: RequestDraft) throws(Refusal) -> Decision {
    try requireRequester()
    var checks = FieldChecks()
    check(draft.comment, "comment", &checks)
    var edit = TicketEdit()
    edit.subject = draft.subject
    edit.priority = draft.priority
    edit.type = draft.type
    edit.dueAt = draft.dueAt
    edit.fields = draft.fields
    let id = context.newID()
    var ticket = TicketEditor(id, RowState(), context: context)
    applyPlain(edit, to: &ticket, &checks)
    try checks.finish()
    ticket.row.set(TicketColumn.status, TicketStatus.new.rawValue)
    ticket.row.set(TicketColumn.requester, actor.user)
    ticket.row.set(TicketColumn.submitter, actor.user)
    let customer = UserState(view.row(Desk.user, actor.user))
    ticket.row.set(TicketColumn.organization, view.organization(of: customer))
    // Customers belong to no office: the one whose node they came to takes the request.
    let home = view.offices.isKnown(actor.office) ? actor.office : view.offices.order.first
    _ = place(newTicket: &ticket, home: home ?? actor.office)
    let comment = newComment(own(draft.comment), on: id, author: actor.user)
    return decision(
      [ticket.row.change(), comment] + newAttachments(draft.comment, of: comment, on: id),
      created: id)
  }

  func updateRequest(_ id: RowID, _ edit: RequestEdit) throws(Refusal) -> Decision {
    try requireRequester()
    let state = try liveTicket(id)
    // Somebody else's request is as good as none.
    guard state.isRequest(of: actor.user) else {
      throw .notFound(kind: "request", id: id.description)
    }
    try checkNotClosed(state)
    var checks = FieldChecks()
    if let comment = edit.comment { check(comment, "comment", &checks) }
    if edit.solved, state.value(TicketColumn.requester) != .integer(actor.user.rawValue) {
      checks.add("solved", .invalidValue, "solved: only who asked says that it is solved")
    }
    try checks.finish()
    var ticket = TicketEditor(id, state, context: context)
    let status = state.value(TicketColumn.status).text.flatMap(TicketStatus.init(rawValue:))
    if edit.solved {
      ticket.row.set(TicketColumn.status, TicketStatus.solved.rawValue)
    } else if edit.comment != nil, status?.reopensOnReply == true {
      ticket.row.set(TicketColumn.status, TicketStatus.open.rawValue)
    }
    guard edit.comment != nil || !ticket.row.isUnchanged else { return decision([]) }
    _ = replace(
      ticket: &ticket, facts: facts.ticket(id, state), customerWrites: edit.comment != nil)
    var changes = [ticket.row.change(touching: true)]
    if let comment = edit.comment {
      let row = newComment(own(comment), on: id, author: actor.user)
      changes += [row] + newAttachments(comment, of: row, on: id)
    }
    return decision(changes)
  }

  private func own(_ comment: CommentDraft) -> CommentDraft {
    var own = comment
    own.isPublic = true
    own.author = nil
    return own
  }

  private func requireRequester() throws(Refusal) {
    guard !isOperator else {
      throw .forbidden(.role(actor.role, needs: "a user of the desk; act with a user's token"))
    }
    guard actor.role == .endUser || actor.role.mayEdit else {
      throw .forbidden(.role(actor.role, needs: "end-user, agent, lead or admin"))
    }
  }
}

extension RowState {
  /// Whether a ticket is one that this user asked for, or is copied on.
  func isRequest(of user: RowID) -> Bool {
    let id = Value.integer(user.rawValue)
    return value(TicketColumn.requester) == id || elements(TicketColumn.collaborators).contains(id)
  }
}
