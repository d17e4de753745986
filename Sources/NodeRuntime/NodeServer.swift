// `helio serve`: a node as a service that ends cleanly on a signal.

package import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// Runs a node until SIGTERM or SIGINT.
package enum NodeServer {
  /// Throws ``NodeError`` where the node cannot start, or why it ended.
  package static func run(
    directory: String, options: ServeOptions, log: Logger
  ) async throws(NodeError) {
    OpenFiles.raiseLimit()
    do {
      let node = try await Node.open(directory: directory, options: options, log: log)
      let group = ServiceGroup(
        services: [NodeService(node: node)], gracefulShutdownSignals: [.sigterm, .sigint],
        logger: log)
      try await group.run()
    } catch { throw NodeError.from(error, doing: "serving") }
  }
}

private struct NodeService: Service {
  let node: Node

  func run() async throws { try await cancelWhenGracefulShutdown { try await node.run() } }
}
