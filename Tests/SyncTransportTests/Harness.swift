// A listener on loopback for the length of one test.

import Logging
import NIOCore
import ReplicaCore
import Testing

@testable import SyncTransport

/// What a test needs to talk to the listener and to look at it from outside.
struct Harness: Sendable {
  let endpoint: PeerEndpoint
  let transport: PeerTransport
  let logs: LogLines

  /// Another node's transport; it admits everybody unless told otherwise.
  func client(
    _ node: TestNode = .tokyo, timeouts: LinkTimeouts = LinkTimeouts(),
    check: @escaping PeerCheck = { _, _ in .admitted }
  ) -> PeerTransport {
    PeerTransport(
      credentials: node.credentials, timeouts: timeouts, logger: LogLines().logger, check: check)
  }

  func dialer(_ transport: PeerTransport) -> PeerDialer { PeerDialer(transport, to: endpoint) }

  /// `openssl s_client` towards the listener, its input ending at once.
  func openssl(_ words: String..., input: [UInt8] = []) async throws -> Command.Output {
    try await Command.runApart(
      ["timeout", "10", "openssl", "s_client", "-connect", "\(endpoint)"] + words, input: input)
  }

  static func run(
    node: TestNode = .paris, timeouts: LinkTimeouts = LinkTimeouts(),
    check: @escaping PeerCheck = Harness.admitTokyo,
    onPeer: @escaping @Sendable (PeerConnection) async throws -> Void = { _ in },
    onJoin: JoinHandler? = nil, onBulk: PeerListener.BulkHandler? = nil,
    _ body: @Sendable (Harness) async throws -> Void
  ) async throws {
    let logs = LogLines()
    let transport = PeerTransport(
      credentials: node.credentials, timeouts: timeouts, logger: logs.logger, check: check)
    let listener = try await PeerListener.bind(
      transport, at: PeerEndpoint(host: "127.0.0.1", port: 0))
    try await withThrowingTaskGroup { group in
      group.addTask { try await listener.run(onPeer: onPeer, onJoin: onJoin, onBulk: onBulk) }
      try await body(Harness(endpoint: listener.endpoint, transport: transport, logs: logs))
      group.cancelAll()
    }
  }

  /// Sync for Tokyo alone; anybody may ask to join.
  static let admitTokyo: PeerCheck = { peer, purpose in
    purpose == .join || peer.leaf == TestNode.tokyo.leaf ? .admitted : .refused("unknown key")
  }

  /// Sends back every message.
  static let echo: @Sendable (PeerConnection) async throws -> Void = { connection in
    for try await message in connection.inbound { try await connection.send(message) }
  }
}

extension PeerDialer {
  /// Bytes of the test's choice on a link that is open in every other respect; returns when the
  /// other side has closed it.
  func sendRaw(_ pieces: [[UInt8]], every pause: Duration = .zero) async throws {
    let link = try await open(.sync) { _, _ in .admitted }
    try await link.run { inbound, outbound in
      for piece in pieces {
        do {
          try await outbound.write(ByteBuffer(bytes: piece))
        } catch {
          return
        }
        try await Task.sleep(for: pause)
      }
      var frames = inbound.makeAsyncIterator()
      while try await frames.next() != nil {}
    }
  }
}

/// The error that `body` ends with.
func linkError(_ body: () async throws -> Void) async -> PeerLinkError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? PeerLinkError
  }
}
