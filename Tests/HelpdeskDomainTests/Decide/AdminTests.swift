// Nobody shuts themselves, or everybody, out of administering the desk.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct AdminTests {
  let scene: DeskScene
  let node: DeskNode

  init() throws {
    scene = try DeskScene()
    node = scene.paris
  }

  private static let losses: [(field: String, edit: UserEdit)] = [
    ("role", .withUser { $0.role = .agent }), ("active", .withUser { $0.active = false }),
    ("base", .withUser { $0.deleted = true }),
  ]

  @Test func nobodyTakesTheirOwnAccountAway() throws {
    let other = UserDraft(name: "B", email: "b@paris.example", role: .admin)
    try node.act(.createUser(other), by: scene.admin)
    for (field, edit) in Self.losses {
      #expect(
        problems { try node.act(.updateUser(scene.admin, edit), by: scene.admin) }
          == ["\(field):InvalidValue"])
    }
    // What changes nothing is no loss.
    try node.act(
      .updateUser(
        scene.admin,
        .withUser {
          $0.role = .admin
          $0.active = true
        }), by: scene.admin)
  }

  @Test func theLastActiveAdminStaysForTheOperatorToo() throws {
    for (field, edit) in Self.losses {
      #expect(
        problems { try node.act(.updateUser(scene.admin, edit), by: node.console) }
          == ["\(field):InvalidValue"])
    }
    let other = try #require(
      try node.act(
        .createUser(UserDraft(name: "B", email: "b@paris.example", role: .admin)),
        by: node.console
      ).created)
    try node.act(.updateUser(scene.admin, Self.losses[1].edit), by: other)
    #expect(
      problems { try node.act(.updateUser(other, Self.losses[0].edit), by: node.console) }
        == ["role:InvalidValue"])
    #expect(node.memory.voids.isEmpty)
  }

  @Test func theOperatorBringsBackWhoWasDeleted() throws {
    let back = UserEdit.withUser { $0.active = true }
    let agent = scene.agent
    try node.act(.updateUser(agent, .withUser { $0.deleted = true }), by: scene.admin)
    #expect(throws: Refusal.notFound(kind: "user", id: "\(agent)")) {
      try node.act(.updateUser(agent, back), by: scene.admin)
    }
    let taken = UserDraft(name: "N", email: "agent@paris.example", role: .agent)
    let namesake = try #require(try node.act(.createUser(taken), by: scene.admin).created)
    #expect(
      problems { try node.act(.updateUser(agent, back), by: node.console) }
        == ["email:DuplicateValue"])
    try node.act(.updateUser(namesake, .withUser { $0.deleted = true }), by: scene.admin)
    try node.act(.updateUser(agent, back), by: node.console)
    #expect(node.row(Tables.user, agent).value(UserColumn.deleted) == .integer(0))
    _ = try node.act(
      .createTicket(TicketDraft(subject: "s", comment: CommentDraft(body: "b"))), by: agent)
    scene.sync()
    #expect(scene.tokyo.memory.voids.isEmpty)
  }
}
