// Real nodes in one process: real databases, real TLS on loopback, real joins.

import Foundation
import HelpdeskDomain
import Logging
import NodeRuntime
import ReplicaCore
import Synchronization

/// A node that runs until the test ends.
final class RunningNode: Sendable {
  let node: Node
  let directory: String
  private let task: Task<Void, any Error>

  init(_ node: Node, in directory: String) {
    self.node = node
    self.directory = directory
    task = Task { try await node.run() }
  }

  func stop() async {
    task.cancel()
    _ = await task.result
  }
}

/// A cluster of real nodes below one temporary folder.
final class TestCluster {
  let root: String
  private(set) var nodes: [RunningNode] = []
  static let passphrase = "correct horse battery staple"
  static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  init() throws {
    root = NSTemporaryDirectory() + "helio-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func directory(_ name: String) -> String { "\(root)/\(name)" }

  static func listen() throws -> ListenOptions {
    let port = try FreePort.take()
    return ListenOptions(
      peerListen: "127.0.0.1:\(port)", apiListen: "127.0.0.1:\(try FreePort.take())")
  }

  /// Founds the cluster with its first office.
  @discardableResult
  func found(_ office: String = "paris", zone: String = "Europe/Paris") async throws -> RunningNode
  {
    _ = try await NodeSetup.found(
      FoundOptions(
        cluster: "acme", office: OfficeID(office), zone: zone, listen: try Self.listen(),
        rootPassphrase: Self.passphrase, drill: true),
      in: directory(office))
    return try await start(office)
  }

  /// Starts the node of a directory; `ahead` sets its wall clock wrong, in milliseconds.
  func start(_ name: String, ahead: Int64 = 0) async throws -> RunningNode {
    let clock = NodeClock(wall: { NodeClock.systemWall() + ahead })
    let node = try await Node.open(directory: directory(name), log: Self.log, clock: clock)
    let running = RunningNode(node, in: directory(name))
    nodes.append(running)
    return running
  }

  func invite(_ office: String, zone: String, by issuer: RunningNode) async throws -> String {
    try await issuer.node.makeInvite(office: office, zone: zone)
  }

  /// Invites, joins and starts a node of another office.
  func join(_ office: String, zone: String, by issuer: RunningNode) async throws -> RunningNode {
    let token = try await invite(office, zone: zone, by: issuer)
    _ = try await NodeSetup.join(
      JoinOptions(token: token, node: "\(office)-1", listen: try Self.listen()),
      in: directory(office), progress: { _ in })
    return try await start(office)
  }

  func stopAll() async {
    for node in nodes { await node.stop() }
  }
}

/// Ports that nobody listens on right now, each given once. They lie below those that the system gives to
/// outgoing connections: one of these could take a port between its choice and its use.
enum FreePort {
  struct NoPort: Error {}

  private static let range = 10_000..<32_000
  private static let next = Atomic(Int.random(in: range))

  static func take() throws -> Int {
    for _ in range {
      let number = next.add(1, ordering: .relaxed).newValue
      let port = range.lowerBound + number % range.count
      if isFree(port) { return port }
    }
    throw NoPort()
  }

  private static func isFree(_ port: Int) -> Bool {
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(handle) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}

/// Waits until something holds, at most `seconds`.
func eventually(
  _ seconds: Double = 20, _ holds: @Sendable () async throws -> Bool
) async throws -> Bool {
  let end = Date().addingTimeInterval(seconds)
  while Date() < end {
    if try await holds() { return true }
    try await Task.sleep(for: .milliseconds(50))
  }
  return try await holds()
}
