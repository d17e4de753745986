// `helio link pause|resume`: stops talking to peers, for maintenance and drills.

internal import ArgumentParser
internal import NIOHTTP1

struct LinkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Stop and resume talking to peers.",
    discussion: """
      Example:
        helio link pause tokyo-1
      """,
    subcommands: [Pause.self, Resume.self])

  struct Pause: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop talking to a peer until resumed; work goes on here and there.",
      discussion: """
        Example:
          helio link pause tokyo-1
        """)
    @OptionGroup var target: Target
    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      try await LinkCommand.set(paused: true, target, self, client)
    }
  }

  struct Resume: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Talk to a peer again.",
      discussion: """
        Example:
          helio link resume --all
        """)
    @OptionGroup var target: Target
    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      try await LinkCommand.set(paused: false, target, self, client)
    }
  }

  struct Target: ParsableArguments {
    @Argument(help: ArgumentHelp("Name of the peer's node.", valueName: "peer"))
    var peer: String?

    @Flag(help: "All peers.")
    var all = false

    func validate() throws {
      guard (peer != nil) != all else {
        throw ValidationError("Name one peer, or give --all.")
      }
    }
  }

  private static func set(
    paused: Bool, _ target: Target, _ command: some NodeCommand, _ client: NodeClient
  ) async throws {
    let answer = try await client.send(
      .POST,
      .helio("links", target.peer ?? "all", paused ? "pause" : "resume")
        .naming("peer \(target.peer ?? "")", listedBy: "helio status"))
    try command.show(answer) { terminal in
      terminal.say(SiteTable.table(answer["sites"].items))
    }
  }
}
