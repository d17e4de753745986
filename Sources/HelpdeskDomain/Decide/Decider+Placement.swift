// Where a ticket is at home, written in the same delta as what moves it.

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

  func place(newTicket ticket: inout TicketEditor, home: OfficeID) {
  }

  func replace(ticket: inout TicketEditor, after edit: TicketEdit) {
  }

  func standing(of ticket: RowID, _ state: RowState) -> Standing { .outsider }

  func decideOwnership(_ command: DeskCommand) throws(Refusal) -> Decision {
    throw .readOnly(reason: "ownership is not joined yet")
  }
}
