// `helio ticket new`.

internal import ArgumentParser
internal import NIOHTTP1
internal import ReplicaCore

struct TicketNew: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Open a ticket; prints its number.",
    discussion: """
      Example:
        helio ticket new --subject "Le téléphone chauffe" --priority high \\
          --requester claire@example.com --body "Depuis ce matin."
      """)

  @Option(help: ArgumentHelp("What it is about.", valueName: "text"))
  var subject: String

  @OptionGroup var text: BodyArguments

  @Option(
    help: ArgumentHelp(
      "Who asks, by e-mail; unknown addresses become customers (default: the caller).",
      valueName: "email"))
  var requester: String?

  @Option(help: ArgumentHelp("Name of the requester, where new.", valueName: "name"))
  var requesterName: String?

  @Option(help: ArgumentHelp("The group, by name or id.", valueName: "group"))
  var group: String?

  @Option(help: ArgumentHelp("The agent, by e-mail or id, or me.", valueName: "user"))
  var assignee: String?

  @Option(help: ArgumentHelp("low, normal, high or urgent.", valueName: "priority"))
  var priority: Priority?

  @Option(help: ArgumentHelp("question, incident, problem or task.", valueName: "type"))
  var type: Kind?

  @Option(help: ArgumentHelp("A tag; can be repeated.", valueName: "tag"))
  var tag: [String] = []

  @Option(
    help: ArgumentHelp(
      "The home office (default: the group's, else the caller's).",
      valueName: "code"),
    transform: Input.office)
  var home: OfficeID?

  @Flag(help: "The first comment is a private note, not seen by the requester.")
  var privateNote = false

  @OptionGroup var node: NodeOptions

  enum Priority: String, ExpressibleByArgument, CaseIterable { case low, normal, high, urgent }
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case question, incident, problem, task
  }

  func validate() throws {
    guard requesterName == nil || requester != nil else {
      throw ValidationError("--requester-name needs --requester EMAIL.")
    }
  }

  func run(with client: NodeClient) async throws {
    let body = try text.text(terminal)
    let person = requester.map { email in
      JSON.given(["email": JSON(email), "name": requesterName.map(JSON.text)])
    }
    var groupID: Int64?
    if let group { groupID = try await client.group(group) }
    var assigneeID: Int64?
    if let assignee { assigneeID = try await client.user(assignee) }
    let ticket = JSON.given([
      "subject": JSON(subject),
      "comment": ["body": JSON(body), "public": JSON(!privateNote)],
      "requester": person, "group_id": groupID.map(JSON.integer),
      "assignee_id": assigneeID.map(JSON.integer),
      "priority": priority.map { JSON($0.rawValue) }, "type": type.map { JSON($0.rawValue) },
      "tags": tag.isEmpty ? nil : JSON(tag), "home_office": home.map { JSON($0.rawValue) },
    ])
    let answer = try await client.send(.POST, .desk("tickets"), ["ticket": ticket])
    try show(answer) { $0.say(answer["ticket"]["id"].shown) }
  }
}
