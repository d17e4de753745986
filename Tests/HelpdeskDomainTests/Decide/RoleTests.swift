// Who may do what: every role against every kind of command, and the same as raw deltas.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct RoleTests {
  let scene: DeskScene
  let ticket: RowID

  init() throws {
    scene = try DeskScene()
    ticket = try scene.ticket()
  }

  /// One command of each kind that needs a right, and the least role that has it.
  enum Kind: String, CaseIterable {
    case create, edit, privateNote, publicReply, delete, customer, colleague, token, group
    case membership, organization, dropOrganization, field, roster, accept, cover, take, handTo
    case stay, note, importing, sharedView, personalView, sharedMacro, schedule, option

    var least: Role {
      switch self {
      case .privateNote: .lightAgent
      case .create, .edit, .publicReply, .delete, .customer, .organization, .take, .handTo, .stay,
        .note, .personalView:
        .agent
      case .accept, .cover, .sharedView, .sharedMacro: .lead
      case .colleague, .token, .group, .membership, .dropOrganization, .field, .roster,
        .importing, .schedule, .option:
        .admin
      }
    }
  }

  private func setup(_ kind: Kind, for user: RowID) throws -> DeskCommand {
    switch kind {
    case .sharedView, .personalView:
      var draft = ViewDraft()
      draft.title = "Open"
      draft.conditions = ViewConditions(all: [ViewCondition("status", "is", .text("open"))])
      draft.restriction = kind == .personalView ? .user(user) : nil
      return .view(.create(draft))
    case .sharedMacro:
      var draft = MacroDraft()
      draft.title = "Close"
      draft.actions = [MacroAction("status", .text("solved"))]
      return .macro(.create(draft))
    case .option:
      let draft = TicketFieldDraft(title: "List \(scene.paris.freshID())", type: "tagger")
      let field = try scene.paris.act(.createTicketField(draft), by: scene.admin).created
      return .ticketField(
        .putOption(field: field ?? .none, TicketFieldOptionDraft(value: "a")))
    default: return .schedule(.create(ScheduleDraft(name: "S", timeZone: "UTC")))
    }
  }

  func command(_ kind: Kind, for user: RowID = .none) throws -> DeskCommand {
    let note = CommentDraft(body: "A word", isPublic: kind == .publicReply)
    switch kind {
    case .create: return .createTicket(TicketDraft(subject: nil, comment: note))
    case .edit: return .updateTicket(ticket, .with { $0.priority = .set("high") })
    case .privateNote, .publicReply: return .updateTicket(ticket, .with { $0.comment = note })
    case .delete: return .deleteTicket(ticket)
    case .customer: return .createUser(UserDraft(name: "C", email: nil, role: .endUser))
    case .colleague: return .createUser(UserDraft(name: "C", email: nil, role: .agent))
    case .token:
      return .createToken(
        user: scene.tokyoAgent, hash: String(repeating: "a", count: 64), label: "", expiresAt: nil)
    case .group: return .createGroup(GroupDraft(name: "Valves"))
    case .membership:
      return .addMembership(user: scene.tokyoAgent, group: scene.group, isDefault: false)
    case .organization: return .createOrganization(OrganizationDraft(name: "Acme"))
    case .dropOrganization:
      let created = try scene.paris.act(
        .createOrganization(OrganizationDraft(name: "Old \(scene.paris.freshID())")),
        by: scene.admin)
      return .deleteOrganization(created.created ?? .none)
    case .field: return .createTicketField(TicketFieldDraft(title: "Colour"))
    case .sharedView, .personalView, .sharedMacro, .schedule, .option:
      return try setup(kind, for: user)
    case .roster: return .publishRoster(canonical: "{}")
    case .accept: return .accept
    case .cover: return .cover(ticket: nil)
    case .take: return .take(ticket: ticket, evenIfForeign: true)
    case .handTo:
      return .handTo(ticket: ticket, office: DeskScene.tokyo, agent: nil, note: nil)
    case .stay: return .stay(ticket: ticket, wakeAt: nil)
    case .note: return .handoffNote(ticket: ticket, text: "Mind the valve", nextAction: nil)
    case .importing:
      return .importTicket(
        ImportStep(
          externalID: "X1", from: 0, to: 1, occurredAt: DeskScene.start,
          opening: .init(subject: "s", description: "d", type: "incident", home: DeskScene.paris),
          snapshotField: RowID(10_001)))
    }
  }

  @Test(arguments: Kind.allCases)
  func onlyTheRightRolesMay(_ kind: Kind) throws {
    let order: [Role] = [.endUser, .viewer, .auditor, .lightAgent, .agent, .lead, .admin]
    let least = try #require(order.firstIndex(of: kind.least))
    for (index, role) in order.enumerated() {
      let command = try command(kind, for: scene.user(role))
      let isForbidden: Bool
      do throws(Refusal) {
        let node = scene.paris
        _ = try Decider.decide(
          command: command, actor: node.actor(scene.user(role)), reading: node.memory,
          context: node.context())
        isForbidden = false
      } catch {
        if case .forbidden(.role) = error { isForbidden = true } else { isForbidden = false }
      }
      #expect(isForbidden == (index < least), "\(role) and \(kind)")
    }
  }

  /// What an honest admin or lead would write, sent as a raw delta by everybody else.
  @Test(arguments: [
    Kind.create, .edit, .privateNote, .publicReply, .delete, .customer, .colleague, .token, .group,
    .membership, .organization, .dropOrganization, .field, .stay, .note, .take, .sharedView,
    .sharedMacro, .schedule, .option,
  ])
  func rawDeltasOfOtherRolesAreVoid(_ kind: Kind) throws {
    let order: [Role] = [.endUser, .viewer, .auditor, .lightAgent, .agent, .lead, .admin]
    let least = try #require(order.firstIndex(of: kind.least))
    for (index, role) in order.enumerated() {
      let node = scene.paris
      let decision = try Decider.decide(
        command: try command(kind), actor: node.actor(scene.admin), reading: node.memory,
        context: node.context())
      let judged = DeskMemoryJudge.verdict(
        decision.changes, by: node.actor(scene.user(role)), on: node)
      if index < least {
        #expect(judged == .role || judged == .publicReply, "\(role) and \(kind): \(judged as Any)")
      } else if !(kind == .privateNote && role == .lightAgent) {
        // A light agent's notes are their own, this one is the admin's.
        #expect(judged == nil, "\(role) and \(kind): \(judged as Any)")
      }
    }
  }

  @Test func theOperatorAdministersButDoesNotAnswerCustomers() throws {
    let node = scene.paris
    try node.act(.createGroup(GroupDraft(name: "Valves")), by: node.console)
    #expect(throws: Refusal.self) {
      try node.act(
        .createTicket(TicketDraft(subject: nil, comment: CommentDraft(body: "x"))),
        by: node.console)
    }
    #expect(throws: Refusal.self) { try node.act(.accept, by: node.console) }
    let reply = RowChange(
      RowRef(Tables.comment, node.freshID()),
      [
        CellAction(
          CellKey(CommentColumn.ticket),
          .write(.plain(.integer(ticket.rawValue)), replaces: [], unread: []))
      ])
    #expect(node.forge([reply], by: node.console) == .nodeAct)
  }

  @Test func aLightAgentsPublicReplyIsVoidEvenAsARawDelta() throws {
    let node = scene.paris
    let light = node.actor(scene.user(.lightAgent))
    let decision = try Decider.decide(
      command: try command(.publicReply), actor: node.actor(scene.agent), reading: node.memory,
      context: node.context())
    // Under the light agent's own name and as their own comment.
    var changes = decision.changes
    for index in changes[1].actions.indices
    where changes[1].actions[index].cell.column == CommentColumn.author {
      changes[1].actions[index].kind = .write(
        .plain(.integer(light.user.rawValue)), replaces: [], unread: [])
    }
    #expect(DeskMemoryJudge.verdict(changes, by: light, on: node) == .publicReply)
  }

  @Test func aRoleThatWasTakenAwayNoLongerActs() throws {
    let node = scene.paris
    let before = node.actor(scene.agent)
    try node.act(.updateUser(scene.agent, .withUser { $0.role = .viewer }), by: scene.admin)
    #expect(throws: Refusal.self) { try node.act(.deleteTicket(ticket), by: before) }
    let touch = RowChange(RowRef(Tables.ticket, ticket), [])
    #expect(node.forge([touch], by: before) == .supersededAuthority)
    var nobody = before
    nobody.authority = nil
    #expect(node.forge([touch], by: nobody) == .noAuthority)
    nobody.authority = node.actor(scene.lead).authority
    #expect(node.forge([touch], by: nobody) == .foreignAuthority)
  }

  /// A revocation counts only inside its context: what was done without it stands, everywhere.
  @Test func workDoneBeforeOneHeardOfARevocationStands() throws {
    let act = DeskCommand.updateTicket(ticket, .with { $0.subject = "From Tokyo's node" })
    scene.sync()
    try scene.paris.act(
      .updateUser(scene.agent, .withUser { $0.active = false }), by: scene.admin)
    try scene.tokyo.act(act, by: scene.agent)
    scene.sync()
    #expect(scene.paris.memory.voids.isEmpty)
    #expect(
      scene.paris.ticket(ticket).value(TicketColumn.subject) == .text("From Tokyo's node"))
    #expect(throws: Refusal.forbidden(.inactiveUser(scene.agent))) {
      try scene.tokyo.act(act, by: scene.agent)
    }
  }
}

extension UserEdit {
  static func withUser(_ change: (inout UserEdit) -> Void) -> UserEdit {
    var edit = UserEdit()
    change(&edit)
    return edit
  }
}

/// Asks for the verdict of changes as some actor's delta, without applying it.
enum DeskMemoryJudge {
  static func verdict(
    _ changes: [RowChange], by actor: Actor, on node: DeskNode
  ) -> VoidReason? {
    let context = node.context()
    let delta = Decision(changes: changes, actor: actor)
      .delta(dot: context.dot, hlc: context.hlc, contextChange: [:])
    return Verdict.verdict(delta, context: node.memory.vector, reading: node.memory)
  }
}
