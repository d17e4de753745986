// `helio init`: the first node of a new cluster.

internal import ArgumentParser
internal import Foundation
internal import NodeRuntime
internal import ReplicaCore

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Found a cluster: make its first node and its root key.",
    discussion: """
      The root key is sealed with a passphrase of at least \(RootPassphrase.minimumLength) \
      characters: from HELIO_ROOT_PASSPHRASE, from --root-passphrase-file, or asked for on the \
      terminal. Move the key file that is named at the end off the machine; no running node \
      needs it.

      Example:
        helio init --cluster acme --office paris --zone Europe/Paris --languages fr,en
      """)

  @Option(help: ArgumentHelp("Name of the cluster.", valueName: "name"))
  var cluster: String

  @Option(
    help: ArgumentHelp("Code of this node's office, such as paris.", valueName: "code"),
    transform: Input.office)
  var office: OfficeID

  @Option(
    help: ArgumentHelp("Time zone of the office, such as Europe/Paris.", valueName: "zone"),
    transform: Input.zone)
  var zone: String

  @Option(
    help: ArgumentHelp("Languages of the office, such as fr,en.", valueName: "list"),
    transform: Input.list)
  var languages: [String] = []

  @Option(help: ArgumentHelp("Name of the node (default: OFFICE-1).", valueName: "name"))
  var node: String?

  @OptionGroup var listen: ListenArguments

  @Option(
    help: ArgumentHelp(
      "File whose first line is the root passphrase; - is standard input.", valueName: "file"))
  var rootPassphraseFile: String?

  @Flag(help: "A drill cluster: `serve --drill-offset` may move its roster time. Not for work.")
  var drill = false

  @OptionGroup var data: DataOption

  @Flag(help: "Print the report as JSON.")
  var json = false

  func validate() throws {
    guard !cluster.trimmingCharacters(in: .whitespaces).isEmpty else {
      throw ValidationError("--cluster is empty; give the cluster a name, such as acme.")
    }
  }

  func run() async throws {
    let passphrase = try RootPassphrase.read(
      file: rootPassphraseFile, environment: ProcessInfo.processInfo.environment,
      terminal: .current)
    let options = FoundOptions(
      cluster: cluster, office: office, zone: zone, languages: languages, node: node,
      listen: listen.options, rootPassphrase: passphrase, drill: drill)
    let report = try await NodeFunctions.shipped.found(options, data.directory)
    try SetupSummary(report: report, word: "founded").show(json: json, .current)
  }
}

/// Where the passphrase of a new root key comes from.
enum RootPassphrase {
  static let variable = "HELIO_ROOT_PASSPHRASE"
  static let minimumLength = 12

  static func read(
    file: String?, environment: [String: String], terminal: Terminal
  ) throws(Failure) -> String {
    if let file { return try checked(TextFile.firstLine(file), from: file) }
    if let text = environment[variable] { return try checked(text, from: variable) }
    guard terminal.inputIsTerminal else {
      throw Failure(
        .usage, "A new root key needs a passphrase, and there is no terminal to ask for it.",
        hint: "Set \(variable) or give --root-passphrase-file FILE.")
    }
    let first = try checked(
      terminal.secret("Passphrase of the root key: ") ?? "", from: "the passphrase")
    guard terminal.secret("Once more: ") == first else {
      throw Failure(.usage, "The two passphrases differ.", hint: "Run the command again.")
    }
    return first
  }

  static func checked(_ text: String, from source: String) throws(Failure) -> String {
    guard text.count >= minimumLength else {
      throw Failure(
        .usage,
        "The root passphrase has \(text.count) characters (\(source)); it needs at least "
          + "\(minimumLength).",
        hint: "Choose a longer one, such as four words: it guards the key of the whole cluster.")
    }
    return text
  }
}

/// What `init` and `join` print at the end.
struct SetupSummary {
  let report: SetupReport
  let word: String

  func show(json: Bool, _ terminal: Terminal) throws {
    if json {
      terminal.say(try JSON.of(report).pretty())
      return
    }
    let style = terminal.style
    terminal.say(
      style.green("Node \(report.node) of office \(report.office) \(word)")
        + ": cluster \(report.cluster) (\(report.clusterID)), slot \(report.slot)")
    terminal.say("Data directory: \(report.dataDirectory)")
    if let file = report.rootKeyFile {
      terminal.say(style.bold("Move the sealed root key off this machine: ") + file)
    }
    if let bytes = report.snapshotBytes {
      terminal.say(
        "Snapshot: \(bytes) bytes in \(report.snapshotChunks ?? 0) chunks; "
          + "\(report.replayedDeltas ?? 0) deltas replayed after it")
    }
    terminal.say("Start it: helio serve --data \(report.dataDirectory)")
  }
}
