// What a raw delta may not smuggle past the rights, what a node without a user may write, and what
// nodes of the first release wrote.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct RawRightsTests {
  let scene: DeskScene
  let node: DeskNode

  init() throws {
    scene = try DeskScene()
    node = scene.paris
  }

  private func write(_ column: UInt16, key: Int64 = 0, _ value: Value) -> CellAction {
    CellAction(CellKey(column, key: key), .write(.plain(value), replaces: [], unread: []))
  }

  private func verdict(_ changes: [RowChange], _ user: RowID) -> VoidReason? {
    DeskMemoryJudge.verdict(changes, by: node.actor(user), on: node)
  }

  /// As a node of the first release would have sent it.
  private func verdictOfFirstRelease(_ changes: [RowChange], _ user: RowID) -> VoidReason? {
    let context = node.context()
    var delta = Decision(changes: changes, actor: node.actor(user))
      .delta(dot: context.dot, hlc: context.hlc, contextChange: [:])
    delta.header.schemaLevel = 1
    return Verdict.verdict(delta, context: node.memory.vector, reading: node.memory)
  }

  // MARK: Smuggling

  /// A cell with a key shows nothing where the column is no map: what stands in it does not count.
  @Test func aWriteBesideTheRegisterIsNotTakenForIt() throws {
    let role = [
      write(UserColumn.role, key: 5, .text("end-user")), write(UserColumn.role, .text("admin")),
    ]
    let user = RowRef(Tables.user, node.freshID())
    #expect(verdict([RowChange(user, role)], scene.agent) == .role)
    #expect(verdict([RowChange(user, role.reversed())], scene.agent) == .role)

    let ticket = try scene.ticket()
    let light = scene.user(.lightAgent)
    let comment = RowChange(
      RowRef(Tables.comment, node.freshID()),
      [
        write(CommentColumn.ticket, .integer(ticket.rawValue)),
        write(CommentColumn.author, .integer(light.rawValue)),
        write(CommentColumn.isPublic, key: 5, .integer(0)),
        write(CommentColumn.isPublic, .integer(1)), write(CommentColumn.body, .text("x")),
      ])
    #expect(verdict([comment], light) == .publicReply)
    #expect(node.forge([comment], by: node.actor(light)) == .publicReply)

    let hash = String(repeating: "0f", count: 32)
    let token = try node.act(
      .createToken(user: scene.agent, hash: hash, label: "", expiresAt: nil), by: scene.agent)
    let id = try #require(token.created)
    try node.act(.revokeToken(id), by: scene.agent)
    let back = RowChange(
      RowRef(Tables.token, id),
      [
        write(TokenColumn.revoked, key: 5, .integer(1)), write(TokenColumn.revoked, .integer(0)),
      ])
    #expect(verdict([back], scene.agent) == .rewrite)
  }

  /// The date that is shown in the place of the stamp is an import's to write.
  @Test func nobodyDatesTheirActsBack() throws {
    let ticket = RowRef(Tables.ticket, try scene.ticket())
    let subject = RowChange(ticket, [write(TicketColumn.subject, .text("x"))])
    func judged(_ user: RowID, _ via: Via) -> VoidReason? {
      let context = node.context()
      var decision = Decision(changes: [subject], actor: node.actor(user))
      decision.occurredAt = DeskScene.start + -86_400_000
      decision.via = via
      let delta = decision.delta(dot: context.dot, hlc: context.hlc, contextChange: [:])
      return Verdict.verdict(delta, context: node.memory.vector, reading: node.memory)
    }
    #expect(judged(scene.agent, .api) == .role)
    #expect(judged(scene.agent, .imported) == .role)
    #expect(judged(scene.admin, .api) == .role)
    #expect(judged(scene.admin, .imported) == nil)
  }

  // MARK: Versions

  /// What honest nodes of 0.1.0 wrote has effect there, so it has effect here.
  @Test func whatTheFirstReleaseAllowedHasEffectEverywhere() throws {
    let customer = scene.user(.endUser)
    for role in [Role.viewer, .auditor, .endUser] {
      let user = scene.user(role)
      let phone = [RowChange(RowRef(Tables.user, user), [write(UserColumn.phone, .text("1"))])]
      let email = [RowChange(RowRef(Tables.user, user), [write(UserColumn.email, .text("a@b.c"))])]
      #expect(verdict(phone, user) == .role)
      #expect(verdictOfFirstRelease(phone, user) == nil)
      #expect(verdictOfFirstRelease(email, user) == .role)
    }
    let password = [
      RowChange(RowRef(Tables.user, customer), [write(UserColumn.passwordHash, .text("scrypt$"))])
    ]
    #expect(verdict(password, scene.agent) == .role)
    #expect(verdictOfFirstRelease(password, scene.agent) == nil)
    #expect(verdictOfFirstRelease(password, scene.user(.lightAgent)) == .role)
    let assignees = [Value.null, .integer(scene.agent.rawValue)]
    let ticket = RowChange(
      RowRef(Tables.ticket, try scene.ticket()),
      assignees.map { write(TicketColumn.assignee, $0) })
    #expect(verdict([ticket], scene.agent) == .doubleWrite)
    #expect(verdictOfFirstRelease([ticket], scene.agent) == nil)
  }

  /// Claiming that level gives nobody another role, another's password, or a token back.
  @Test func theLevelOfTheFirstReleaseOpensNoDoor() throws {
    let colleague = RowRef(Tables.user, scene.tokyoAgent)
    let hash = write(UserColumn.passwordHash, .text("scrypt$"))
    #expect(verdictOfFirstRelease([RowChange(colleague, [hash])], scene.agent) == .role)
    let role = write(UserColumn.role, .text("admin"))
    for user in [scene.agent, scene.user(.viewer)] {
      let own = RowRef(Tables.user, user)
      #expect(verdictOfFirstRelease([RowChange(own, [role])], user) == .role)
      #expect(verdictOfFirstRelease([RowChange(own, [hash, role])], user) == .role)
    }
    let fresh = RowRef(Tables.user, node.freshID())
    let twice = [write(UserColumn.role, .text("end-user")), role]
    #expect(verdictOfFirstRelease([RowChange(fresh, twice)], scene.agent) == .doubleWrite)
  }

  /// Who solves a ticket and takes its assignee away is its assignee: one value, written once.
  @Test func aCommandWritesEachValueOnce() throws {
    let ticket = try scene.ticket { $0.edit.assignee = .set(scene.agent) }
    let done = try node.act(
      .updateTicket(
        ticket,
        .with {
          $0.assignee = .clear
          $0.status = "solved"
        }), by: scene.lead)
    #expect(node.ticket(ticket).value(TicketColumn.assignee) == .integer(scene.lead.rawValue))
    #expect(node.ticket(ticket).value(TicketColumn.status) == .text("solved"))
    let cells = done.changes.flatMap { change in change.actions.map { (change.row, $0.cell) } }
    #expect(Set(cells.map { "\($0.0)/\($0.1)" }).count == cells.count)
  }
}

extension CommandRightsTests {
  /// What a node may write without a user: what the operator of its office administers, and what it
  /// says of itself. All else is a person's.
  static let operators: Set<CommandName> = [
    .createUser, .updateUser, .setPassword, .createToken, .revokeToken, .createGroup, .updateGroup,
    .deleteGroup, .addMembership, .removeMembership, .createOrganization, .updateOrganization,
    .deleteOrganization, .createTicketField, .updateTicketField, .deleteTicketField, .putOption,
    .deleteOption, .publishRoster, .recordSeen, .announceSite, .createView, .updateView,
    .deleteView, .createMacro, .updateMacro, .deleteMacro, .createSchedule, .updateSchedule,
    .deleteSchedule,
    .createHoliday, .updateHoliday, .deleteHoliday, .createWebhook, .updateWebhook,
    .renewWebhookSecret, .deleteWebhook, .linkImport, .importMacro,
  ]

  @Test(arguments: whole)
  func aNodeWithoutAUserWritesWhatItsOperatorAdministers(_ right: CommandRight) throws {
    let scene = try DutyScene()
    scene.at(right.at)
    let command = try right.make(scene)
    let node = scene.tokyo
    if right.may.isEmpty { try scene.giveTheNodeSomethingToSay() }
    let honest = try Decider.decide(
      command: command, actor: right.may.isEmpty ? node.console : node.actor(scene.desk.admin),
      reading: node.memory, context: node.context())
    let verdict = DeskMemoryJudge.verdict(honest.changes, by: node.console, on: node)
    if Self.operators.contains(command.name) {
      #expect(verdict == nil)
    } else {
      // What an import alone may write is refused for its columns before it is for its rows.
      #expect(verdict == .nodeAct || verdict == .role)
    }
  }
}
