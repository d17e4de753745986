// Acts on the ownership of one ticket: take, hand to, send back, stay, move on, hand-off note.

internal import ReplicaCore

extension Decider {
  func decideOwnership(_ command: DeskCommand) throws(Refusal) -> Decision {
    switch command {
    case .publishRoster(let canonical): try publishRoster(canonical)
    case .accept: try accept()
    case .cover(let ticket): try cover(ticket)
    case .take(let ticket, let evenIfForeign):
      try take(ticket, evenIfForeign: evenIfForeign)
    case .handTo(let ticket, let office, let agent, let note):
      try handTo(ticket, office, agent: agent, note: note)
    case .sendBack(let ticket, let note): try sendBack(ticket, note: note)
    case .stay(let ticket, let wakeAt): try stay(ticket, wakeAt: wakeAt)
    case .moveOn(let ticket):
      try move(ticket) {
        $0.mode = .movesOn; $0.wake = nil
      }
    case .handoffNote(let ticket, let text, let nextAction, let promise):
      try handoffNote(ticket, text, nextAction: nextAction, promise: promise)
    case .recordSeen: try recordSeen()
    default: decision([])
    }
  }

  private func take(_ id: RowID, evenIfForeign: Bool) throws(Refusal) -> Decision {
    try requireUser(.edit)
    let state = try openTicket(id)
    let duty = self.duty(of: id, state)
    let owner = duty.view.owner(of: duty.ticket)
    let isOurs = owner.office == actor.office
    guard isOurs || evenIfForeign else { throw .ownership(.foreignTicket(owner: owner.office)) }
    var edit = TicketEdit()
    edit.assignee = .set(actor.user)
    let change = try assign(edit, id, state, duty)
    if isOurs, case .grant = owner.reason, owner.agent == actor.user {
      return decision([change])
    }
    do throws(DutyRefusal) {
      _ = try DutyLaw.mayTake(office: actor.office, in: duty.view)
    } catch {
      // Out of hours an agent may still take up what their own office owns: no grant is needed.
      guard isOurs else { throw refusal(error) }
      return decision([change])
    }
    let touch = change ?? RowChange(RowRef(Desk.ticket, id), [])
    return decision([
      touch, grant(.take, duty, to: actor.office, agent: actor.user, note: nil),
    ])
  }

  private func handTo(
    _ id: RowID, _ office: OfficeID, agent: RowID?, note: String?
  ) throws(Refusal) -> Decision {
    try requireUser(.edit)
    let state = try openTicket(id)
    guard view.offices.isKnown(office) else { throw .ownership(.unknownOffice(office)) }
    try checkNote(note)
    let duty = self.duty(of: id, state)
    _ = try lawful { () throws(DutyRefusal) in
      try DutyLaw.mayHandOn(
        office: actor.office, ticket: duty.ticket, to: office, in: duty.view)
    }
    var edit = TicketEdit()
    if let agent {
      edit.assignee = .set(agent)
      let theirs = UserState(view.row(Desk.user, agent)).office
      guard theirs == office else {
        throw .invalid([
          FieldProblem(
            "assignee_id", .invalidValue,
            "assignee_id: user \(agent) is not of \(office); name an agent of that office")
        ])
      }
    }
    let change = try assign(edit, id, state, duty) ?? RowChange(RowRef(Desk.ticket, id), [])
    return decision([change, grant(.handTo, duty, to: office, agent: agent, note: note)])
  }

  private func sendBack(_ id: RowID, note: String?) throws(Refusal) -> Decision {
    try requireUser(.edit)
    let state = try openTicket(id)
    try checkNote(note)
    let duty = self.duty(of: id, state, earlier: true)
    let receiver = try lawful { () throws(DutyRefusal) in
      try DutyLaw.maySendBack(office: actor.office, ticket: duty.ticket, in: duty.view)
    }
    return decision([
      RowChange(RowRef(Desk.ticket, id), []),
      grant(.sendBack, duty, to: receiver.office, agent: nil, note: note),
    ])
  }

  private func stay(_ id: RowID, wakeAt: Instant?) throws(Refusal) -> Decision {
    if let wakeAt, wakeAt <= context.rosterNow {
      throw .invalid([
        FieldProblem(
          "wake_at", .invalidValue, "wake_at: lies in the past; give a later time or none")
      ])
    }
    return try move(id) {
      $0.mode = .stays
      $0.wake = wakeAt
    }
  }

  private func move(
    _ id: RowID, _ change: (inout Placement) -> Void
  ) throws(Refusal) -> Decision {
    try requireUser(.edit)
    let state = try openTicket(id)
    let duty = self.duty(of: id, state)
    var placement = duty.ticket.placement
    change(&placement)
    guard placement != duty.ticket.placement else { return decision([]) }
    var ticket = TicketEditor(id, state, standing: duty.standing, context: context)
    ticket.row.write(placement)
    return decision([ticket.row.change()])
  }

  private func handoffNote(
    _ id: RowID, _ text: String, nextAction: String?, promise: HandoffPromise?
  ) throws(Refusal) -> Decision {
    try requireUser(.edit)
    let state = try openTicket(id)
    var checks = FieldChecks()
    if let promise { check(promise, &checks) }
    if text.allSatisfy(\.isWhitespace) {
      checks.add("text", .blankValue, "text: cannot be blank; say what was done")
    }
    checks.bytes(text, "text", maximum: DeskLimits.noteBytes)
    checks.bytes(nextAction ?? "", "next_action", maximum: DeskLimits.noteBytes)
    try checks.finish()
    let duty = self.duty(of: id, state)
    let row = context.newID()
    var note = editor(Desk.handoffNote, row)
    note.set(HandoffNoteColumn.ticket, id)
    note.set(HandoffNoteColumn.text, text)
    note.set(HandoffNoteColumn.nextAction, nextAction)
    note.set(HandoffNoteColumn.author, actor.user)
    note.set(HandoffNoteColumn.office, actor.office)
    note.set(HandoffNoteColumn.slotStart, duty.view.slot.start)
    note.set(HandoffNoteColumn.at, context.rosterNow)
    note.set(HandoffNoteColumn.promise, promise?.text)
    note.set(HandoffNoteColumn.promisedTo, promise?.to)
    note.set(HandoffNoteColumn.promisedUntil, promise?.until)
    return decision(
      [
        RowChange(RowRef(Desk.ticket, id), []), note.change(),
        acceptance(byActingOn: duty.ticket, placement: duty.ticket.placement),
      ], created: row)
  }
}

extension Decider {
  private func check(_ promise: HandoffPromise, _ checks: inout FieldChecks) {
    if promise.text.allSatisfy(\.isWhitespace) {
      checks.add(
        "promise.text", .blankValue, "promise.text: cannot be blank; say what was promised")
    }
    checks.bytes(promise.text, "promise.text", maximum: DeskLimits.noteBytes)
    checks.characters(promise.to ?? "", "promise.to", maximum: DeskLimits.nameCharacters)
    if promise.until <= context.rosterNow {
      checks.add(
        "promise.until", .invalidValue, "promise.until: lies in the past; give a later time")
    }
  }

  /// A ticket that is neither deleted nor closed.
  private func openTicket(_ id: RowID) throws(Refusal) -> RowState {
    let state = try liveTicket(id)
    try checkNotClosed(state)
    return state
  }

  private func checkNote(_ note: String?) throws(Refusal) {
    var checks = FieldChecks()
    checks.bytes(note ?? "", "note", maximum: DeskLimits.noteBytes)
    try checks.finish()
  }

  private func assign(
    _ edit: TicketEdit, _ id: RowID, _ state: RowState, _ duty: Duty
  ) throws(Refusal) -> RowChange? {
    var checks = FieldChecks()
    var edit = edit
    // A grant holds in the ticket's group only: assigning must not move it to another here.
    if state.value(TicketColumn.group).isNull { edit.group = .clear }
    var ticket = TicketEditor(id, state, standing: duty.standing, context: context)
    apply(edit, to: &ticket, &checks)
    try checks.finish()
    _ = replace(ticket: &ticket, facts: duty.ticket, customerWrites: false)
    return ticket.row.change()
  }

  private func grant(
    _ kind: OwnershipGrant.Kind, _ duty: Duty, to office: OfficeID, agent: RowID?, note: String?
  ) -> RowChange? {
    var row = editor(Desk.grant, context.newID())
    row.set(GrantColumn.ticket, duty.ticket.id)
    row.set(GrantColumn.kind, kind.rawValue)
    row.set(GrantColumn.office, office)
    row.set(GrantColumn.agent, agent)
    row.set(GrantColumn.roster, duty.view.slot.roster)
    row.set(GrantColumn.slotStart, duty.ticket.grantSlotStart(in: duty.view.slot))
    row.set(GrantColumn.at, context.rosterNow)
    row.set(GrantColumn.note, note)
    row.set(GrantColumn.chain, .integer(duty.ticket.nextChain))
    row.set(GrantColumn.group, duty.ticket.placement.group)
    return row.change()
  }
}
