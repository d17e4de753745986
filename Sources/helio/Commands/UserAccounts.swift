// `helio user role|disable|enable|password|confirm`: whether a user may come in, and as what.

internal import ArgumentParser
internal import NIOHTTP1

extension UserCommand {
  struct ChangeRole: NodeCommand {
    static let configuration = CommandConfiguration(
      commandName: "role",
      abstract: "Give a user another role.",
      discussion: """
        The last active admin keeps theirs: make another one first.

        Example:
          helio user role mei@example.com admin
        """)

    @Argument(help: ArgumentHelp("By e-mail or id.", valueName: "user"))
    var user: String

    @Argument(help: ArgumentHelp("What the user may do.", valueName: "role"))
    var role: StaffRole

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.change(user, ["helio_role": JSON(role.rawValue)])
      try show(answer) { $0.say("\(user) is \(answer["user"]["helio_role"].shown) now.") }
    }
  }

  struct Disable: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep a user out: passwords, tokens and open streams end.",
      discussion: """
        It counts at once at every node that has the change. A node that is cut off hears of it \
        later; docs/OPERATING.md says what it does until then.

        Example:
          helio user disable mei@example.com
        """)

    @Argument(help: ArgumentHelp("By e-mail or id.", valueName: "user"))
    var user: String

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.setActive(user, false)
      try show(answer) { $0.say("Disabled \(user).") }
    }
  }

  struct Enable: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a user in again, with the tokens and password of before.",
      discussion: """
        On the node's own machine it brings back a user who was deleted, too.

        Example:
          helio user enable mei@example.com
        """)

    @Argument(help: ArgumentHelp("By e-mail or id.", valueName: "user"))
    var user: String

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.setActive(user, true)
      try show(answer) { $0.say("Enabled \(user).") }
    }
  }

  struct Password: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Set the password of a user, such as one who has lost theirs.",
      discussion: """
        It has 10 to 128 characters. The previous one is worth nothing from then on; tokens stay.

        Example:
          helio user password mei@example.com --password-file -
        """)

    @Argument(help: ArgumentHelp("By e-mail or id.", valueName: "user"))
    var user: String

    @Option(
      help: ArgumentHelp(
        "File whose first line is the password; - is standard input.", valueName: "file"))
    var passwordFile: String

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let password = try TextFile.firstLine(passwordFile)
      let id = try await client.user(user)
      let answer = try await client.send(
        .POST,
        .desk("users", String(id), "password")
          .naming("user \(id)", listedBy: "helio user list"),
        ["password": JSON(password)])
      try show(answer) { $0.say("Set the password of \(user).") }
    }
  }

  struct Confirm: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Answer for a user at a node that has been cut off for too long.",
      discussion: """
        Only on the node's own machine, over its socket. It counts at this node alone, for as long \
        as the node may be cut off before it asks (sign_in_grace_hours in node.toml).

        Example:
          helio user confirm mei@example.com
        """)

    @Argument(help: ArgumentHelp("By e-mail or id.", valueName: "user"))
    var users: [String]

    @OptionGroup var node: NodeOptions

    func validate() throws {
      guard !users.isEmpty else { throw ValidationError("Name at least one user.") }
    }

    func run(with client: NodeClient) async throws {
      var answers: [JSON] = []
      for user in users {
        let id = try await client.user(user)
        answers.append(
          try await client.send(
            .POST,
            .helio("users", String(id), "confirm")
              .naming("user \(id)", listedBy: "helio user list")))
      }
      try show(["confirmed": .list(answers)]) { terminal in
        for (user, answer) in zip(users, answers) {
          terminal.say("\(user) is let in until \(answer["confirmed_until"].shown).")
        }
      }
    }
  }
}

extension NodeClient {
  func setActive(_ name: String, _ active: Bool) async throws(Failure) -> JSON {
    try await change(name, ["active": JSON(active)])
  }

  /// Changes members of a user who is named by e-mail or id; the answer holds the `user`.
  func change(_ name: String, _ members: JSON) async throws(Failure) -> JSON {
    let id = try await user(name)
    return try await send(
      .PUT, .desk("users", String(id)).naming("user \(id)", listedBy: "helio user list"),
      ["user": members])
  }
}
