// `helio verify`: are the replicas equal?

internal import ArgumentParser
internal import NIOHTTP1

struct VerifyCommand: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare this node's fingerprints with its own rows and with every peer.",
    discussion: """
      Ends with 0 only where every peer was compared and is equal, else with 3: then the error \
      says whether replicas differ or just could not be compared.

      Example:
        helio verify && echo equal
      """)

  @OptionGroup var node: NodeOptions

  /// All rows of this node are read anew, so large desks take their time.
  static let patience: Int64 = 600

  func run(with client: NodeClient) async throws {
    let answer = try await client.send(.POST, .helio("verify"), patience: Self.patience)
    let report = answer["verify"]
    try show(answer) { terminal in Self.people(report, terminal) }
    if !report["equal"].flag { throw Self.finding(report) }
  }

  static func finding(_ report: JSON) -> Failure {
    func names(_ states: String...) -> String {
      report["peers"].items.filter { states.contains($0["state"].text ?? "") }
        .map { "\($0["node"].shown) (\($0["state"].shown))" }.joined(separator: ", ")
    }
    let keep = "Keep the databases as they are, save a copy of each, and run helio doctor on each."
    if !report["self_consistent"].flag {
      return Failure(
        .findings, "This node's stored fingerprints do not agree with its own rows.", hint: keep)
    }
    let different = names("different")
    if !different.isEmpty {
      return Failure(.findings, "This node differs from \(different).", hint: keep)
    }
    return Failure(
      .findings, "Not every peer could be compared: \(names("behind", "unreachable")).",
      hint: "Nothing is wrong yet. Run it again once they are connected and quiet: helio status")
  }

  private static func people(_ report: JSON, _ terminal: Terminal) {
    let style = terminal.style
    let own = report["self_consistent"].flag
    terminal.say("Fingerprint \(report["fingerprint"].shown)")
    terminal.say(
      "Own rows: "
        + style.paint(
          own ? "as the fingerprint says" : "NOT as the fingerprint says", own ? .good : .bad))
    var table = Table([
      .left("PEER"), .left("VERDICT"), .left("SINCE"), .left("BUCKETS THAT DIFFER"),
    ])
    for peer in report["peers"].items {
      let state = peer["state"].text ?? "unknown"
      let tone: Tone =
        switch state {
        case "equal": .good
        case "different": .bad
        default: .warning
        }
      table.add([
        Table.Cell(peer["node"].shown), Table.Cell(state, tone), Table.Cell(peer["since"].shown),
        Table.Cell(peer["differing_buckets"].shown),
      ])
    }
    if table.rows.isEmpty {
      terminal.say("No peer to compare with.")
    } else {
      terminal.say(table)
    }
  }
}
