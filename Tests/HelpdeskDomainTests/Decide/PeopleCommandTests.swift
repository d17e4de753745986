// Users, tokens, groups, organizations and fields through decide.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct PeopleCommandTests {
  let scene: DeskScene
  let node: DeskNode

  init() throws {
    scene = try DeskScene()
    node = scene.paris
  }

  @Test func emailsAreNormalAndUniqueHere() throws {
    let draft = UserDraft(name: "Ana", email: " Ana@Example.COM ", role: .agent)
    let id = try #require(try node.act(.createUser(draft), by: node.console).created)
    #expect(node.row(Tables.user, id).value(UserColumn.email) == .text("ana@example.com"))
    #expect(node.row(Tables.user, id).value(UserColumn.office) == .text("paris"))
    #expect(
      problems { try node.act(.createUser(draft), by: node.console) } == ["email:DuplicateValue"])
    // A deleted user's address is free again.
    try node.act(.updateUser(id, .withUser { $0.deleted = true }), by: scene.admin)
    #expect(try node.act(.createUser(draft), by: node.console).created != nil)
  }

  /// Two offices may take one address while they are apart: both apply.
  @Test func duplicatesMadeApartBothApply() throws {
    let draft = UserDraft(name: "Ana", email: "ana@example.com", role: .endUser)
    let here = try #require(try node.act(.createUser(draft), by: scene.agent).created)
    let there = try #require(
      try scene.tokyo.act(.createUser(draft), by: scene.tokyoAgent).created)
    scene.sync()
    for replica in [scene.paris, scene.tokyo] {
      #expect(replica.memory.voids.isEmpty)
      #expect(
        replica.memory.rows(
          of: Tables.user, column: UserColumn.email, equals: .text("ana@example.com"))
          == [here, there].sorted())
    }
  }

  @Test(arguments: ["no-at", "@b", "a@", "a b@c", "a@b@c", ""])
  func badAddressesAreNamed(_ email: String) {
    #expect(
      problems {
        try node.act(
          .createUser(UserDraft(name: "X", email: email, role: .endUser)), by: node.console)
      } == ["email:InvalidValue"])
  }

  @Test func timeZonesAreThoseOfTheDatabase() throws {
    var draft = UserDraft(name: "Z", email: nil, role: .endUser)
    draft.edit.timeZone = .set("Nope")
    #expect(
      problems { try node.act(.createUser(draft), by: node.console) } == ["time_zone:InvalidValue"])
    draft.edit.timeZone = .set("Asia/Tokyo")
    let id = try #require(try node.act(.createUser(draft), by: node.console).created)
    let nowhere = UserEdit.withUser { $0.timeZone = .set("Mars/Nope") }
    #expect(
      problems { try node.act(.updateUser(id, nowhere), by: scene.agent) }
        == ["time_zone:InvalidValue"])
    #expect(node.row(Tables.user, id).value(UserColumn.timeZone) == .text("Asia/Tokyo"))
  }

  @Test func externalIDsAndNamesOfOrganizationsAreUniqueHereAndNotApart() throws {
    var user = UserDraft(name: "E", email: nil, role: .endUser)
    user.edit.externalID = .set("e-1")
    let first = try #require(try node.act(.createUser(user), by: scene.agent).created)
    #expect(
      problems { try node.act(.createUser(user), by: scene.agent) }
        == ["external_id:DuplicateValue"])
    let other = try #require(
      try node.act(
        .createUser(UserDraft(name: "F", email: nil, role: .endUser)), by: scene.agent
      ).created)
    let same = UserEdit.withUser { $0.externalID = .set("e-1") }
    #expect(
      problems { try node.act(.updateUser(other, same), by: scene.agent) }
        == ["external_id:DuplicateValue"])
    #expect(try node.act(.updateUser(first, same), by: scene.agent).isEmpty)

    var firm = OrganizationDraft(name: "Globex")
    firm.externalID = .set("g-1")
    try node.act(.createOrganization(firm), by: scene.agent)
    firm.name = "GLOBEX"
    #expect(
      problems { try node.act(.createOrganization(firm), by: scene.agent) }
        == ["name:DuplicateValue", "external_id:DuplicateValue"])
    // Letters beyond ASCII have their case, in one node's batch as in its tables.
    for name in ["Écluse", "écluse"] {
      try node.act(.createOrganization(OrganizationDraft(name: name)), by: scene.agent)
    }
    // The other office has not heard of them: both apply, and may still be changed.
    let there = try #require(
      try scene.tokyo.act(.createUser(user), by: scene.tokyoAgent).created)
    try scene.tokyo.act(.createOrganization(firm), by: scene.tokyoAgent)
    scene.sync()
    #expect(node.memory.voids.isEmpty && scene.tokyo.memory.voids.isEmpty)
    let edit = UserEdit.withUser {
      $0.externalID = .set("e-1")
      $0.phone = .set("+33 1")
    }
    for id in [first, there] { try node.act(.updateUser(id, edit), by: scene.agent) }
  }

  @Test func endUsersAreInNoGroup() {
    #expect(
      problems {
        try node.act(
          .addMembership(user: scene.user(.endUser), group: scene.group, isDefault: true),
          by: scene.admin)
      } == ["user_id:InvalidValue"])
  }

  @Test func usersMayChangeThemselvesButNotTheirRights() throws {
    try node.act(
      .updateUser(scene.agent, .withUser { $0.phone = .set("+33 1") }), by: scene.agent)
    #expect(throws: Refusal.self) {
      try node.act(.updateUser(scene.agent, .withUser { $0.role = .admin }), by: scene.agent)
    }
    #expect(throws: Refusal.self) {
      try node.act(.updateUser(scene.lead, .withUser { $0.phone = .clear }), by: scene.agent)
    }
    let promotion = RowChange(
      RowRef(Tables.user, scene.agent),
      [
        CellAction(
          CellKey(UserColumn.role), .write(.plain(.text("admin")), replaces: [], unread: []))
      ])
    #expect(node.forge([promotion], by: node.actor(scene.agent)) == .role)
    #expect(node.actor(scene.agent).role == .agent)
  }

  @Test func agentsBringInCustomersButNotColleagues() throws {
    let customer = UserDraft(name: "C", email: "c@example.com", role: .endUser)
    let id = try #require(try node.act(.createUser(customer), by: scene.agent).created)
    try node.act(.updateUser(id, .withUser { $0.name = "Cy" }), by: scene.agent)
    #expect(throws: Refusal.self) {
      try node.act(.updateUser(id, .withUser { $0.role = .lead }), by: scene.agent)
    }
    #expect(node.memory.voids.isEmpty)
  }

  @Test func unknownOfficesAreRefused() {
    let draft = UserDraft(name: "X", email: nil, role: .agent, office: OfficeID("atlantis"))
    #expect(
      problems { try node.act(.createUser(draft), by: node.console) } == ["office:InvalidValue"])
  }

  @Test func tokensAreMadeForOneselfAndRevoked() throws {
    let hash = String(repeating: "0f", count: 32)
    let make = DeskCommand.createToken(
      user: scene.agent, hash: hash, label: "cli", expiresAt: nil)
    let id = try #require(try node.act(make, by: scene.agent).created)
    #expect(throws: Refusal.self) { try node.act(.revokeToken(id), by: scene.lead) }
    try node.act(.revokeToken(id), by: scene.agent)
    #expect(node.row(Tables.token, id).value(TokenColumn.revoked) == .integer(1))
    #expect(
      problems {
        try node.act(
          .createToken(user: scene.agent, hash: "XY", label: "", expiresAt: .zero),
          by: scene.agent)
      } == ["hash:InvalidValue", "expires_at:InvalidValue"])
  }

  @Test func oneUserHasSoManyTokensThatAreGood() throws {
    let hash = String(repeating: "0f", count: 32)
    func make(_ user: RowID, expiresAt: Instant? = nil) -> DeskCommand {
      .createToken(user: user, hash: hash, label: "", expiresAt: expiresAt)
    }
    let soon = node.now + 3_600_000
    try node.act(make(scene.agent, expiresAt: soon), by: scene.agent)
    let second = try #require(try node.act(make(scene.agent), by: scene.agent).created)
    for _ in 2..<DeskLimits.tokens { try node.act(make(scene.agent), by: scene.agent) }
    // Nobody makes one more for them; others have their own.
    for actor in [scene.agent, scene.admin] {
      #expect(problems { try node.act(make(scene.agent), by: actor) } == ["base:InvalidValue"])
    }
    try node.act(make(scene.lead), by: scene.lead)
    try node.act(.revokeToken(second), by: scene.agent)
    try node.act(make(scene.agent), by: scene.agent)
    #expect(problems { try node.act(make(scene.agent), by: scene.agent) } == ["base:InvalidValue"])
    node.now = soon
    try node.act(make(scene.agent), by: scene.agent)
  }

  /// Each office's door lets so many through; what both let through stands on both.
  @Test func tokensMadeApartStandEverywhere() throws {
    let hash = String(repeating: "0f", count: 32)
    let make = DeskCommand.createToken(
      user: scene.agent, hash: hash, label: "", expiresAt: nil)
    for other in [scene.paris, scene.tokyo] {
      for _ in 0..<DeskLimits.tokens { try other.act(make, by: scene.admin) }
    }
    scene.sync()
    for other in [scene.paris, scene.tokyo] {
      #expect(other.memory.rows(of: Tables.token).count == 2 * DeskLimits.tokens)
      #expect(other.memory.voids.isEmpty)
      #expect(problems { try other.act(make, by: scene.admin) } == ["base:InvalidValue"])
    }
  }

  @Test func groupNamesAreUniqueHere() throws {
    #expect(
      problems { try node.act(.createGroup(GroupDraft(name: " Pumps ")), by: scene.admin) }
        == ["name:DuplicateValue"])
    #expect(
      problems { try node.act(.createGroup(GroupDraft(name: nil)), by: scene.admin) }
        == ["name:BlankValue"])
    try node.act(.deleteGroup(scene.group), by: scene.admin)
    try node.act(.createGroup(GroupDraft(name: "Pumps")), by: scene.admin)
  }

  @Test func theFirstMembershipIsTheDefaultUntilAnotherIsSo() throws {
    let other = try #require(
      try node.act(.createGroup(GroupDraft(name: "Valves")), by: scene.admin).created)
    func join(_ group: RowID, _ isDefault: Bool) throws -> RowID {
      try node.act(
        .addMembership(user: scene.agent, group: group, isDefault: isDefault), by: scene.admin
      ).created ?? .none
    }
    let first = try join(scene.group, false)
    #expect(node.row(Tables.membership, first).value(MembershipColumn.isDefault) == .integer(1))
    let second = try join(other, true)
    #expect(node.row(Tables.membership, first).value(MembershipColumn.isDefault) == .integer(0))
    #expect(node.row(Tables.membership, second).value(MembershipColumn.isDefault) == .integer(1))
    #expect(problems { _ = try join(other, false) } == ["group_id:DuplicateValue"])
    try node.act(.removeMembership(second), by: scene.admin)
    _ = try join(other, false)
  }

  @Test func organizationsKeepTheirSets() throws {
    var draft = OrganizationDraft(name: "Acme")
    draft.domains = ["Acme.Example", "acme.example"]
    draft.notes = .set("Old customer")
    let id = try #require(try node.act(.createOrganization(draft), by: scene.agent).created)
    #expect(
      node.row(Tables.organization, id).elements(OrganizationColumn.domains)
        == [.text("acme.example")])
    var edit = OrganizationDraft(name: nil)
    edit.notes = .clear
    try node.act(.updateOrganization(id, edit), by: scene.agent)
    #expect(node.row(Tables.organization, id).value(OrganizationColumn.notes) == .null)
    #expect(node.row(Tables.organization, id).value(OrganizationColumn.name) == .text("Acme"))
    #expect(throws: Refusal.self) { try node.act(.deleteOrganization(id), by: scene.agent) }
    try node.act(.deleteOrganization(id), by: scene.admin)
  }

  @Test func fieldsHaveKnownTypesAndUniqueKeys() throws {
    let draft = TicketFieldDraft(title: "Colour", type: "text", key: "colour")
    try node.act(.createTicketField(draft), by: scene.admin)
    #expect(
      problems { try node.act(.createTicketField(draft), by: scene.admin) }
        == ["key:DuplicateValue"])
    #expect(
      problems {
        try node.act(
          .createTicketField(TicketFieldDraft(title: "", type: "smell", options: "{}")),
          by: scene.admin)
      } == ["title:BlankValue", "type:InvalidValue", "custom_field_options:InvalidValue"])
  }

  @Test func fieldsKeepTheirTypeAndTakeTheirPlaceAtOnce() throws {
    var draft = TicketFieldDraft(title: "Late", type: "text")
    draft.active = false
    draft.position = 40
    let id = try #require(try node.act(.createTicketField(draft), by: scene.admin).created)
    #expect(node.row(Tables.ticketField, id).value(TicketFieldColumn.active) == .integer(0))
    #expect(node.row(Tables.ticketField, id).value(TicketFieldColumn.position) == .integer(40))
    var edit = TicketFieldEdit()
    edit.type = "integer"
    #expect(
      problems { try node.act(.ticketField(.update(id, edit)), by: scene.admin) }
        == ["type:InvalidValue"])
    edit.type = "text"
    #expect(try node.act(.ticketField(.update(id, edit)), by: scene.admin).isEmpty)
  }
}
