// Where a new node listens: the same options for `init` and `join`.

internal import ArgumentParser
internal import NodeRuntime

struct ListenArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where peers connect (default: \(ListenOptions.defaultPeerListen)).", valueName: "host:port"),
    transform: Input.address)
  var peerListen: String = ListenOptions.defaultPeerListen

  @Option(
    help: ArgumentHelp(
      "Under which address peers dial this node (default: the one it listens on).",
      valueName: "host:port"),
    transform: Input.address)
  var peerAddress: String?

  @Option(
    help: ArgumentHelp(
      "Where agents connect (default: \(ListenOptions.defaultAPIListen)).", valueName: "host:port"),
    transform: Input.address)
  var apiListen: String = ListenOptions.defaultAPIListen

  @Option(
    help: ArgumentHelp(
      "DNS name or IP address in the node's own API certificate; can be repeated.",
      valueName: "name"))
  var apiName: [String] = []

  @Option(
    help: ArgumentHelp(
      "PEM file: certificate chain for agents, not the node's own.",
      valueName: "file"))
  var apiCert: String?

  @Option(help: ArgumentHelp("PEM file: the key of --api-cert.", valueName: "file"))
  var apiKey: String?

  func validate() throws {
    guard (apiCert == nil) == (apiKey == nil) else {
      throw ValidationError("--api-cert and --api-key go together; one of them is missing.")
    }
    guard apiCert == nil || apiName.isEmpty else {
      throw ValidationError(
        "--api-name is for the node's own certificate; it means nothing beside --api-cert.")
    }
  }

  var options: ListenOptions {
    ListenOptions(
      peerListen: peerListen, peerAddress: peerAddress, apiListen: apiListen, apiNames: apiName,
      apiCertificate: apiCert, apiKey: apiKey)
  }
}
