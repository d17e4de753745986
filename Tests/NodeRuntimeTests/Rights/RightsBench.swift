// A node with a user of every role, and fresh rows for each request of the table of rights.

import Foundation
import HelpdeskDomain
import ReplicaCore

@testable import NodeRuntime

/// Fills the names of rows in with rows that nothing else has touched.
actor RightsBench {
  let node: Node
  let users: [Role: RowID]
  let tokens: [Role: String]
  /// A customer with an address, a phone and notes, all of them private.
  private let known: RowID
  /// A ticket of that customer whose description is a private comment, with a handoff note.
  private let secret: RowID
  private var count = 0

  /// Stands in everything that a viewer may not see.
  static let sentinel = "sentinel"

  init(_ node: Node) async throws {
    var users: [Role: RowID] = [:]
    var tokens: [Role: String] = [:]
    for role in Role.allCases {
      let user = try await node.freshUser(
        role.rawValue, role, password: role == .endUser ? nil : "password of \(role)")
      users[role] = user
      tokens[role] = try await node.freshToken(user).text
    }
    let admin = try await node.actor("admin@acme.example")
    guard let admin else { throw CancellationError() }
    var edit = UserEdit()
    edit.phone = .set("sentinel 1")
    edit.notes = .set("sentinel 2")
    edit.externalID = .set("sentinel 3")
    let customer =
      try await node.submit(
        .createUser(
          UserDraft(name: "Ada", email: "sentinel@mail.example", role: .endUser, edit: edit)),
        as: admin
      ).created ?? .none
    var ticket = TicketEdit()
    ticket.requester = customer
    let hidden =
      try await node.submit(
        .createTicket(
          TicketDraft(
            subject: "Sun", comment: CommentDraft(body: "sentinel 4", isPublic: false),
            edit: ticket)), as: admin
      ).created ?? .none
    _ = try await node.submit(
      .handoffNote(ticket: hidden, text: "sentinel 5", nextAction: "sentinel 6"), as: admin)
    // Something to find, also for a viewer.
    var organization = OrganizationDraft(name: "O 0")
    organization.notes = .set("sentinel 7")
    _ = try await node.submit(.createOrganization(organization), as: admin)
    (known, secret, self.users, self.tokens) = (customer, hidden, users, tokens)
    self.node = node
  }

  private func run(_ command: DeskCommand) async throws -> RowID {
    // Tickets are a person's; everything else here is the operator's.
    let actor: Actor
    if command.isForPeople, let admin = try await node.actor("admin@acme.example") {
      actor = admin
    } else {
      actor = node.operatorActor
    }
    return try await node.submit(command, as: actor).created ?? .none
  }

  private func number() -> Int {
    count += 1
    return count
  }

  /// What a desk sets up; for everybody.
  private func setup(_ name: String) async throws -> String {
    switch name {
    case "view":
      var draft = ViewDraft()
      draft.title = "V"
      draft.conditions = ViewConditions(all: [ViewCondition("status", "is", .text("new"))])
      draft.output = ViewOutput(columns: ["subject", "description", "requester"])
      return try await run(.view(.create(draft))).description
    case "mine":
      // Somebody's own.
      let owner = try await run(.createUser(UserDraft(name: "K", email: nil, role: .agent)))
      var draft = ViewDraft()
      draft.title = "sentinel 8"
      draft.conditions = ViewConditions(all: [ViewCondition("status", "is", .text("new"))])
      draft.restriction = .user(owner)
      return try await run(.view(.create(draft))).description
    case "my macro":
      let owner = try await run(.createUser(UserDraft(name: "K", email: nil, role: .agent)))
      var draft = MacroDraft()
      draft.title = "sentinel 9"
      draft.actions = [MacroAction("priority", .text("high"))]
      draft.restriction = .user(owner)
      return try await run(.macro(.create(draft))).description
    case "macro":
      var draft = MacroDraft()
      draft.title = "M"
      draft.actions = [MacroAction("priority", .text("high"))]
      return try await run(.macro(.create(draft))).description
    case "schedule", "holiday":
      let schedule = try await run(
        .schedule(.create(ScheduleDraft(name: "S", timeZone: "Europe/Paris"))))
      guard name == "holiday" else { return schedule.description }
      let draft = HolidayDraft(name: "H", startDate: "2026-12-25", endDate: "2026-12-26")
      let holiday = try await run(.schedule(.createHoliday(schedule: schedule, draft)))
      return "\(schedule)/holidays/\(holiday)"
    case "webhook":
      let draft = WebhookDraft(
        name: "P", endpoint: "https://pager.example/in", subscriptions: ["helio:alarm.*"])
      return try await run(.createWebhook(draft, secret: "secret \(number())")).description
    case "list":
      return try await run(.createTicketField(TicketFieldDraft(title: "T", type: "tagger")))
        .description
    default:
      let ticket = try await run(
        .createTicket(TicketDraft(subject: "S", comment: CommentDraft(body: "b"))))
      _ = try await run(.deleteTicket(ticket))
      return ticket.description
    }
  }

  func fill(_ text: String, as role: Role) async throws -> String {
    var text = text
    for name in [
      "ticket", "customer", "colleague", "group", "organization", "membership", "field", "token",
      "self", "known", "secret", "conflict", "fresh", "view", "macro", "schedule", "holiday",
      "webhook", "list", "deleted", "own", "mine", "my macro",
    ] where text.contains("{\(name)}") {
      text = text.replacing("{\(name)}", with: try await row(name, role))
    }
    return text
  }

  private func row(_ name: String, _ role: Role) async throws -> String {
    switch name {
    case "ticket":
      var edit = TicketEdit()
      edit.tags = ["sun"]
      return try await run(
        .createTicket(
          TicketDraft(subject: "S", comment: CommentDraft(body: "b"), edit: edit))
      ).description
    case "customer":
      return try await run(.createUser(UserDraft(name: "C", email: nil, role: .endUser)))
        .description
    case "colleague":
      return try await run(.createUser(UserDraft(name: "K", email: nil, role: .agent)))
        .description
    case "group": return try await run(.createGroup(GroupDraft(name: "G\(number())"))).description
    case "organization":
      return try await run(.createOrganization(OrganizationDraft(name: "O\(number())")))
        .description
    case "membership":
      let user = try await run(.createUser(UserDraft(name: "K", email: nil, role: .agent)))
      let group = try await run(.createGroup(GroupDraft(name: "G\(number())")))
      return try await run(.addMembership(user: user, group: group, isDefault: true)).description
    case "field":
      return try await run(.createTicketField(TicketFieldDraft(title: "T"))).description
    case "token":
      let user = try await run(.createUser(UserDraft(name: "K", email: nil, role: .agent)))
      return try await node.freshToken(user).id.description
    case "self": return (users[role] ?? .none).description
    case "known": return known.description
    case "secret": return secret.description
    case "conflict": return "6-1-2-0"
    case "own":
      var edit = TicketEdit()
      edit.requester = users[role]
      return try await run(
        .createTicket(TicketDraft(subject: "S", comment: CommentDraft(body: "b"), edit: edit))
      ).description
    case "fresh": return String(number())
    default: return try await setup(name)
    }
  }
}

extension DeskCommand {
  /// What a node without a user may not do.
  fileprivate var isForPeople: Bool {
    switch self {
    case .createTicket, .deleteTicket: true
    default: false
    }
  }
}
