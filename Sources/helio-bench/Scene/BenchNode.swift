// A real node that a measurement founds, joins, starts and stops: real files, TLS and signatures.

internal import Foundation
internal import HelpdeskDomain
internal import Logging
internal import NodeRuntime
internal import ReplicaCore

/// A node that runs until it is stopped.
final class BenchNode: Sendable {
  let node: Node
  let directory: String
  private let task: Task<Void, any Error>

  private static let log = Logger(label: "helio-bench") { _ in SwiftLogNoOpLogHandler() }

  private init(_ node: Node, _ directory: String) {
    self.node = node
    self.directory = directory
    task = Task { try await node.run() }
  }

  var database: String { DataDirectory(directory).database }

  /// Makes the data directory of a new cluster's first office. It is a drill cluster, so that a
  /// boundary can be brought near.
  static func found(in directory: String, relay: Int? = nil) async throws {
    _ = try await NodeSetup.found(
      FoundOptions(
        cluster: "bench", office: OfficeID("paris"), zone: "Europe/Paris",
        listen: try await listen(relay),
        rootPassphrase: "a passphrase of the bench", drill: true), in: directory)
  }

  /// Joins as another office.
  static func join(
    _ office: String, zone: String, at issuer: BenchNode, in directory: String, relay: Int? = nil
  ) async throws {
    let token = try await issuer.node.makeInvite(office: office, zone: zone, seconds: 3_600)
    _ = try await NodeSetup.join(
      JoinOptions(token: token, node: "\(office)-1", listen: try await listen(relay)),
      in: directory, progress: { _ in })
  }

  /// Brings roster time to 10:00 UTC: Paris is on duty and will be for hours, whenever the
  /// benchmark runs. In seconds, the same for all nodes of a run.
  static let noon: Int64 = 36_000 - Int64(Date().timeIntervalSince1970) % 86_400

  /// Starts the node of a directory; `drill` moves roster time, in seconds.
  static func start(_ directory: String, drill: Int64 = BenchNode.noon) async throws -> BenchNode {
    let node = try await Node.open(
      directory: directory, options: ServeOptions(drillOffsetSeconds: drill), log: log)
    return BenchNode(node, directory)
  }

  /// Ends the node and closes its database.
  func stop() async {
    task.cancel()
    _ = await task.result
  }

  /// `relay`: the port by which peers are told to come, in place of the one listened on.
  private static func listen(_ relay: Int?) async throws -> ListenOptions {
    ListenOptions(
      peerListen: "127.0.0.1:\(try await FreePort.take())",
      peerAddress: relay.map { "127.0.0.1:\($0)" },
      apiListen: "127.0.0.1:\(try await FreePort.take())", apiNames: ["127.0.0.1"])
  }
}

/// Waits until something holds; a scene that never comes about is a failure, not a hang.
func eventually(
  _ what: String, seconds: Double, every: Duration = .milliseconds(2),
  _ holds: @Sendable () async throws -> Bool
) async throws {
  let watch = Stopwatch()
  while watch.seconds < seconds {
    if try await holds() { return }
    try await Task.sleep(for: every)
  }
  guard try await holds() else {
    throw BenchFailure("\(what): not within \(Int(seconds)) seconds")
  }
}
