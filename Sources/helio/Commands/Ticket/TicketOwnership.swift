// `helio ticket take|hand-to|send-back|stay|move-on`: who has the ticket.

internal import ArgumentParser
internal import ReplicaCore

struct TicketTake: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "take",
    abstract: "Assign a ticket to yourself, and the office with it.",
    discussion: """
      A ticket that another office owns is taken only after a yes, or with --even-if-foreign.

      Example:
        helio ticket take 120001 --as mei@example.com
      """)

  @OptionGroup var ticket: TicketNumber

  @Flag(help: "Do not ask where another office owns it.")
  var evenIfForeign = false

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let answer = try await take(client)
    try show(answer) { OwnershipView.say("Took", ticket.id, answer, $0) }
  }

  private func take(_ client: NodeClient) async throws(Failure) -> JSON {
    do throws(Failure) {
      return try await client.act(
        "take", on: ticket.id, ["even_if_foreign": JSON(evenIfForeign)])
    } catch {
      guard error.name == "ForeignTicket", !evenIfForeign else { throw error }
      // What follows the first sentence is for callers of the API.
      let message = error.message.prefix { $0 != "." } + "."
      guard terminal.confirm("\(Printable.line(String(message))) Take it nevertheless?") else {
        throw Failure(.failed, String(message), hint: "To take it nevertheless: --even-if-foreign")
      }
    }
    return try await client.act("take", on: ticket.id, ["even_if_foreign": true])
  }
}

struct TicketHandTo: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "hand-to",
    abstract: "Hand a ticket to another office, and to one of its agents if you name one.",
    discussion: """
      Example:
        helio ticket hand-to 120001 tokyo --agent kenji@example.com --note "Speaks Japanese only"
      """)

  @OptionGroup var ticket: TicketNumber

  @Argument(help: ArgumentHelp("The office.", valueName: "office"), transform: Input.office)
  var office: OfficeID

  @Option(help: ArgumentHelp("The agent, by e-mail or id.", valueName: "user"))
  var agent: String?

  @Option(help: ArgumentHelp("A note for them.", valueName: "text"))
  var note: String?

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    var agentID: Int64?
    if let agent { agentID = try await client.user(agent) }
    let answer = try await client.act(
      "hand-to", on: ticket.id,
      .given([
        "office": JSON(office.rawValue), "agent_id": agentID.map(JSON.integer),
        "note": note.map(JSON.text),
      ]))
    try show(answer) { OwnershipView.say("Handed to \(office):", ticket.id, answer, $0) }
  }
}

struct TicketSendBack: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "send-back",
    abstract: "Send a ticket back to the office that had it before.",
    discussion: """
      Example:
        helio ticket send-back 120001 --note "The customer asks for Claire"
      """)

  @OptionGroup var ticket: TicketNumber

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var note: String?

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let answer = try await client.act(
      "send-back", on: ticket.id, .given(["note": note.map(JSON.text)]))
    try show(answer) { OwnershipView.say("Sent back", ticket.id, answer, $0) }
  }
}

struct TicketStay: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "stay",
    abstract: "Let a ticket stay at its home office over the boundaries.",
    discussion: """
      It wakes to the office on duty at --wake, or when its home stays closed too long.

      Example:
        helio ticket stay 120001 --wake 2026-09-18T23:00:00Z
      """)

  @OptionGroup var ticket: TicketNumber

  @Option(
    help: ArgumentHelp(
      "When it wakes: a time in UTC, or a span from now such as 12h.",
      valueName: "time"),
    transform: Input.time)
  var wake: String?

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let answer = try await client.act(
      "stay", on: ticket.id, .given(["wake_at": wake.map(JSON.text)]))
    try show(answer) { OwnershipView.say("Stays:", ticket.id, answer, $0) }
  }
}

struct TicketMoveOn: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "move-on",
    abstract: "Let a ticket move on with the sun.",
    discussion: """
      Example:
        helio ticket move-on 120001
      """)

  @OptionGroup var ticket: TicketNumber
  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let answer = try await client.act("move-on", on: ticket.id)
    try show(answer) { OwnershipView.say("Moves on:", ticket.id, answer, $0) }
  }
}

/// What an act on ownership did, in one line.
enum OwnershipView {
  static func say(_ did: String, _ ticket: Int64, _ answer: JSON, _ terminal: Terminal) {
    let owner = answer["ownership"]
    let line = owner.isNull ? "" : "; owner: \(TicketShow.owner(owner))"
    terminal.say("\(did) ticket \(ticket)\(Printable.line(line))")
  }
}

extension NodeClient {
  /// The owner reports of these tickets, by ticket.
  func owners(of tickets: [Int64]) async throws(Failure) -> [Int64: JSON] {
    var owners: [Int64: JSON] = [:]
    for start in stride(from: 0, to: tickets.count, by: Self.pageSize) {
      let part = tickets[start..<min(start + Self.pageSize, tickets.count)]
      let answer = try await get(
        .helio("ownership").with("ids", part.map(String.init).joined(separator: ",")))
      for report in answer["ownerships"].items {
        if let ticket = report["ticket_id"].integer { owners[ticket] = report }
      }
    }
    return owners
  }
}
