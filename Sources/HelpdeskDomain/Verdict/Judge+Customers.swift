// What a customer may write: the raw-delta twin of the rules of requests; and what only an import
// may write.

internal import ReplicaCore

extension Judge {
  /// A request of their own, or a word on it.
  func checkRequest(
    _ change: RowChange, _ state: RowState, _ author: Author
  ) throws(VoidReason) {
    let id = Value.integer(author.user.rawValue)
    guard state.exists else {
      guard change.written(TicketColumn.requester) == id,
        change.written(TicketColumn.submitter) == id,
        change.text(TicketColumn.status) == TicketStatus.new.rawValue,
        change.onlyWrites(Self.columnsOfRequest)
      else { throw .role }
      let user = UserState(view.row(Desk.user, author.user))
      let written = change.integer(TicketColumn.organization)
      // A deleted one is nobody's; what was written before that rule stays.
      guard
        written == view.organization(of: user)?.rawValue
          || written == user.organization?.rawValue
      else { throw .role }
      return
    }
    guard state.isRequest(of: author.user) else { throw .role }
    guard !change.actions.isEmpty else { return }
    guard !state.isClosed, change.onlyWrites([TicketColumn.status, TicketColumn.placement]) else {
      throw .role
    }
    guard change.writes(TicketColumn.status) else { return }
    switch change.text(TicketColumn.status) {
    case TicketStatus.open.rawValue: return
    case TicketStatus.solved.rawValue:
      guard state.value(TicketColumn.requester) == id else { throw .role }
    default: throw .role
    }
  }

  private static var columnsOfRequest: Set<UInt16> {
    [
      TicketColumn.subject, TicketColumn.status, TicketColumn.priority, TicketColumn.type,
      TicketColumn.requester, TicketColumn.submitter, TicketColumn.organization,
      TicketColumn.dueAt, TicketColumn.placement, TicketColumn.fields,
    ]
  }

  /// A public word in their own name, on a request of their own.
  func checkCustomerComment(_ change: RowChange, _ author: Author) throws(VoidReason) {
    guard let ticket = change.integer(CommentColumn.ticket) else { throw .incomplete }
    guard change.integer(CommentColumn.isPublic) == 1,
      change.integer(CommentColumn.author) == author.user.rawValue
    else { throw .role }
    let ref = RowRef(Desk.ticket, RowID(ticket))
    let isNew = delta.changes.contains {
      $0.row == ref && $0.written(TicketColumn.requester) == .integer(author.user.rawValue)
    }
    let state = view.row(ref)
    guard isNew || (state.isRequest(of: author.user) && !state.isClosed) else { throw .role }
  }

  /// Dates and names of other systems come by imports alone, and so does the date that a whole delta
  /// shows in the place of its stamp.
  func checkImportColumns(_ change: RowChange, _ author: Author) throws(VoidReason) {
    let columns = Desk.importColumns(of: change.row.entity)
    guard delta.header.occurredAt != nil || columns.contains(where: change.writes) else { return }
    guard delta.header.via == .imported, isNode || author.role.mayAdminister else { throw .role }
  }
}
