// `helio members`, `invite`, `remove`: who belongs to the cluster.

internal import ArgumentParser
internal import NIOHTTP1
internal import ReplicaCore

struct MembersCommand: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "members",
    abstract: "The nodes in the membership log, removed ones too.",
    discussion: """
      Example:
        helio members
      """)

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let answer = try await client.get(.helio("members"))
    try show(answer) { terminal in
      var table = Table([
        .left("NODE"), .left("OFFICE"), .right("SLOT"), .left("STATE"), .left("ADMITTED BY"),
        .left("ADMITTED"), .left("REMOVED"), .left("KEY"),
      ])
      for member in answer["members"].items {
        let state = member["state"].text ?? "unknown"
        table.add([
          Table.Cell(member["node"].shown), Table.Cell(member["office"].shown),
          Table.Cell(member["slot"].shown), Table.Cell(state, state == "active" ? .good : .bad),
          Table.Cell(member["admitted_by"].shown), Table.Cell(member["admitted_at"].shown),
          Table.Cell(member["removed_at"].shown),
          Table.Cell(String(member["key"].shown.prefix(16)), .quiet),
        ])
      }
      terminal.say(table)
    }
  }
}

struct InviteCommand: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "invite",
    abstract: "Make a one-time token with which a new node joins.",
    discussion: """
      The token alone goes to standard output. It is a secret: whoever has it first becomes the \
      node.

      Example:
        helio invite --office tokyo --zone Asia/Tokyo --ttl 30m > token.txt
      """)

  @Option(
    help: ArgumentHelp("Office of the new node.", valueName: "code"), transform: Input.office)
  var office: OfficeID

  @Option(
    help: ArgumentHelp(
      "Time zone of the office; needed for an office that is new.", valueName: "zone"),
    transform: Input.zone)
  var zone: String?

  @Option(
    help: ArgumentHelp("Languages of the office, such as ja,en.", valueName: "list"),
    transform: Input.list)
  var languages: [String] = []

  @Option(
    help: ArgumentHelp("How long the token can be used (default: 30m).", valueName: "span"),
    transform: Input.span)
  var ttl: Int64 = 1_800

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let answer = try await client.send(
      .POST, .helio("invites"),
      [
        "invite": .given([
          "office": JSON(office.rawValue), "zone": zone.map(JSON.text),
          "languages": JSON(languages), "ttl_seconds": JSON(ttl),
        ])
      ])
    let invite = answer["invite"]
    try show(answer) { terminal in
      terminal.say(invite["token"].shown)
      terminal.tell(
        "One node of office \(invite["office"].shown) can join with it until "
          + "\(invite["expires_at"].shown): helio join TOKEN")
    }
  }
}

struct RemoveCommand: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a node from the cluster for good.",
    discussion: """
      Its key, its slot and its live connections are shut out everywhere; what it wrote and the \
      others have stays. It cannot come back but as a new node.

      Example:
        helio remove tokyo-1 --yes
      """)

  @Argument(help: ArgumentHelp("Name of the node, as in `helio members`.", valueName: "node"))
  var name: String

  @Flag(help: "Do not ask.")
  var yes = false

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    guard yes || terminal.confirm("Remove the node \(name) from the cluster for good?") else {
      throw Failure(
        .failed, "The node \(name) was not removed: nobody said yes.",
        hint: "Answer y, or give --yes.")
    }
    let answer = try await client.send(
      .POST,
      .helio("members", name, "remove").naming("node \(name)", listedBy: "helio members"),
      ["confirm": JSON(name)])
    try show(answer) { terminal in
      terminal.say("Removed \(name). Peers cut its connections as soon as they hear of it.")
    }
  }
}
