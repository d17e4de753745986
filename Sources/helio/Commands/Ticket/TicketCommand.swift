// `helio ticket …`: an agent's work from the command line.

internal import ArgumentParser
internal import NIOHTTP1

struct TicketCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ticket",
    abstract: "Work on tickets; over the local socket as the user of --as.",
    discussion: """
      Example:
        export HELIO_AS=mei@example.com
        helio ticket list --status open
        helio ticket reply 120001 --body "The part is on its way."
      """,
    subcommands: [
      TicketNew.self, TicketList.self, TicketShow.self, TicketReply.self, TicketNote.self,
      TicketTake.self, TicketHandTo.self, TicketSendBack.self, TicketStay.self,
      TicketMoveOn.self, TicketSolve.self,
    ])
}

/// The text of a comment: given, from a file, or from standard input.
struct BodyArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The text; without it, it is read from standard input.",
      valueName: "text"))
  var body: String?

  @Option(help: ArgumentHelp("File with the text; - is standard input.", valueName: "file"))
  var bodyFile: String?

  func validate() throws {
    guard body == nil || bodyFile == nil else {
      throw ValidationError("--body and --body-file say the same thing; give one of them.")
    }
  }

  /// The text, which must say something.
  func text(_ terminal: Terminal) throws(Failure) -> String {
    if let given = try given() { return given }
    if terminal.inputIsTerminal { terminal.tell("Write the text, then Ctrl-D:") }
    return try checked(TextFile.read("-"))
  }

  /// The text where one was given, without asking for it.
  func given() throws(Failure) -> String? {
    if let body { return try checked(body) }
    if let bodyFile { return try checked(TextFile.read(bodyFile)) }
    return nil
  }

  private func checked(_ text: String) throws(Failure) -> String {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw Failure(
        .usage, "The text is empty; a comment must say something.",
        hint: "Give --body TEXT or --body-file FILE.")
    }
    return text
  }
}

struct TicketNumber: ParsableArguments {
  @Argument(help: ArgumentHelp("The ticket.", valueName: "id"), transform: Input.id)
  var id: Int64
}

/// Tickets on a terminal.
enum TicketView {
  static func status(_ value: JSON) -> Table.Cell {
    let tone: Tone =
      switch value.text {
      case "new": .bad
      case "open": .warning
      case "solved", "closed": .good
      default: .plain
      }
    return Table.Cell(value.shown, tone)
  }

  static func priority(_ value: JSON) -> Table.Cell {
    Table.Cell(value.shown, value.text == "urgent" ? .bad : .plain)
  }

  static func person(_ id: JSON, _ names: [Int64: String]) -> String {
    guard let number = id.integer else { return "-" }
    return names[number] ?? String(number)
  }
}

extension NodePath {
  func naming(ticket: Int64) -> NodePath {
    naming("ticket \(ticket)", listedBy: "helio ticket list")
  }
}

extension NodeClient {
  func update(ticket: Int64, _ members: JSON) async throws(Failure) -> JSON {
    try await send(
      .PUT, .desk("tickets", String(ticket)).naming(ticket: ticket), ["ticket": members])
  }

  /// One of our own acts on a ticket, such as `take`.
  func act(_ name: String, on ticket: Int64, _ body: JSON = [:]) async throws(Failure) -> JSON {
    try await send(
      .POST, .helio("tickets", String(ticket), name).naming(ticket: ticket), body)
  }
}
