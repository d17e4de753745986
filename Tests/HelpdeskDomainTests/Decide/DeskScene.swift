// A small company to act in: two offices, a node each, and a user of every role.

import HelpdeskDomain
import ReplicaCore

/// The replicated tables; the ownership tests have a `Desk` of their own.
typealias Tables = HelpdeskDomain.Desk

/// Paris and Tokyo with their people; all known on both nodes.
struct DeskScene {
  static let paris = OfficeID("paris")
  static let tokyo = OfficeID("tokyo")
  /// 2026-09-18T09:00:00Z, a Friday.
  static let start = Instant(seconds: 1_789_722_000)
  static let facts = OfficeFacts(
    order: [paris, tokyo], slots: [Slot(1): paris, Slot(2): tokyo, Slot(3): paris])

  let paris: DeskNode
  let tokyo: DeskNode
  /// Every role, in Paris.
  let users: [Role: RowID]
  /// An agent and a lead in Tokyo.
  let tokyoAgent: RowID
  let tokyoLead: RowID
  let group: RowID

  init(now: Instant = DeskScene.start) throws {
    paris = DeskNode(1, Self.paris, offices: Self.facts, now: now)
    tokyo = DeskNode(2, Self.tokyo, offices: Self.facts, now: now)
    var users: [Role: RowID] = [:]
    for role in Role.allCases {
      let draft = UserDraft(
        name: "\(role) of Paris", email: "\(role.rawValue)@paris.example", role: role,
        office: role == .endUser ? nil : Self.paris)
      users[role] = try paris.act(.createUser(draft), by: paris.console).created
    }
    func tokyoUser(_ role: Role, on node: DeskNode) throws -> RowID {
      let draft = UserDraft(
        name: "\(role) of Tokyo", email: "\(role.rawValue)@tokyo.example", role: role,
        office: Self.tokyo)
      return try node.act(.createUser(draft), by: node.console).created ?? .none
    }
    self.users = users
    tokyoAgent = try tokyoUser(.agent, on: paris)
    tokyoLead = try tokyoUser(.lead, on: paris)
    group =
      try paris.act(.createGroup(GroupDraft(name: "Pumps")), by: paris.console).created ?? .none
    sync()
  }

  func user(_ role: Role) -> RowID { users[role] ?? .none }
  var agent: RowID { user(.agent) }
  var lead: RowID { user(.lead) }
  var admin: RowID { user(.admin) }

  /// Both nodes get all that the other has, and stand at the same time.
  func sync() {
    let now = max(paris.now, tokyo.now)
    paris.now = now
    tokyo.now = now
    tokyo.pull(from: paris)
    paris.pull(from: tokyo)
  }

  /// A ticket made by the agent of Paris.
  func ticket(_ change: (inout TicketDraft) -> Void = { _ in }) throws -> RowID {
    var draft = TicketDraft(subject: "Pump stands", comment: CommentDraft(body: "It stands still"))
    change(&draft)
    return try paris.act(.createTicket(draft), by: agent).created ?? .none
  }
}

extension TicketEdit {
  /// An edit made in one expression.
  static func with(_ change: (inout TicketEdit) -> Void) -> TicketEdit {
    var edit = TicketEdit()
    change(&edit)
    return edit
  }
}

/// The field problems of a refused command, as `field:code`.
func problems(_ body: () throws -> Void) -> [String] {
  do {
    try body()
    return []
  } catch Refusal.invalid(let problems) {
    return problems.map { "\($0.field):\($0.code.rawValue)" }
  } catch {
    return ["\(error)"]
  }
}
