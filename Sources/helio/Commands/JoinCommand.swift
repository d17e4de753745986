// `helio join`: a new node for a cluster that exists.

internal import ArgumentParser
internal import Foundation
internal import NodeRuntime

struct JoinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Make a node that joins a cluster, with a token of `helio invite`.",
    discussion: """
      Office, zone and slot come from the token. A join that was cut off goes on where it was \
      when the same command is given again. The token may come from standard input: TOKEN is -.

      Example:
        helio join "$(cat token.txt)" --peer-address tokyo.example:7440
      """)

  @Argument(help: ArgumentHelp("What `helio invite` printed; - reads it.", valueName: "token"))
  var token: String

  @Option(
    help: ArgumentHelp(
      "Name of the node (default: node- and eight digits of its key).",
      valueName: "name"))
  var node: String?

  @OptionGroup var listen: ListenArguments
  @OptionGroup var data: DataOption

  @Flag(help: "Print the report as JSON.")
  var json = false

  func run() async throws {
    let token = token == "-" ? try TextFile.firstLine("-") : token
    let terminal = Terminal.current
    let report = try await NodeFunctions.shipped.join(
      JoinOptions(token: token, node: node, listen: listen.options), data.directory
    ) { terminal.tell(Printable.line($0)) }
    try SetupSummary(report: report, word: "joined").show(json: json, terminal)
  }
}
