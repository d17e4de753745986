// `helio serve`: runs the node until it is told to stop.

internal import ArgumentParser
internal import NodeRuntime

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Run the node of a data directory until SIGTERM or SIGINT.",
    discussion: """
      Example:
        helio serve --data /srv/heliotrope
      """)

  @OptionGroup var data: DataOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Move roster time by this much; only in a drill cluster, the same on all its nodes.",
      valueName: "seconds"))
  var drillOffset: Int64 = 0

  @Option(
    help: ArgumentHelp(
      "Dial this peer at another address than it announces; can be repeated.",
      valueName: "name=host:port"),
    transform: Input.peer)
  var peer: [PeerAddress] = []

  func validate() throws {
    let names = peer.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("--peer names \(twice) twice; a peer is dialled at one address.")
    }
  }

  var options: ServeOptions {
    ServeOptions(
      drillOffsetSeconds: drillOffset,
      peerAddresses: Dictionary(uniqueKeysWithValues: peer.map { ($0.name, $0.address) }))
  }

  func run() async throws {
    try await NodeFunctions.shipped.serve(data.directory, options)
  }
}
