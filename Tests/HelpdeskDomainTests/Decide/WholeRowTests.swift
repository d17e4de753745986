// Clients read a whole row, change a little and send all of it back: what stays is not asked about.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct WholeRowTests {
  let scene: DeskScene
  let node: DeskNode

  init() throws {
    scene = try DeskScene()
    node = scene.paris
  }

  @Test func whatOfficesNamedTwiceMayStillBeChanged() throws {
    let group = GroupDraft(name: "Twins")
    let firm = OrganizationDraft(name: "Twins")
    let twin = OrganizationDraft(name: "TWINS")
    let user = UserDraft(name: "Ana", email: "ana@example.com", role: .endUser)
    var made: [RowID] = []
    for (office, agent) in [(scene.paris, scene.agent), (scene.tokyo, scene.tokyoAgent)] {
      made.append(try #require(try office.act(.createGroup(group), by: office.console).created))
      let draft = office === scene.paris ? firm : twin
      made.append(try #require(try office.act(.createOrganization(draft), by: agent).created))
      made.append(try #require(try office.act(.createUser(user), by: agent).created))
    }
    scene.sync()
    var changedGroup = group
    changedGroup.description = "all day"
    for id in [made[0], made[3]] {
      try node.act(.updateGroup(id, changedGroup), by: scene.admin)
    }
    for (id, draft) in [(made[1], firm), (made[4], twin)] {
      var changed = draft
      changed.notes = .set("calls early")
      try node.act(.updateOrganization(id, changed), by: scene.agent)
    }
    #expect(
      problems { try node.act(.updateOrganization(made[1], twin), by: scene.agent) }
        == ["name:DuplicateValue"])
    for id in [made[2], made[5]] {
      let edit = UserEdit.withUser {
        $0.email = .set("Ana@example.com")
        $0.phone = .set("+33 1")
      }
      try node.act(.updateUser(id, edit), by: scene.agent)
    }
  }

  /// An agent sends back their own user with the role that it has, and nothing more comes of it.
  @Test func rightsThatStayAsTheyAreTakeNobodysLeave() throws {
    let own = UserEdit.withUser {
      $0.role = .agent
      $0.office = scene.paris.office
      $0.active = true
      $0.phone = .set("+33 2")
    }
    try node.act(.updateUser(scene.agent, own), by: scene.agent)
    scene.sync()
    #expect(node.row(Tables.user, scene.agent).value(UserColumn.phone) == .text("+33 2"))
    #expect(node.memory.voids.isEmpty && scene.tokyo.memory.voids.isEmpty)
    for wish: (inout UserEdit) -> Void in [
      { $0.role = .admin }, { $0.office = scene.tokyo.office }, { $0.active = false },
    ] {
      var edit = own
      wish(&edit)
      #expect(throws: Refusal.self) {
        try node.act(.updateUser(scene.agent, edit), by: scene.agent)
      }
    }
  }

  @Test func aTicketKeepsWhomAndWhatItNames() throws {
    let customer = scene.user(.endUser)
    let firm = try #require(
      try node.act(.createOrganization(OrganizationDraft(name: "Pumps Inc")), by: scene.agent)
        .created)
    let list = TicketFieldDraft(
      title: "Colour", type: "tagger", options: #"[{"name":"Red","value":"red"}]"#)
    let field = try #require(try node.act(.createTicketField(list), by: scene.admin).created)
    let id = try scene.ticket {
      $0.edit.requester = customer
      $0.edit.assignee = .set(scene.lead)
      $0.edit.group = .set(scene.group)
      $0.edit.organization = .set(firm)
      $0.edit.collaborators = [scene.lead, customer]
      $0.edit.fields = [field: .text("red")]
    }
    try node.act(.updateUser(customer, .withUser { $0.deleted = true }), by: scene.admin)
    try node.act(.updateUser(scene.lead, .withUser { $0.active = false }), by: scene.admin)
    try node.act(.deleteGroup(scene.group), by: scene.admin)
    try node.act(.deleteOrganization(firm), by: scene.admin)
    try node.act(.ticketField(.delete(field)), by: scene.admin)
    var whole = TicketEdit.with {
      $0.requester = customer
      $0.assignee = .set(scene.lead)
      $0.group = .set(scene.group)
      $0.organization = .set(firm)
      $0.collaborators = [scene.lead, customer]
      $0.fields = [field: .text("red")]
      $0.tags = ["leaks"]
    }
    let done = try node.act(.updateTicket(id, whole), by: scene.agent)
    #expect(done.changes.count == 1)
    #expect(node.ticket(id).elements(TicketColumn.tags) == [.text("leaks")])
    // To another ticket they are as gone as ever.
    whole.fields = [field: .text("green")]
    #expect(
      problems { try node.act(.updateTicket(id, whole), by: scene.agent) }
        == ["custom_fields:RecordNotFound"])
    let other = try scene.ticket()
    #expect(
      Set(problems { try node.act(.updateTicket(other, whole), by: scene.agent) }) == [
        "requester_id:RecordNotFound", "assignee_id:RecordNotFound", "group_id:RecordNotFound",
        "organization_id:RecordNotFound", "collaborator_ids:RecordNotFound",
        "custom_fields:RecordNotFound",
      ])
  }

  @Test func aUserKeepsAnOrganizationThatIsGone() throws {
    let firm = try #require(
      try node.act(.createOrganization(OrganizationDraft(name: "Gone Inc")), by: scene.agent)
        .created)
    let customer = scene.user(.endUser)
    var whole = UserEdit.withUser { $0.organization = .set(firm) }
    try node.act(.updateUser(customer, whole), by: scene.agent)
    try node.act(.deleteOrganization(firm), by: scene.admin)
    whole.phone = .set("+33 3")
    try node.act(.updateUser(customer, whole), by: scene.agent)
    #expect(node.row(Tables.user, customer).value(UserColumn.phone) == .text("+33 3"))
    #expect(
      problems { try node.act(.updateUser(scene.lead, whole), by: scene.admin) }
        == ["organization_id:RecordNotFound"])
  }

  @Test func aMacroKeepsTheGroupItSets() throws {
    let group = MacroAction("group_id", .text("\(scene.group)"))
    var draft = MacroDraft()
    draft.title = "To the pumps"
    draft.actions = [group]
    let id = try #require(try node.act(.macro(.create(draft)), by: scene.lead).created)
    try node.act(.deleteGroup(scene.group), by: scene.admin)
    draft.actions = [group, MacroAction("status", .text("open"))]
    try node.act(.macro(.update(id, draft)), by: scene.lead)
    #expect(
      problems { try node.act(.macro(.create(draft)), by: scene.lead) }
        == ["actions[0].value:InvalidValue"])
  }

  @Test func aViewKeepsTheGroupItAsksFor() throws {
    let gone = ViewCondition("group_id", "is", .text("\(scene.group)"))
    var draft = ViewDraft()
    draft.title = "Pumps"
    draft.conditions = ViewConditions(all: [gone])
    let id = try #require(try node.act(.view(.create(draft)), by: scene.lead).created)
    try node.act(.deleteGroup(scene.group), by: scene.admin)
    draft.title = "Old pumps"
    draft.conditions?.all.append(ViewCondition("status", "is", .text("open")))
    try node.act(.view(.update(id, draft)), by: scene.lead)
    #expect(node.row(Tables.view, id).value(ViewColumn.title) == .text("Old pumps"))
    draft.conditions?.any = [ViewCondition("assignee_id", "is", .number(999))]
    #expect(
      problems { try node.act(.view(.update(id, draft)), by: scene.lead) }
        == ["any[0].value:RecordNotFound"])
  }
}
