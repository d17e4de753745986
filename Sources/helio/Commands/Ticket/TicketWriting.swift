// `helio ticket reply|note|solve`: what is written into a ticket.

internal import ArgumentParser

struct TicketReply: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "reply",
    abstract: "Answer the requester in public.",
    discussion: """
      Example:
        helio ticket reply 120001 --body "Bonjour, la pièce est en route." --status pending
      """)

  @OptionGroup var ticket: TicketNumber
  @OptionGroup var text: BodyArguments

  @Option(help: ArgumentHelp("And set the status.", valueName: "status"))
  var status: TicketList.Status?

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let answer = try await client.update(
      ticket: ticket.id,
      .given([
        "comment": ["body": JSON(try text.text(terminal)), "public": true],
        "status": status.map { JSON($0.rawValue) },
      ]))
    try show(answer) { $0.say("Replied on ticket \(ticket.id).") }
  }
}

struct TicketNote: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Add a private note; the requester does not see it.",
    discussion: """
      Example:
        helio ticket note 120001 --body "Warranty checked, still valid."
      """)

  @OptionGroup var ticket: TicketNumber
  @OptionGroup var text: BodyArguments
  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let answer = try await client.update(
      ticket: ticket.id, ["comment": ["body": JSON(try text.text(terminal)), "public": false]])
    try show(answer) { $0.say("Noted on ticket \(ticket.id).") }
  }
}

struct TicketSolve: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Set the status to solved, with a public reply if one is given.",
    discussion: """
      Example:
        helio ticket solve 120001 --body "Works again. Thank you for your patience."
      """)

  @OptionGroup var ticket: TicketNumber
  @OptionGroup var text: BodyArguments
  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let reply = try text.given().map { JSON.object(["body": JSON($0), "public": true]) }
    let answer = try await client.update(
      ticket: ticket.id, .given(["status": "solved", "comment": reply]))
    try show(answer) { $0.say("Solved ticket \(ticket.id).") }
  }
}
