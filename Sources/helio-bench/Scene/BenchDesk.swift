// A desk with people, a roster and tickets, the same in every run.

internal import HelpdeskDomain
internal import NodeRuntime
internal import ReplicaCore

/// Who and what a filled desk holds.
struct BenchDesk: Sendable {
  var lead: Actor
  var agent: Actor
  var tickets: [RowID]

  /// Three offices around the clock, so that every write is judged against real duty slots.
  static let roster = """
    name = "Bench"
    handover = "start"
    fallback = "paris"

    [[offices]]
    code = "paris"
    zone = "Europe/Paris"

    [[offices]]
    code = "singapore"
    zone = "Asia/Singapore"

    [[offices]]
    code = "denver"
    zone = "America/Denver"

    [[shifts]]
    office = "paris"
    start = "09:00"
    end = "18:00"

    [[shifts]]
    office = "singapore"
    start = "08:00"
    end = "17:00"

    [[shifts]]
    office = "denver"
    start = "08:00"
    end = "17:00"
    """

  /// Gives the desk its roster, a lead, an agent, and tickets with a first comment each; then the
  /// lead accepts the board, as at the begin of a shift.
  static func fill(_ node: Node, tickets count: Int, seed: UInt64) async throws -> BenchDesk {
    try await node.publishRoster(roster)
    let lead = try await person("luc@bench.example", .lead, OfficeID("paris"), at: node)
    let agent = try await person("ines@bench.example", .agent, OfficeID("paris"), at: node)
    var random = SeededRandom(seed: seed)
    var tickets: [RowID] = []
    tickets.reserveCapacity(count)
    while tickets.count < count {
      let drafts = (0..<min(512, count - tickets.count)).map { _ in
        DeskCommand.createTicket(draft(&random))
      }
      for result in await node.submit(all: drafts, as: agent) {
        guard let id = try result.get().created else {
          throw BenchFailure("a ticket was not created")
        }
        tickets.append(id)
      }
      if tickets.count % 51_200 == 0 { Progress.say("\(tickets.count) of \(count) tickets") }
    }
    _ = try await node.submit(.accept, as: lead)
    return BenchDesk(lead: lead, agent: agent, tickets: tickets)
  }

  /// Makes a user and returns them as an actor.
  static func person(
    _ email: String, _ role: Role, _ office: OfficeID, at node: Node
  ) async throws -> Actor {
    let draft = UserDraft(name: email, email: email, role: role, office: office)
    _ = try await node.submit(.createUser(draft), as: node.operatorActor)
    guard let actor = try await node.actor(email) else {
      throw BenchFailure("the user \(email) is not there")
    }
    return actor
  }

  private static let words = [
    "printer", "invoice", "login", "cannot", "after", "update", "screen", "customer", "network",
    "slow", "error", "since", "morning", "please", "urgent", "order", "delivery", "password",
    "reset", "license", "server", "backup", "message", "attachment", "téléphone", "facture",
    "retard", "写真", "电话", "故障",
  ]

  static func draft(_ random: inout SeededRandom) -> TicketDraft {
    let subject = text(6, &random)
    var edit = TicketEdit()
    edit.priority = .set(["low", "normal", "high"][Int.random(in: 0..<3, using: &random)])
    edit.type = .set(["question", "incident", "problem"][Int.random(in: 0..<3, using: &random)])
    return TicketDraft(
      subject: subject, comment: CommentDraft(body: text(36, &random)), edit: edit)
  }

  private static func text(_ count: Int, _ random: inout SeededRandom) -> String {
    (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
      .joined(separator: " ")
  }
}
