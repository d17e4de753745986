// `helio token create|revoke`: how programs and agents' tools log in.

internal import ArgumentParser
internal import NIOHTTP1

struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "API tokens of users.",
    discussion: """
      Example:
        helio token create --user mei@example.com --expires 90d
      """,
    subcommands: [Create.self, Revoke.self])

  struct Create: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an API token; it is shown this once, alone on standard output.",
      discussion: """
        Example:
          export HELIO_TOKEN=$(helio token create --user mei@example.com --expires 90d)
        """)

    @Option(help: ArgumentHelp("Whose, by e-mail or id.", valueName: "user"))
    var user: String

    @Option(help: ArgumentHelp("What it is for.", valueName: "text"))
    var label = "command line"

    @Option(
      help: ArgumentHelp("How long it is good (default: until revoked).", valueName: "span"),
      transform: Input.span)
    var expires: Int64?

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let id = try await client.user(user)
      let answer = try await client.send(
        .POST, .helio("tokens"),
        [
          "token": .given([
            "user_id": JSON(id), "label": JSON(label),
            "expires_at": expires.map { JSON(Input.time(inSeconds: $0)) },
          ])
        ])
      let token = answer["token"]
      try show(answer) { terminal in
        terminal.say(token["token"].shown)
        terminal.tell(
          "Token \(token["id"].shown) of \(user), "
            + (token["expires_at"].text.map { "good until \($0)" } ?? "good until revoked")
            + ": helio token revoke \(token["id"].shown)")
      }
    }
  }

  struct Revoke: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a token worthless everywhere.",
      discussion: """
        Example:
          helio token revoke 340001
        """)

    @Argument(help: ArgumentHelp("The token's id.", valueName: "id"), transform: Input.id)
    var id: Int64

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.send(
        .POST,
        .helio("tokens", String(id), "revoke")
          .naming("token \(id)", listedBy: nil))
      try show(answer.isNull ? ["revoked": JSON(id)] : answer) { $0.say("Revoked token \(id).") }
    }
  }
}
