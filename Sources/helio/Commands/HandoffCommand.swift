// `helio handoff board|accept|cover|note`: what passes at a shift boundary.

internal import ArgumentParser
internal import NIOHTTP1
internal import ReplicaCore

struct HandoffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handoff",
    abstract: "The shift boundary: what goes out, what comes in, who accepts.",
    discussion: """
      Example:
        helio handoff board
      """,
    subcommands: [Board.self, Accept.self, Cover.self, Note.self])

  struct Board: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "The handoff board of an office.",
      discussion: """
        Example:
          helio handoff board --office tokyo
        """)

    @Option(
      help: ArgumentHelp("The office (default: the node's).", valueName: "code"),
      transform: Input.office)
    var office: OfficeID?

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.get(.helio("handoffs").with("office", office?.rawValue))
      try show(answer) { BoardView.show(answer["board"], $0) }
    }
  }

  struct Accept: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Accept the incoming work for all groups of the office on duty.",
      discussion: """
        Only a lead or admin of the office on duty may; --as says who.

        Example:
          helio handoff accept --as lead.tokyo@example.com
        """)
    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.send(.POST, .helio("handoffs", "accept"), [:])
      try show(answer) { BoardView.show(answer["board"], $0) }
    }
  }

  struct Cover: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Cover for an office that did not accept in time: the board, or one ticket.",
      discussion: """
        Only a lead or admin of the fallback office may, and only after the time to accept.

        Example:
          helio handoff cover --ticket 120001 --as lead.paris@example.com
        """)

    @Option(
      help: ArgumentHelp("Only this ticket (default: the whole board).", valueName: "id"),
      transform: Input.id)
    var ticket: Int64?

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.send(
        .POST, .helio("cover").naming("ticket \(ticket ?? 0)", listedBy: "helio ticket list"),
        .given(["ticket_id": ticket.map(JSON.integer)]))
      try show(answer) { terminal in
        terminal.say(ticket.map { "Covering ticket \($0)." } ?? "Covering the board.")
      }
    }
  }

  struct Note: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Leave a note for the office that gets the ticket next.",
      discussion: """
        Example:
          helio handoff note 120001 "Part ordered, arrives Tuesday" --next-action "Call back"
        """)

    @Argument(help: ArgumentHelp("The ticket.", valueName: "id"), transform: Input.id)
    var ticket: Int64

    @Argument(help: ArgumentHelp("The note; - reads it.", valueName: "text"))
    var text: String

    @Option(help: ArgumentHelp("What is to be done next.", valueName: "text"))
    var nextAction: String?

    @Option(help: ArgumentHelp("What the customer was promised; needs --until.", valueName: "text"))
    var promise: String?

    @Option(help: ArgumentHelp("To whom (default: the requester).", valueName: "name"))
    var promisedTo: String?

    @Option(
      help: ArgumentHelp("Until when it was promised.", valueName: "time"), transform: Input.time)
    var until: String?

    @OptionGroup var node: NodeOptions

    func validate() throws {
      guard (promise == nil) == (until == nil), promise != nil || promisedTo == nil else {
        throw ValidationError("--promise and --until go together; --promised-to goes with them.")
      }
    }

    func run(with client: NodeClient) async throws {
      let text = text == "-" ? try TextFile.read("-") : text
      let answer = try await client.send(
        .POST, .helio("handoffs", "note").naming(ticket: ticket),
        .given([
          "ticket_id": JSON(ticket), "text": JSON(text), "next_action": nextAction.map(JSON.text),
          "promise": promise.map { promise in
            JSON.given([
              "text": JSON(promise), "to": promisedTo.map(JSON.text), "until": until.map(JSON.text),
            ])
          },
        ]))
      try show(answer) { $0.say("Noted on ticket \(ticket).") }
    }
  }
}

/// The board on a terminal.
enum BoardView {
  static func show(_ board: JSON, _ terminal: Terminal) {
    let style = terminal.style
    let duty = board["on_duty"].flag
    terminal.say(
      style.bold("Handoff board of \(board["office"].shown)") + " at \(board["at"].shown): "
        + style.paint(duty ? "on duty" : "off duty", duty ? .good : .quiet)
        + (board["slot_end"].text.map { " until \($0)" } ?? ""))
    if let accepted = board["accepted_at"].text {
      terminal.say(style.green("Accepted at \(accepted)"))
    } else if duty {
      terminal.say(style.yellow("Not accepted yet: helio handoff accept --as LEAD"))
    }
    for warning in board["warnings"].items {
      terminal.say(style.yellow("Warning: ") + Printable.text(warning.shown))
    }
    section("IN TRANSIT", "in_transit", board, terminal)
    section("SENT BACK", "sent_back", board, terminal)
    section("ACCEPTED", "accepted", board, terminal)
    section("OUTGOING", "outgoing", board, terminal)
  }

  /// The columns of a subject where no terminal says how wide a line may be; the note follows it.
  static let subjectWidth = 60

  private static func subject(_ text: String, _ terminal: Terminal) -> String {
    guard terminal.width == nil else { return text }
    return Printable.shortened(Printable.line(text), to: subjectWidth)
  }

  private static func section(_ title: String, _ key: String, _ board: JSON, _ terminal: Terminal) {
    let lines = board[key].items
    let count = board["counts"][key].integer ?? Int64(lines.count)
    terminal.say()
    let cut = count > Int64(lines.count) ? ", the first \(lines.count)" : ""
    terminal.say(terminal.style.bold("\(title): \(count)") + cut)
    guard !lines.isEmpty else { return }
    var table = Table([
      .right("TICKET"), .left("STATUS"), .left("PRIORITY"), .left("FROM"), .left("TO"),
      .left("DUE"), .left("ALARM AT"), .flexible("SUBJECT"), .flexible("NOTE"),
    ])
    for line in lines {
      let promise = line["promise"]["text"].text.map {
        "promised by \(line["promise"]["until"].shown): \($0)"
      }
      let note = [line["note"].text, line["next_action"].text.map { "next: \($0)" }, promise]
        .compactMap(\.self).joined(separator: "; ")
      table.add([
        Table.Cell(line["ticket_id"].shown), Table.Cell(line["status"].shown),
        TicketView.priority(line["priority"]), Table.Cell(line["from"].shown),
        Table.Cell(line["to"].shown), Table.Cell(line["due_at"].shown),
        Table.Cell(line["alarm_at"].shown, line["alarm_at"].isNull ? .plain : .warning),
        Table.Cell(subject(line["subject"].shown, terminal)),
        line["note_missing"].flag ? Table.Cell("note missing", .warning) : Table.Cell(note),
      ])
    }
    terminal.say(table)
  }
}
