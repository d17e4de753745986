// Judges a verified delta by itself and its causal past, so that every node judges alike.

package import ReplicaCore

/// Whether a delta has effect.
///
/// A void delta still advances the vector, is kept and relayed. What a node of a newer schema
/// writes into entities and columns that are not known here is never a reason.
///
/// A node without a user may write what an office's operator administers (users, tokens, groups,
/// memberships, organizations, ticket fields, views, macros, schedules, rosters, webhooks), imports,
/// and its office's *seen* entries.
package enum Verdict {
  /// - Parameters:
  ///   - context: everything the delta's author had applied, its own earlier deltas included.
  /// - Returns: nil where the delta has effect.
  package static func verdict(
    _ delta: Delta, context: VersionVector, reading: some DeskReading
  ) -> VoidReason? {
    let judge = Judge(delta: delta, view: DeskView(reading, within: context), past: context)
    do {
      try judge.judge()
      return nil
    } catch {
      return error
    }
  }
}

/// One delta under judgement.
struct Judge<Reading: DeskReading> {
  let delta: Delta
  let view: DeskView<Reading>
  let past: VersionVector

  var isNode: Bool { delta.header.actor == .none }
  /// Made by a node of 0.1.0, whose rules were looser here and there. All nodes of that release gave
  /// such a delta effect, so all others must, too. Who claims the level falsely gains no more than
  /// those rules gave.
  var isOfFirstRelease: Bool { delta.header.schemaLevel < 2 }

  func judge() throws(VoidReason) {
    let author = try author()
    try checkDoubles(author)
    for change in delta.changes {
      let state = view.row(change.row)
      try checkRow(change, state)
      try checkRights(change, state, author)
      try checkSiblings(change, state, author)
      if change.row.entity == Desk.ticket { try checkPlacement(change, state) }
    }
  }

  /// Rights look at what a change writes into a column, so it may do so once only.
  ///
  /// Nodes of 0.1.0 wrote the assignee twice where somebody solved a ticket and took its assignee away.
  /// What is written into a ticket's columns gives nobody rights, but for customers.
  private func checkDoubles(_ author: Author) throws(VoidReason) {
    let areTicketsFree = isOfFirstRelease && author.role != .endUser
    var places: [Place] = []
    for change in delta.changes where change.row.entity != Desk.ticket || !areTicketsFree {
      for action in change.actions {
        guard case .write = action.kind else { continue }
        places.append(Place(row: change.row, cell: action.cell))
      }
    }
    // Most deltas write a handful of values; hashing them costs more than looking them over.
    let isSmall = places.count <= 12
    let isDouble =
      isSmall
      ? places.indices.contains { places[..<$0].contains(places[$0]) }
      : Set(places).count < places.count
    if isDouble { throw .doubleWrite }
  }

  private struct Place: Hashable {
    var row: RowRef
    var cell: CellKey
  }

  /// Who acts, as the causal past knows them.
  private func author() throws(VoidReason) -> Author {
    let header = delta.header
    guard !isNode else {
      guard header.authority == nil else { throw .foreignAuthority }
      return Author(user: .none, role: .admin, office: view.offices.slots[header.dot.slot])
    }
    guard let authority = header.authority else { throw .noAuthority }
    let ref = RowRef(Desk.user, header.actor)
    let state = view.row(ref)
    let user = UserState(state)
    guard user.roleDot == authority else {
      // Alone, the deltas of that slot up to the dot show whether it ever gave this user a role.
      let then = view.reading.row(ref, within: VersionVector([authority.slot: authority.seq]))
      let roles = then.cells[CellKey(UserColumn.role)]?.register
      let gave = roles?.live.contains { $0.stamp.dot == authority } ?? false
      throw gave && past.contains(authority) ? .supersededAuthority : .foreignAuthority
    }
    guard user.isActive else { throw .inactiveActor }
    return Author(user: header.actor, role: user.role, office: user.office)
  }

  /// New rows carry ids of the replica that makes them; entries are never rewritten.
  private func checkRow(_ change: RowChange, _ state: RowState) throws(VoidReason) {
    if !state.exists, !change.row.id.isValid || change.row.id.slot != delta.dot.slot {
      throw .foreignRowID
    }
    if state.exists, !change.actions.isEmpty, Self.insertOnly.contains(change.row.entity) {
      throw .rewrite
    }
  }

  private static var insertOnly: Set<EntityCode> {
    [
      Desk.comment, Desk.roster, Desk.grant, Desk.acceptance, Desk.seen, Desk.cover,
      Desk.handoffNote, Desk.alarmAck,
    ]
  }

  /// A write names only what its author had; its fence is at most that of the writes it names,
  /// or, by the owner, the token's.
  private func checkSiblings(
    _ change: RowChange, _ state: RowState, _ author: Author
  ) throws(VoidReason) {
    var fences: Set<UInt64> = []
    for action in change.actions {
      switch action.kind {
      case .add(_, let dots), .remove(_, let dots):
        guard dots.allSatisfy(past.contains) else { throw .unseenSibling }
      case .write(_, let replaces, let unread):
        let named = Set(replaces + unread)
        guard named.allSatisfy(past.contains) else { throw .unseenSibling }
        fences.insert(action.fence)
        guard !change.byOwner else { continue }
        let register = state.cells[action.cell]?.register ?? RegisterState()
        let highest = (register.live + register.hidden)
          .filter { named.contains($0.stamp.dot) }.map(\.stamp.fence).max()
        guard action.fence <= highest ?? 0 else { throw .fence }
      }
    }
    guard change.byOwner else { return }
    // The owner writes a row under one token.
    guard change.row.entity == Desk.ticket, fences.count == 1, let fence = fences.first else {
      throw .fence
    }
    try checkOwner(author.office, of: change.row.id, state, fence: fence)
  }

  /// A placement weighs one more than those it replaces, so that tokens only grow.
  private func checkPlacement(_ change: RowChange, _ state: RowState) throws(VoidReason) {
    for action in change.actions where action.cell == CellKey(TicketColumn.placement) {
      guard case .write(let content, let replaces, _) = action.kind else { continue }
      let register = state.cells[action.cell]?.register ?? RegisterState()
      guard let placement = Placement(content.value),
        placement.weight == Placement.weight(replacing: replaces, in: register)
      else { throw .badPlacement }
    }
  }
}

/// Who acts.
struct Author {
  let user: RowID
  let role: Role
  /// The user's office; the node's where no user acts.
  let office: OfficeID?
}
