// Which role may write what; the raw-delta twin of the checks that a decision makes.

internal import ReplicaCore

extension Judge {
  func checkRights(
    _ change: RowChange, _ state: RowState, _ author: Author
  ) throws(VoidReason) {
    try checkImportColumns(change, author)
    guard !isNode else { return try checkNodeRights(change, state, author) }
    let role = author.role
    switch change.row.entity {
    case Desk.ticket where role == .endUser: try checkRequest(change, state, author)
    case Desk.comment where role == .endUser: try checkCustomerComment(change, author)
    case Desk.ticket:
      guard change.actions.isEmpty ? role.mayWork : role.mayEdit else { throw .role }
    case Desk.comment: try checkComment(change, role)
    case Desk.attachment: try checkAttachment(change, state, author)
    case Desk.user: try checkUser(change, state, author)
    case Desk.token: try checkToken(change, state, author)
    case Desk.organization:
      let deletes = change.writes(OrganizationColumn.deleted)
      guard deletes ? role.mayAdminister : role.mayEdit else { throw .role }
    case Desk.view, Desk.macro:
      guard let shelf = Shelf(change.row.entity) else { throw .role }
      try checkShelf(shelf, change, state, author)
    case Desk.group, Desk.membership, Desk.ticketField, Desk.schedule, Desk.holiday,
      Desk.importLink, Desk.webhook:
      guard role.mayAdminister else { throw .role }
    case Desk.alarmAck:
      guard role.mayEdit, change.integer(AlarmAckColumn.agent) == author.user.rawValue else {
        throw .role
      }
      guard change.text(AlarmAckColumn.office) == author.office?.rawValue else {
        throw .otherOffice
      }
    case Desk.roster:
      guard role.mayAdminister else { throw .role }
      try checkRoster(change)
    case Desk.grant:
      guard role.mayEdit else { throw .role }
      try checkGrant(change, author)
    case Desk.acceptance: try checkAcceptance(change, author)
    case Desk.cover:
      guard role.mayLead else { throw .role }
      try checkCover(change, author)
    case Desk.seen, Desk.site: throw .nodeAct
    case Desk.handoffNote:
      guard role.mayEdit else { throw .role }
      guard change.text(HandoffNoteColumn.office) == author.office?.rawValue else {
        throw .otherOffice
      }
    default:
      // An entity of a newer schema: its own rules are not known here.
      guard role.mayWork else { throw .role }
    }
  }

  private func checkNodeRights(
    _ change: RowChange, _ state: RowState, _ author: Author
  ) throws(VoidReason) {
    switch change.row.entity {
    case Desk.user, Desk.group, Desk.membership, Desk.organization, Desk.ticketField,
      Desk.view, Desk.macro, Desk.schedule, Desk.holiday, Desk.webhook:
      break
    case Desk.token: try checkToken(change, state, author)
    case Desk.roster: try checkRoster(change)
    case Desk.seen: try checkSeen(change, author)
    case Desk.site:
      // A node speaks for itself alone.
      guard change.row.id.slot == delta.dot.slot else { throw .nodeAct }
    case Desk.ticket, Desk.comment:
      guard delta.header.via == .imported else { throw .nodeAct }
    case Desk.attachment:
      guard delta.header.via == .imported else { throw .nodeAct }
      try checkAttachment(change, state, author)
    case Desk.grant, Desk.acceptance, Desk.cover, Desk.handoffNote, Desk.alarmAck:
      throw .nodeAct
    default: break
    }
  }

  private func checkComment(_ change: RowChange, _ role: Role) throws(VoidReason) {
    guard change.integer(CommentColumn.ticket) != nil else { throw .incomplete }
    guard role.mayWork else { throw .role }
    // Whatever is not plainly private counts as public.
    let isPrivate = change.integer(CommentColumn.isPublic) == 0
    guard isPrivate || role.mayReplyPublicly else { throw .publicReply }
    let author = change.integer(CommentColumn.author)
    guard role.mayEdit || author == delta.header.actor.rawValue else { throw .role }
  }

  /// In 0.1.0 viewers and customers kept their own phone numbers, and agents set the passwords of
  /// customers.
  private func checkUser(
    _ change: RowChange, _ state: RowState, _ author: Author
  ) throws(VoidReason) {
    guard !author.role.mayAdminister else { return }
    let rights = [
      UserColumn.role, UserColumn.office, UserColumn.active, UserColumn.deleted,
    ].filter(change.writes)
    // Who writes nothing on the desk still has a password of their own.
    let mayWriteOwn =
      author.role.mayWork || change.onlyWrites([UserColumn.passwordHash])
      || (isOfFirstRelease && !change.writes(UserColumn.email))
    if state.exists, change.row.id == author.user, rights.isEmpty, mayWriteOwn { return }
    guard isOfFirstRelease || !change.writes(UserColumn.passwordHash) else { throw .role }
    let given = change.text(UserColumn.role).map { Role(rawValue: $0) } ?? nil
    let isCustomer =
      state.exists
      ? UserState(state).role == .endUser && (given == nil || given == .endUser)
        && !change.writes(UserColumn.office)
      : given == .endUser
    guard isCustomer, author.role.mayEdit else { throw .role }
    if change.writes(UserColumn.role), given != .endUser { throw .role }
  }

  private func checkToken(
    _ change: RowChange, _ state: RowState, _ author: Author
  ) throws(VoidReason) {
    // A token is made once and revoked for good, by whomever.
    let revokes =
      change.onlyWrites([TokenColumn.revoked]) && change.integer(TokenColumn.revoked) == 1
    guard !state.exists || revokes else { throw .rewrite }
    guard !author.role.mayAdminister else { return }
    let owner =
      state.exists ? state.value(TokenColumn.user).integer : change.integer(TokenColumn.user)
    guard owner == author.user.rawValue else { throw .role }
  }
}

extension RowChange {
  /// What the change writes into a register; nil where it does not, or the bytes are not here.
  ///
  /// A cell with a key is another one, which no register shows: it must not be taken for what is
  /// shown.
  func written(_ column: UInt16) -> Value? {
    let cell = CellKey(column)
    for action in actions where action.cell == cell {
      if case .write(let content, _, _) = action.kind { return content.value }
    }
    return nil
  }

  func writes(_ column: UInt16) -> Bool { actions.contains { $0.cell.column == column } }
  func onlyWrites(_ columns: Set<UInt16>) -> Bool {
    actions.allSatisfy { columns.contains($0.cell.column) }
  }
  func text(_ column: UInt16) -> String? { written(column)?.text }
  func integer(_ column: UInt16) -> Int64? { written(column)?.integer }
}
