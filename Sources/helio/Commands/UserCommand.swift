// `helio user add|list|role|disable|enable|password|confirm`: who works here.

internal import ArgumentParser
internal import NIOHTTP1
internal import ReplicaCore

struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: "Users: add, list, change roles, disable, set passwords.",
    discussion: """
      Example:
        helio user list
      """,
    subcommands: [
      Add.self, List.self, ChangeRole.self, Disable.self, Enable.self, Password.self, Confirm.self,
    ])

  /// The roles that `user add` gives; customers come with their tickets.
  enum StaffRole: String, ExpressibleByArgument, CaseIterable {
    case admin, lead, agent
    case lightAgent = "light_agent"
    case viewer, auditor
  }

  struct Add: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a user; prints the new id.",
      discussion: """
        Without --password-file the user works with API tokens only. An act counts for the \
        user's office, whichever node she uses.

        Example:
          helio user add --name "Mei Tan" --email mei@example.com --role agent --office singapore
        """)

    @Option(help: ArgumentHelp("Name.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("E-mail address; it is the login.", valueName: "email"))
    var email: String

    @Option(help: ArgumentHelp("What the user may do.", valueName: "role"))
    var role: StaffRole

    @Option(
      help: ArgumentHelp("The office (default: the node's).", valueName: "code"),
      transform: Input.office)
    var office: OfficeID?

    @Option(
      help: ArgumentHelp(
        "File whose first line is the password; - is standard input.", valueName: "file"))
    var passwordFile: String?

    @OptionGroup var node: NodeOptions

    func validate() throws {
      guard email.contains("@"), !email.contains(where: \.isWhitespace) else {
        throw ValidationError("\"\(email)\" is no e-mail address.")
      }
    }

    func run(with client: NodeClient) async throws {
      let password = try passwordFile.map { path throws(Failure) in
        try TextFile.firstLine(path)
      }
      let answer = try await client.send(
        .POST, .helio("users"),
        [
          "user": .given([
            "name": JSON(name), "email": JSON(email), "role": JSON(role.rawValue),
            "office": office.map { JSON($0.rawValue) }, "password": password.map(JSON.text),
          ])
        ])
      try show(answer) { $0.say(answer["user"]["id"].shown) }
    }
  }

  struct List: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "The users who work here, or all with --all.",
      discussion: """
        Example:
          helio user list --json | jq -r '.users[].email'
        """)

    @Flag(help: "Customers too.")
    var all = false

    @Option(help: ArgumentHelp("At most so many.", valueName: "number"))
    var limit = 1_000

    @OptionGroup var node: NodeOptions

    func validate() throws {
      guard limit > 0 else { throw ValidationError("--limit is \(limit); it must be 1 or more.") }
    }

    func run(with client: NodeClient) async throws {
      var path = NodePath.desk("users")
      if !all {
        for role in StaffRole.allCases { path = path.with("role[]", role.rawValue) }
      }
      let listing = try await client.list(path, key: "users", limit: limit)
      try show(["users": .list(listing.rows), "has_more": JSON(listing.hasMore)]) { terminal in
        var table = Table([
          .right("ID"), .left("NAME"), .left("E-MAIL"), .left("ROLE"), .left("OFFICE"),
          .left("ACTIVE"),
        ])
        for user in listing.rows {
          table.add([
            Table.Cell(user["id"].shown), Table.Cell(user["name"].shown),
            Table.Cell(user["email"].shown), Table.Cell(user["helio_role"].shown),
            Table.Cell(user["office"].shown), Table.Cell(user["active"].shown),
          ])
        }
        terminal.say(table)
        if listing.hasMore { terminal.tell("There are more; see them with a higher --limit.") }
      }
    }
  }
}
