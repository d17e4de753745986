// Imports keep their own dates and states; the desk's rules of transition do not apply to them.

internal import ReplicaCore

extension Decider {
  /// Applies one import step. A step whose snapshot is in already changes nothing, so that
  /// running an import twice adds nothing.
  func importTicket(_ step: ImportStep) throws(Refusal) -> Decision {
    try require(.admin)
    var checks = FieldChecks()
    checks.name(step.externalID, "external_id")
    if step.fields.count > DeskLimits.fieldValues {
      checks.add("fields", .tooLong, "fields: at most \(DeskLimits.fieldValues) in one step")
    }
    try checks.finish()
    let present = view.rows(of: Desk.ticket, TicketColumn.externalID, .text(step.externalID))
    guard let id = present.first else { return try open(step) }
    let state = view.row(Desk.ticket, id)
    let cell = CellKey(TicketColumn.fields, key: step.snapshotField.rawValue)
    let applied = Int(state.value(cell).integer ?? 0)
    guard applied < step.to else { return decision([]) }
    guard applied == step.from else { throw Self.outOfOrder(step, applied: applied) }
    var ticket = TicketEditor(id, state, context: context)
    apply(step, to: &ticket)
    _ = replace(ticket: &ticket, facts: facts.ticket(id, state), customerWrites: false)
    return dated(decision([ticket.row.change()]), step)
  }

  private func open(_ step: ImportStep) throws(Refusal) -> Decision {
    guard let opening = step.opening, step.from == 0 else {
      throw Self.outOfOrder(step, applied: 0)
    }
    var checks = FieldChecks()
    guard isKnown(opening.home, "home_office", &checks) else {
      throw .invalid(checks.problems)
    }
    let id = context.newID()
    var ticket = TicketEditor(id, RowState(), context: context)
    ticket.row.set(TicketColumn.externalID, step.externalID)
    ticket.row.set(TicketColumn.subject, opening.subject)
    ticket.row.set(TicketColumn.type, opening.type)
    if step.status == nil { ticket.row.set(TicketColumn.status, TicketStatus.open.rawValue) }
    if actor.user != .none {
      ticket.row.set(TicketColumn.requester, actor.user)
      ticket.row.set(TicketColumn.submitter, actor.user)
    }
    apply(step, to: &ticket)
    _ = place(newTicket: &ticket, home: opening.home)
    let comment = newComment(
      CommentDraft(body: opening.description, isPublic: false), on: id, author: actor.user)
    return dated(decision([ticket.row.change(), comment], created: id), step)
  }

  private func apply(_ step: ImportStep, to ticket: inout TicketEditor) {
    if let status = step.status { ticket.row.set(TicketColumn.status, status) }
    ticket.row.apply(step.priority, to: TicketColumn.priority)
    ticket.row.apply(step.group, to: TicketColumn.group)
    for (field, value) in step.fields.sorted(by: { $0.key < $1.key }) {
      ticket.row.set(TicketColumn.fields, key: field.rawValue, value)
    }
    ticket.row.set(
      TicketColumn.fields, key: step.snapshotField.rawValue, .integer(Int64(step.to)))
  }

  private func dated(_ decision: Decision, _ step: ImportStep) -> Decision {
    var result = decision
    result.occurredAt = step.occurredAt
    result.via = .imported
    return result
  }

  private static func outOfOrder(_ step: ImportStep, applied: Int) -> Refusal {
    .invalid([
      FieldProblem(
        "snapshot", .invalidValue,
        "snapshot: \(step.externalID) stands at snapshot \(applied), the step starts at "
          + "\(step.from); compute the steps again after \(applied)")
    ])
  }
}
