// `helio conflict list|show|resolve`: what two offices wrote without seeing each other.

internal import ArgumentParser
internal import NIOHTTP1

struct ConflictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflict",
    abstract: "The conflict inbox: both values, who wrote them, which is shown and why.",
    discussion: """
      Example:
        helio conflict list
      """,
    subcommands: [List.self, Show.self, Resolve.self])

  struct List: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "What waits to be settled.",
      discussion: """
        Example:
          helio conflict list
        """)

    @Option(help: ArgumentHelp("At most so many.", valueName: "number"))
    var limit = 200

    @OptionGroup var node: NodeOptions

    func validate() throws {
      guard limit > 0 else { throw ValidationError("--limit is \(limit); it must be 1 or more.") }
    }

    func run(with client: NodeClient) async throws {
      let listing = try await client.list(.helio("conflicts"), key: "conflicts", limit: limit)
      try show(["conflicts": .list(listing.rows), "has_more": JSON(listing.hasMore)]) { terminal in
        var table = Table([
          .left("CONFLICT"), .right("TICKET"), .left("WHAT"), .left("RULE"), .flexible("SHOWN"),
          .flexible("OTHER"),
        ])
        for row in listing.rows {
          table.add([
            Table.Cell(row["id"].shown), Table.Cell(row["ticket_id"].shown),
            Table.Cell(row["column"].shown), Table.Cell(row["rule"].shown),
            Table.Cell(row["shown"]["value"].shown),
            Table.Cell(row["others"].items.map { $0["value"].shown }.joined(separator: " | ")),
          ])
        }
        terminal.say(
          table.rows.isEmpty
            ? "No conflicts."
            : table.rendered(
              terminal.style, width: terminal.width))
        if listing.hasMore { terminal.tell("There are more; see them with a higher --limit.") }
      }
    }
  }

  struct Show: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "All values of one conflict.",
      discussion: """
        Example:
          helio conflict show 6-120001-2-0
        """)

    @Argument(help: ArgumentHelp("The conflict, as listed.", valueName: "conflict"))
    var id: String

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.get(
        .helio("conflicts", id).naming("conflict \(id)", listedBy: "helio conflict list"))
      try show(answer) { ConflictCommand.people(answer["conflict"], $0) }
    }
  }

  enum Choice: String, ExpressibleByArgument, CaseIterable { case keep, other, both }

  struct Resolve: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Settle a conflict: keep what is shown, take the other, or both texts.",
      discussion: """
        Example:
          helio conflict resolve 6-120001-2-0 other --as mei@example.com
        """)

    @Argument(help: ArgumentHelp("The conflict, as listed.", valueName: "conflict"))
    var id: String

    @Argument(help: ArgumentHelp("keep, other or both.", valueName: "choice"))
    var choice: Choice

    @Option(
      help: ArgumentHelp(
        "Which other write, where there are several: its dot as shown.", valueName: "dot"))
    var dot: String?

    @OptionGroup var node: NodeOptions

    func validate() throws {
      guard dot == nil || choice == .other else {
        throw ValidationError("--dot belongs to the choice other.")
      }
    }

    func run(with client: NodeClient) async throws {
      let answer = try await client.send(
        .POST,
        .helio("conflicts", id, "resolve")
          .naming("conflict \(id)", listedBy: "helio conflict list"),
        .given(["choice": JSON(choice.rawValue), "dot": dot.map(JSON.text)]))
      try show(answer) { terminal in
        guard !answer["conflict"].isNull else {
          terminal.say("Settled.")
          return
        }
        terminal.say("Settled in part; this is left:")
        ConflictCommand.people(answer["conflict"], terminal)
      }
    }
  }

  private static func people(_ conflict: JSON, _ terminal: Terminal) {
    terminal.say(
      terminal.style.bold("Conflict \(conflict["id"].shown)")
        + ": \(conflict["entity"].shown) \(conflict["row_id"].shown), "
        + "\(conflict["column"].shown); chosen by the rule: \(conflict["rule"].shown)")
    var table = Table([
      .left(""), .left("WRITTEN"), .left("BY"), .left("OWNER"), .left("DOT"), .flexible("VALUE"),
    ])
    let writes =
      [("shown", Tone.good, conflict["shown"])]
      + conflict["others"].items.map { ("other", Tone.plain, $0) }
    for (word, tone, write) in writes {
      table.add([
        Table.Cell(word, tone), Table.Cell(write["written_at"].shown),
        Table.Cell(write["author_id"].shown), Table.Cell(write["by_owner"].shown),
        Table.Cell(write["dot"].shown), Table.Cell(write["value"].shown),
      ])
    }
    terminal.say(table)
  }
}
