// `helio token create|list|revoke`: how programs and agents' tools log in.

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
    subcommands: [Create.self, List.self, Revoke.self])

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

  struct List: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tokens, with when each was last used at this node.",
      discussion: """
        As the operator or an admin those of everybody, else your own. Tokens that were revoked \
        or have expired are shown with --all.

        Example:
          helio token list --user mei@example.com
        """)

    @Option(help: ArgumentHelp("Whose, by e-mail or id (default: all).", valueName: "user"))
    var user: String?

    @Flag(help: "Those that are worth nothing any more, too.")
    var all = false

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      var path = NodePath.helio("tokens")
      if let user {
        path = path.with("user_id", String(try await client.user(user)))
      } else {
        let role = try await client.get(.desk("users", "me"))["user"]["helio_role"].text
        if role == "admin" || role == "auditor" { path = path.with("all", "true") }
      }
      let now = Input.time(inSeconds: 0)
      let rows = try await client.list(path, key: "tokens").rows.filter { token in
        let isOver = token["expires_at"].text.map { $0 <= now } ?? false
        return all || !(token["revoked"].flag || isOver)
      }
      try show(["tokens": .list(rows)]) { terminal in
        var table = Table([
          .right("ID"), .right("USER"), .left("LABEL"), .left("MADE"), .left("LAST USED HERE"),
          .left("EXPIRES"), .left("REVOKED"),
        ])
        for token in rows {
          table.add([
            Table.Cell(token["id"].shown), Table.Cell(token["user_id"].shown),
            Table.Cell(token["label"].shown), Table.Cell(token["created_at"].shown),
            Table.Cell(token["last_used_at"].shown), Table.Cell(token["expires_at"].shown),
            Table.Cell(token["revoked"].flag ? "yes" : "no"),
          ])
        }
        terminal.say(table)
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
