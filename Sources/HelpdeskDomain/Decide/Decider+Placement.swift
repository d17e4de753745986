// Where a ticket belongs is written in the same delta as what moves it.

internal import ReplicaCore

extension Decider {
  /// The home office of a new ticket: the draft's, else the group's, else the actor's.
  func homeOffice(of draft: TicketDraft, _ checks: inout FieldChecks) -> OfficeID {
    if let home = draft.home, isKnown(home, "home_office", &checks) { return home }
    if case .set(let group) = draft.edit.group,
      let home = view.row(Desk.group, group).value(GroupColumn.home).text
    {
      return OfficeID(home)
    }
    return actor.office
  }

  /// The placement of a new ticket: it moves on.
  func place(newTicket ticket: inout TicketEditor, home: OfficeID) -> Placement {
    let placement = Placement(group: ticket.row.group, home: home)
    ticket.row.write(placement)
    return placement
  }

  /// Follows a change of the group; and a staying ticket moves on when it becomes urgent or
  /// when the customer writes, since somebody awake must see it.
  func replace(
    ticket: inout TicketEditor, facts: TicketFacts, customerWrites: Bool
  ) -> Placement {
    var placement = facts.placement
    placement.group = ticket.row.group
    let urgent = Value.text(TicketPriority.urgent.rawValue)
    let becomesUrgent =
      ticket.row.written(TicketColumn.priority) == urgent
      && ticket.state.value(TicketColumn.priority) != urgent
    if placement.mode == .stays, becomesUrgent || customerWrites {
      placement.mode = .movesOn
      placement.wake = nil
    }
    if placement != facts.placement { ticket.row.write(placement) }
    return placement
  }
}

extension RowEditor {
  /// The group after this change; none where there is none.
  fileprivate var group: RowID {
    let value = written(TicketColumn.group) ?? state.value(TicketColumn.group)
    return value.integer.map { RowID($0) } ?? .none
  }

  /// What this change writes into a register; nil where it does not.
  func written(_ column: UInt16) -> Value? {
    RowChange(ref, actions).written(column)
  }
}

/// How the actor's office stands to one ticket at the moment of the act.
struct Duty {
  var ticket: TicketFacts
  /// Offices as the membership log has them: what a person is told.
  let view: OwnershipView
  /// Offices as every node will judge the act.
  let law: OwnershipView
  let standing: Standing
}

extension Decider {
  func duty(of id: RowID, _ state: RowState, earlier: Bool = false) -> Duty {
    let ticket = facts.ticket(id, state)
    let group = ticket.placement.group
    let view = facts.ownership(
      ofGroup: group, at: context.rosterNow, offices: facts.presentOffices, earlier: earlier)
    let law = OwnershipView(
      at: context.rosterNow, table: view.table, board: view.facts,
      offices: facts.namedOffices(ticket, besides: [actor.office]))
    return Duty(ticket: ticket, view: view, law: law, standing: standing(ticket, law))
  }

  /// The owner writes under its token; a node whose clock cannot be trusted claims nothing.
  private func standing(_ ticket: TicketFacts, _ law: OwnershipView) -> Standing {
    guard !isOperator, context.clockDrift == nil else { return .outsider }
    let owner = law.owner(of: ticket)
    guard owner.office == actor.office else { return .outsider }
    return Standing(byOwner: true, fence: owner.token.fence)
  }

  func standing(of id: RowID, _ state: RowState) -> Standing { duty(of: id, state).standing }

  /// The entry by which an act of the office on duty accepts this ticket, where it still waits.
  ///
  /// `placement` is the one after the act.
  func acceptance(byActingOn ticket: TicketFacts, placement: Placement) -> RowChange? {
    guard context.clockDrift == nil, !isOperator, actor.role.mayEdit else { return nil }
    var after = ticket
    if placement != ticket.placement {
      after.placement = placement
      after.placementDot = context.dot
      after.placedAt = context.rosterNow
    }
    let law = facts.ownership(
      ofGroup: placement.group, at: context.rosterNow,
      offices: facts.namedOffices(after, besides: [actor.office]))
    guard law.slot.office == actor.office else { return nil }
    switch law.transit(of: after).status {
    case .notAsked, .accepted: return nil
    case .covered, .waiting, .running, .overdue: break
    }
    var row = acceptanceRow(of: law.slot)
    row.set(AcceptanceColumn.ticket, ticket.id)
    if after.placementDot != context.dot {
      let seen = VersionVector([after.placementDot.slot: after.placementDot.seq])
      row.set(AcceptanceColumn.vector, SeenVector.value(seen))
    }
    return row.change()
  }

  func acceptanceRow(of slot: DutySlot) -> RowEditor {
    var row = editor(Desk.acceptance, context.newID())
    row.set(AcceptanceColumn.office, actor.office)
    row.set(AcceptanceColumn.slotStart, slot.start)
    row.set(AcceptanceColumn.roster, slot.roster)
    row.set(AcceptanceColumn.agent, actor.user)
    row.set(AcceptanceColumn.at, context.rosterNow)
    return row
  }
}
