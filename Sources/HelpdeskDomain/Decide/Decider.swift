// Decides a command: the state and the command in, changes or a typed refusal out.

internal import ReplicaCore

/// The rules of the desk. Pure: the same input always gives the same decision.
package struct Decider<Reading: DeskReading> {
  let actor: Actor
  let view: DeskView<Reading>
  let context: DecisionContext
  let facts: OwnershipFacts<Reading>

  /// Decides one command of one actor.
  ///
  /// - Returns: the changes of one delta; empty where the command changes nothing.
  /// - Throws: why it is not accepted; then nothing is to be written.
  package static func decide(
    command: DeskCommand, actor: Actor, reading: Reading, context: DecisionContext
  ) throws(Refusal) -> Decision {
    let view = DeskView(reading)
    let decider = Decider(
      actor: actor, view: view, context: context,
      facts: OwnershipFacts(view, drill: context.rosterNow - context.now))
    try decider.checkActor(for: command)
    let decision = try decider.decide(command)
    guard decision.changes.count <= DeskLimits.rowsPerCommand else {
      throw .overLimit(
        limit: "rows of one command", value: Int64(decision.changes.count),
        maximum: Int64(DeskLimits.rowsPerCommand))
    }
    let bytes = decision.changes.reduce(0) { $0 + $1.contentBytes }
    guard bytes <= DeskLimits.commandBytes else {
      throw .overLimit(
        limit: "bytes of one command", value: Int64(bytes),
        maximum: Int64(DeskLimits.commandBytes))
    }
    try decider.checkVerdict(of: decision)
    return decision
  }

  /// No act is accepted here that the other nodes would hold void.
  private func checkVerdict(of decision: Decision) throws(Refusal) {
    guard !decision.isEmpty else { return }
    let delta = decision.delta(dot: context.dot, hlc: context.hlc, contextChange: [:])
    let judge = Judge(delta: delta, view: view, past: view.reading.vector)
    do throws(VoidReason) {
      try judge.judge()
    } catch {
      throw .invalid([
        FieldProblem(
          "base", .invalidValue, "base: other nodes would refuse this act: \(error.words)")
      ])
    }
  }

  private func decide(_ command: DeskCommand) throws(Refusal) -> Decision {
    switch command {
    case .createTicket(let draft): try createTicket(draft)
    case .updateTicket(let id, let edit): try updateTicket(id, edit)
    case .deleteTicket(let id): try deleteTicket(id)
    case .redactAttachment(let id, let comment, let ticket):
      try redactAttachment(id, of: comment, on: ticket)
    case .createUser(let draft): try createUser(draft)
    case .updateUser(let id, let edit): try updateUser(id, edit)
    case .setPassword(let user, let hash): try setPassword(of: user, hash: hash)
    case .createToken(let user, let hash, let label, let expiresAt):
      try createToken(user: user, hash: hash, label: label, expiresAt: expiresAt)
    case .revokeToken(let id): try revokeToken(id)
    case .createGroup(let draft): try createGroup(draft)
    case .updateGroup(let id, let draft): try updateGroup(id, draft)
    case .deleteGroup(let id): try delete(Desk.group, id, GroupColumn.deleted, needs: .admin)
    case .addMembership(let user, let group, let isDefault):
      try addMembership(user: user, group: group, isDefault: isDefault)
    case .removeMembership(let id):
      try delete(Desk.membership, id, MembershipColumn.deleted, needs: .admin)
    case .createOrganization(let draft): try createOrganization(draft)
    case .updateOrganization(let id, let draft): try updateOrganization(id, draft)
    case .deleteOrganization(let id):
      try delete(Desk.organization, id, OrganizationColumn.deleted, needs: .admin)
    case .createTicketField(let draft): try createTicketField(draft)
    case .ticketField(let command): try change(command)
    case .view(let command): try change(command)
    case .macro(let command): try change(command)
    case .schedule(let command): try change(command)
    case .importTicket(let step): try importTicket(step)
    case .importHistory(let history): try importHistory(history)
    case .importUser(let user): try importUser(user)
    case .importOrganization(let organization): try importOrganization(organization)
    case .importMacro(let macro): try importMacro(macro)
    case .linkImport(let origin, let row): try linkImport(origin, to: row)
    case .mergeTickets(let merge): try mergeTickets(merge)
    case .createRequest(let draft): try createRequest(draft)
    case .updateRequest(let id, let edit): try updateRequest(id, edit)
    case .restoreTicket(let id): try restoreTicket(id)
    case .resolveConflict(let row, let cell, let choice):
      try resolveConflict(row, cell, choice)
    case .announceSite(let peer, let api): try announceSite(peer: peer, api: api)
    case .createWebhook(let draft, let secret): try createWebhook(draft, secret: secret)
    case .updateWebhook(let id, let draft): try updateWebhook(id, draft)
    case .renewWebhookSecret(let id, let secret): try renewWebhookSecret(id, secret)
    case .deleteWebhook(let id):
      try delete(Desk.webhook, id, WebhookColumn.deleted, needs: .admin)
    case .acknowledgeAlarm(let cause, let note): try acknowledgeAlarm(cause, note: note)
    case .publishRoster, .accept, .cover, .take, .handTo, .sendBack, .stay, .moveOn,
      .handoffNote, .recordSeen:
      try decideOwnership(command)
    }
  }

  /// The actor must still be who he was when he logged in: active and of this very role.
  private func checkActor(for command: DeskCommand) throws(Refusal) {
    guard actor.user != .none else { return }
    let state = view.row(Desk.user, actor.user)
    guard UserState(state).isActive else { throw .forbidden(.inactiveUser(actor.user)) }
    let shown = state.cells[CellKey(UserColumn.role)]?.register?.winner
    guard shown?.stamp.dot == actor.authority, shown?.value == .text(actor.role.rawValue) else {
      throw .forbidden(.role(actor.role, needs: "the role shown on this node; sign in again"))
    }
  }
}

/// What a role must allow for a command.
enum Need {
  case work, edit, lead, admin

  func isMet(by role: Role) -> Bool {
    switch self {
    case .work: role.mayWork
    case .edit: role.mayEdit
    case .lead: role.mayLead
    case .admin: role.mayAdminister
    }
  }

  var words: String {
    switch self {
    case .work: "light_agent, agent, lead or admin"
    case .edit: "agent, lead or admin"
    case .lead: "lead or admin"
    case .admin: "admin"
    }
  }
}

extension Decider {
  var isOperator: Bool { actor.user == .none }

  func require(_ need: Need) throws(Refusal) {
    guard need.isMet(by: actor.role) else {
      throw .forbidden(.role(actor.role, needs: need.words))
    }
  }

  /// Acts on tickets and on ownership are a person's; the node's operator has no office desk.
  func requireUser(_ need: Need) throws(Refusal) {
    guard !isOperator else {
      throw .forbidden(.role(actor.role, needs: "a user of the desk; act with a user's token"))
    }
    try require(need)
  }

  func decision(_ changes: [RowChange?], created: RowID? = nil) -> Decision {
    Decision(changes: changes.compactMap(\.self), created: created, actor: actor)
  }

  /// An editor of a row that is no ticket.
  func editor(_ entity: EntityCode, _ id: RowID, _ state: RowState = RowState()) -> RowEditor {
    RowEditor(RowRef(entity, id), state: state, context: context)
  }

  /// The state of a row that exists and is not deleted.
  func live(
    _ entity: EntityCode, _ id: RowID, deleted column: UInt16?
  ) throws(Refusal) -> RowState {
    let state = view.row(entity, id)
    let isDeleted = column.map { state.value($0).isTrue } ?? false
    guard state.exists, !isDeleted else {
      throw .notFound(kind: Desk.schema.entity(entity)?.name ?? "row", id: id.description)
    }
    return state
  }

  func isLive(_ entity: EntityCode, _ id: RowID, deleted column: UInt16) -> Bool {
    let state = view.row(entity, id)
    return state.exists && !state.value(column).isTrue
  }

  /// Marks a row deleted; it stays in the log, and a concurrent change of it survives.
  func delete(
    _ entity: EntityCode, _ id: RowID, _ column: UInt16, needs need: Need
  ) throws(Refusal) -> Decision {
    try require(need)
    var row = editor(entity, id, try live(entity, id, deleted: column))
    row.set(column, true)
    return decision([row.change()])
  }
}

extension Value {
  /// Booleans are 0 and 1; null is false.
  var isTrue: Bool { integer.map { $0 != 0 } ?? false }
}

extension RowChange {
  /// The bytes of all texts and byte strings in it.
  package var contentBytes: Int {
    actions.reduce(0) { sum, action in
      let value: Value? =
        switch action.kind {
        case .write(let content, _, _): content.value
        case .add(let value, _), .remove(let value, _): value
        }
      return switch value {
      case .text(let text): sum + text.utf8.count
      case .bytes(let bytes): sum + bytes.count
      case .integer, .null, nil: sum
      }
    }
  }
}
