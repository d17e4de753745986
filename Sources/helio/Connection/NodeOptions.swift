// The options that every command has which asks a running node.

internal import ArgumentParser
internal import Foundation

/// The data directory, also for the commands that need no running node.
struct DataOption: ParsableArguments {
  static let variable = "HELIO_DATA"
  static let standard = "/var/lib/heliotrope"

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The node's data directory (else HELIO_DATA, else \(standard)).", valueName: "dir"))
  var data: String?

  var directory: String { Self.directory(data, ProcessInfo.processInfo.environment) }

  /// The option first, then the variable, then the default.
  static func directory(_ option: String?, _ environment: [String: String]) -> String {
    option ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? standard
  }
}

/// Which node to ask, as whom, and how to print.
struct NodeOptions: ParsableArguments {
  @OptionGroup var data: DataOption

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Ask the node at this URL as an agent, not over the local socket (HELIO_URL).",
      valueName: "url"))
  var url: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "API token for --url (better in HELIO_TOKEN: arguments are seen by all users).",
      valueName: "token"))
  var token: String?

  @Option(
    name: .long,
    help: ArgumentHelp("PEM file of the CA to trust with --url (HELIO_CA).", valueName: "file"))
  var ca: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Over the local socket: act as the user with this e-mail (HELIO_AS).", valueName: "email"))
  var actAs: String?

  @Flag(help: "Print the answer as JSON.")
  var json = false

  func validate() throws {
    let environment = ProcessInfo.processInfo.environment
    if data.data != nil, url != nil {
      throw ValidationError(
        "--data names a node on this machine and --url one elsewhere; give one of them.")
    }
    guard data.data == nil, let url = url ?? Self.variable("HELIO_URL", environment) else {
      if token != nil || ca != nil {
        throw ValidationError("--token and --ca belong to --url URL (or HELIO_URL).")
      }
      return
    }
    guard let parts = URLComponents(string: url), parts.host?.isEmpty == false,
      parts.scheme == "https" || parts.scheme == "http", parts.query == nil,
      parts.path.isEmpty || parts.path == "/"
    else {
      throw ValidationError("\(url) is no base URL; write https://HOST:PORT without a path.")
    }
    guard token != nil || Self.variable("HELIO_TOKEN", environment) != nil else {
      throw ValidationError(
        "\(url) wants an API token: set HELIO_TOKEN or give --token. "
          + "An admin makes one: helio token create --user EMAIL")
    }
    if actAs != nil {
      throw ValidationError("--as works over the local socket only; a token is its user.")
    }
  }

  /// The node that options and environment name. An explicit --data wins over HELIO_URL.
  func endpoint(_ environment: [String: String]) -> Endpoint {
    if data.data == nil, let url = url ?? Self.variable("HELIO_URL", environment) {
      return .url(
        url, token: token ?? Self.variable("HELIO_TOKEN", environment) ?? "",
        ca: ca ?? Self.variable("HELIO_CA", environment))
    }
    return .directory(DataOption.directory(data.data, environment))
  }

  /// The user to act as; only the local socket's owner may choose.
  func user(_ environment: [String: String]) -> String? {
    guard case .directory = endpoint(environment) else { return nil }
    return actAs ?? Self.variable("HELIO_AS", environment)
  }

  private static func variable(_ name: String, _ environment: [String: String]) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// A command that asks a running node.
protocol NodeCommand: AsyncParsableCommand {
  var node: NodeOptions { get }
  func run(with client: NodeClient) async throws
}

extension NodeCommand {
  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    try await NodeClient.with(node.endpoint(environment), actAs: node.user(environment)) {
      try await run(with: $0)
    }
  }

  var terminal: Terminal { .current }

  /// Prints the answer as JSON where that was asked for, else as the closure does.
  func show(_ answer: JSON, _ people: (Terminal) -> Void) throws {
    if node.json {
      terminal.say(try answer.pretty())
    } else {
      people(terminal)
    }
  }
}
