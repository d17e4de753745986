// Every command against every role: at the domain's door, and as a raw delta that a node of another
// office signs. A new command needs a name below (the compiler asks for it) and a line in the table
// (the test does).

import HelpdeskDomain
import ReplicaCore
import Testing

/// Which roles may, and how the command is made on the scene.
struct CommandRight: Sendable, CustomTestStringConvertible {
  let name: String
  /// Of what, where a command has more than one line.
  let what: String
  let may: Set<Role>
  /// Whose raw deltas have effect, where these are more: rows are judged, not commands.
  let raw: Set<Role>
  /// Roster time of the act; both offices are open, Paris is on duty.
  let at: String
  let make: @Sendable (DutyScene) throws -> DeskCommand

  init(
    _ name: String, _ may: Set<Role>, _ what: String = "", raw: Set<Role>? = nil,
    at: String = "2026-09-18T20:10Z", _ make: @escaping @Sendable (DutyScene) throws -> DeskCommand
  ) {
    (self.name, self.what, self.may, self.raw) = (name, what, may, raw ?? may)
    (self.at, self.make) = (at, make)
  }

  var testDescription: String { what.isEmpty ? name : "\(name) (\(what))" }
}

extension Set<Role> {
  static let nobody: Set<Role> = []
  static let admins: Set<Role> = [.admin]
  static let leads: Set<Role> = [.lead, .admin]
  static let editors: Set<Role> = [.agent, .lead, .admin]
  static let workers: Set<Role> = [.lightAgent, .agent, .lead, .admin]
}

@Suite struct CommandRightsTests {
  static let hash = String(repeating: "0f", count: 32)

  static let table: [CommandRight] = [
    CommandRight("createTicket", .editors) { _ in
      .createTicket(TicketDraft(subject: "S", comment: CommentDraft(body: "x")))
    },
    CommandRight("updateTicket", .editors, "a field") { scene in
      .updateTicket(try scene.newTicket(), .with { $0.priority = .set("high") })
    },
    CommandRight("updateTicket", .editors, "a public reply") { scene in
      .updateTicket(try scene.newTicket(), .with { $0.comment = CommentDraft(body: "x") })
    },
    // The note of the raw delta is another's: a light agent writes only in their own name.
    CommandRight("updateTicket", .workers, "a private note", raw: .editors) { scene in
      .updateTicket(
        try scene.newTicket(), .with { $0.comment = CommentDraft(body: "x", isPublic: false) })
    },
    CommandRight("deleteTicket", .editors) { .deleteTicket(try $0.newTicket()) },
    CommandRight("createUser", .editors, "a customer") { _ in
      .createUser(UserDraft(name: "C", email: nil, role: .endUser))
    },
    CommandRight("createUser", .admins, "a colleague") { _ in
      .createUser(UserDraft(name: "C", email: nil, role: .viewer))
    },
    CommandRight("createUser", .admins, "a customer with a password") { _ in
      .createUser(
        UserDraft(
          name: "C", email: nil, role: .endUser,
          edit: .withUser { $0.passwordHash = .set("scrypt$") }))
    },
    CommandRight("updateUser", .editors, "a customer") { scene in
      .updateUser(scene.desk.user(.endUser), .withUser { $0.phone = .set("+33 1") })
    },
    CommandRight("updateUser", .admins, "a colleague") { scene in
      .updateUser(scene.desk.tokyoAgent, .withUser { $0.phone = .set("+81 3") })
    },
    CommandRight("updateUser", .admins, "to another role") { scene in
      .updateUser(scene.desk.user(.endUser), .withUser { $0.role = .admin })
    },
    CommandRight("updateUser", .admins, "disabling") { scene in
      .updateUser(scene.desk.tokyoAgent, .withUser { $0.active = false })
    },
    CommandRight("setPassword", .admins, "of a colleague") { scene in
      .setPassword(user: scene.desk.tokyoAgent, hash: "scrypt$")
    },
    CommandRight("setPassword", .admins, "of a customer") { scene in
      .setPassword(
        user: try scene.made(.createUser(UserDraft(name: "C", email: nil, role: .endUser))),
        hash: "scrypt$")
    },
    CommandRight("createToken", .admins, "of another") { scene in
      .createToken(user: scene.desk.tokyoAgent, hash: hash, label: "", expiresAt: nil)
    },
    CommandRight("revokeToken", .admins, "of another") { scene in
      .revokeToken(
        try scene.made(
          .createToken(user: scene.desk.tokyoAgent, hash: hash, label: "", expiresAt: nil)))
    },
    CommandRight("createGroup", .admins) { _ in .createGroup(GroupDraft(name: "Valves")) },
    CommandRight("updateGroup", .admins) { scene in
      .updateGroup(scene.desk.group, GroupDraft(name: "Valves"))
    },
    CommandRight("deleteGroup", .admins) { .deleteGroup($0.desk.group) },
    CommandRight("addMembership", .admins) { scene in
      .addMembership(user: scene.desk.tokyoLead, group: scene.desk.group, isDefault: false)
    },
    CommandRight("removeMembership", .admins) { scene in
      .removeMembership(
        try scene.made(
          .addMembership(user: scene.desk.tokyoLead, group: scene.desk.group, isDefault: false)))
    },
    CommandRight("createOrganization", .editors) { _ in
      .createOrganization(OrganizationDraft(name: "Acme"))
    },
    CommandRight("updateOrganization", .editors) { scene in
      .updateOrganization(
        try scene.made(.createOrganization(OrganizationDraft(name: "Old"))),
        OrganizationDraft(name: "New"))
    },
    CommandRight("deleteOrganization", .admins) { scene in
      .deleteOrganization(try scene.made(.createOrganization(OrganizationDraft(name: "Old"))))
    },
    CommandRight("createTicketField", .admins) { _ in
      .createTicketField(TicketFieldDraft(title: "Colour"))
    },
    // What an import writes are tickets and comments, which every editor may write.
    CommandRight("importTicket", .admins, raw: .editors) { scene in
      .importTicket(
        ImportStep(
          externalID: "X1", from: 0, to: 1, occurredAt: DeskScene.start,
          opening: .init(
            subject: "s", description: "d", type: "incident", home: DeskScene.paris),
          snapshotField: try scene.made(.createTicketField(TicketFieldDraft(title: "Snapshot")))))
    },
    CommandRight("publishRoster", .admins) { scene in
      .publishRoster(canonical: try DutyScene.canonical(number: 2, now: scene.tokyo.now))
    },
    CommandRight("accept", .leads) { _ in .accept },
    CommandRight("cover", .leads, at: "2026-09-18T20:50Z") { scene in
      _ = try scene.newTicket()
      return .cover(ticket: nil)
    },
    CommandRight("take", .editors) { .take(ticket: try $0.newTicket(), evenIfForeign: true) },
    CommandRight("handTo", .editors) { scene in
      .handTo(ticket: try scene.newTicket(), office: DeskScene.tokyo, agent: nil, note: nil)
    },
    CommandRight("sendBack", .editors) { scene in
      let ticket = try scene.newTicket()
      for user in [scene.desk.tokyoAgent, scene.desk.agent] {
        try scene.tokyo.act(.take(ticket: ticket, evenIfForeign: true), by: user)
      }
      return .sendBack(ticket: ticket, note: nil)
    },
    CommandRight("stay", .editors) { .stay(ticket: try $0.newTicket(), wakeAt: nil) },
    CommandRight("moveOn", .editors) { scene in
      let ticket = try scene.newTicket()
      try scene.tokyo.act(.stay(ticket: ticket, wakeAt: nil), by: scene.desk.agent)
      return .moveOn(ticket: ticket)
    },
    CommandRight("handoffNote", .editors) { scene in
      .handoffNote(ticket: try scene.newTicket(), text: "Mind the valve", nextAction: nil)
    },
    // What a node says of itself no user may say.
    CommandRight("recordSeen", .nobody) { _ in .recordSeen },
    CommandRight("announceSite", .nobody) { _ in
      .announceSite(peerAddress: "tokyo:7440", apiURL: "https://tokyo:7480")
    },
    CommandRight("resolveConflict", .editors) { scene in
      let ticket = try scene.newTicket()
      for (node, subject) in [(scene.paris, "Paris"), (scene.tokyo, "Tokyo")] {
        try node.act(
          .updateTicket(ticket, .with { $0.subject = subject }), by: scene.desk.agent)
      }
      scene.desk.sync()
      return .resolveConflict(
        row: RowRef(Tables.ticket, ticket), cell: CellKey(TicketColumn.subject), .keep)
    },
  ]

  static let whole = table + setupTable + historyTable

  @Test func everyCommandHasALine() {
    let listed = Set(Self.whole.map(\.name))
    let all = Set(CommandName.allCases.map(\.rawValue))
    #expect(all.subtracting(listed).sorted() == [], "say who may do these")
    #expect(listed.subtracting(all).sorted() == [], "there are no such commands")
  }

  @Test(arguments: whole)
  func onlyTheseRolesMay(_ right: CommandRight) throws {
    let scene = try DutyScene()
    scene.at(right.at)
    let command = try right.make(scene)
    #expect(command.name.rawValue == right.name)
    let node = scene.tokyo
    for role in Role.allCases {
      var refusal: Refusal?
      do throws(Refusal) {
        _ = try Decider.decide(
          command: command, actor: node.actor(scene.desk.user(role)), reading: node.memory,
          context: node.context())
      } catch { refusal = error }
      if right.may.contains(role) {
        #expect(refusal == nil, "\(role): \(refusal as Any)")
      } else if case .forbidden(.role) = refusal {
        continue
      } else if case .forbidden(.ownerOnly) = refusal, role.mayEdit {
        continue
      } else {
        Issue.record("\(role) is not told that the role forbids it: \(refusal as Any)")
      }
    }
  }

  /// Tokyo's node signs for people of Paris what an admin might do: void on both nodes, without
  /// effect, wherever the role has no right to it.
  @Test(arguments: whole)
  func rawDeltasOfOtherRolesAreVoidEverywhere(_ right: CommandRight) throws {
    let scene = try DutyScene()
    scene.at(right.at)
    let command = try right.make(scene)
    let (node, other) = (scene.tokyo, scene.paris)
    if right.may.isEmpty { try scene.giveTheNodeSomethingToSay() }
    let honest = try Decider.decide(
      command: command, actor: right.may.isEmpty ? node.console : node.actor(scene.desk.admin),
      reading: node.memory, context: node.context())
    try #require(!honest.isEmpty)
    scene.desk.sync()
    let before = node.memory.states
    for role in Role.allCases {
      let actor = node.actor(scene.desk.user(role))
      guard !right.raw.contains(role) else {
        let verdict = DeskMemoryJudge.verdict(honest.changes, by: actor, on: node)
        #expect(verdict == nil, "\(role): \(verdict as Any)")
        continue
      }
      let reason = node.forge(honest.changes, by: actor)
      let expected: [VoidReason?] = [.role, .publicReply, .nodeAct, .otherOffice]
      #expect(expected.contains(reason), "\(role): \(reason as Any)")
    }
    scene.desk.sync()
    #expect(node.memory.states == before)
    #expect(other.memory.voids == node.memory.voids)
    #expect(other.memory.voids.count == Role.allCases.count - right.raw.count)
    #expect(other.memory.vector == node.memory.vector)
  }

  @Test func whatOneMayDoWithOnesOwnAccount() throws {
    let scene = try DeskScene()
    for role in Role.allCases {
      let (node, user) = (scene.paris, scene.user(role))
      let actor = node.actor(user)
      // Whoever works changes what is shown of them; everybody changes their password.
      let phone = RowChange(
        RowRef(Tables.user, user),
        [
          CellAction(
            CellKey(UserColumn.phone), .write(.plain(.text("1")), replaces: [], unread: []))
        ])
      let verdict = DeskMemoryJudge.verdict([phone], by: actor, on: node)
      #expect((verdict == nil) == role.mayWork, "\(role)")
      try node.act(.setPassword(user: user, hash: "scrypt$\(role)"), by: user)
      #expect(
        node.row(Tables.user, user).value(UserColumn.passwordHash) == .text("scrypt$\(role)"))
      let token = try node.act(
        .createToken(user: user, hash: Self.hash, label: "", expiresAt: nil), by: user)
      try node.act(.revokeToken(try #require(token.created)), by: user)
    }
    #expect(scene.paris.memory.voids.isEmpty)
  }

  /// A token is made once; whoever may make one may not turn another into it, or bring it back.
  @Test func noTokenIsChangedOrBroughtBack() throws {
    let scene = try DeskScene()
    let node = scene.paris
    let made = try node.act(
      .createToken(user: scene.agent, hash: Self.hash, label: "", expiresAt: nil), by: scene.agent)
    let id = try #require(made.created)
    try node.act(.revokeToken(id), by: scene.agent)
    func write(_ column: UInt16, _ value: Value) -> RowChange {
      RowChange(
        RowRef(Tables.token, id),
        [CellAction(CellKey(column), .write(.plain(value), replaces: [], unread: []))])
    }
    for change in [
      write(TokenColumn.revoked, .integer(0)), write(TokenColumn.revoked, .null),
      write(TokenColumn.expiresAt, .null), write(TokenColumn.user, .integer(scene.lead.rawValue)),
      write(TokenColumn.hash, .text(String(repeating: "1", count: 64))),
    ] {
      for actor in [node.actor(scene.agent), node.actor(scene.admin), node.console] {
        #expect(DeskMemoryJudge.verdict([change], by: actor, on: node) == .rewrite)
      }
    }
  }

  /// Rights look at the first write of a column; a second one must not slip past them.
  @Test func oneValueIsNotWrittenTwice() throws {
    let scene = try DeskScene()
    let node = scene.paris
    func role(_ text: String) -> CellAction {
      CellAction(
        CellKey(UserColumn.role), .write(.plain(.text(text)), replaces: [], unread: []))
    }
    let row = RowRef(Tables.user, node.freshID())
    let agent = node.actor(scene.agent)
    #expect(
      node.forge([RowChange(row, [role("end-user"), role("admin")])], by: agent) == .doubleWrite)
    #expect(
      node.forge([RowChange(row, [role("end-user")]), RowChange(row, [role("admin")])], by: agent)
        == .doubleWrite)
    #expect(!node.row(Tables.user, row.id).exists)
  }
}

extension DutyScene {
  /// A ticket of Paris, known on both nodes.
  func newTicket() throws -> RowID {
    let ticket = try desk.ticket()
    desk.sync()
    return ticket
  }

  /// The row that a command of the admin makes, known on both nodes.
  func made(_ command: DeskCommand) throws -> RowID {
    let id = try tokyo.act(command, by: desk.admin).created
    desk.sync()
    return id ?? .none
  }

  /// Tokyo has accepted its board, and a ticket is on its way that it has not seen.
  func giveTheNodeSomethingToSay() throws {
    at("2026-09-18T20:40Z")
    try tokyo.act(.accept, by: desk.tokyoLead)
    _ = try newTicket()
    at("2026-09-18T20:45Z")
  }
}
