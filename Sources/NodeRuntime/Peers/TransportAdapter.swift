// Puts the TLS transport behind the protocols of the hub, and the membership log behind its check.

internal import ClusterTrust
internal import Logging
internal import ReplicaCore
internal import SyncTransport

/// A connection as the link driver wants it.
final class TransportChannel: PeerChannel {
  private let connection: PeerConnection

  init(_ connection: PeerConnection) { self.connection = connection }

  var remote: String { connection.remoteAddress }
  func send(_ message: SyncMessage) async throws { try await connection.send(message) }
  func receive(_ take: @Sendable (SyncMessage) async -> Void) async throws {
    for try await message in connection.inbound { await take(message) }
  }
  func close() async { connection.close("the session ended") }
}

/// A connection for files as its driver wants it.
final class TransportBulkChannel: BulkChannel {
  private let connection: BulkConnection

  init(_ connection: BulkConnection) { self.connection = connection }

  func send(_ message: BulkMessage) async throws { try await connection.send(message) }
  func receive(_ take: @Sendable (BulkMessage) async throws -> Void) async throws {
    try await connection.receive(take)
  }
  func close(_ reason: String) { connection.close(reason) }
}

/// Dials over the node's transport.
struct TransportDialler: PeerDialling, BulkDialling {
  var transport: PeerTransport
  var book: ClusterBook

  func dial(
    _ address: HostPort, expecting peer: Slot,
    _ body: @escaping @Sendable (any PeerChannel) async -> Void
  ) async throws {
    let endpoint = PeerEndpoint(host: address.host, port: address.port)
    let book = book
    try await PeerDialer(transport, to: endpoint).dial { connection in
      try Self.check(connection.peer, address, expecting: peer, book)
      await body(TransportChannel(connection))
    }
  }

  func dialBulk(
    _ address: HostPort, expecting peer: Slot,
    _ body: @escaping @Sendable (any BulkChannel) async -> Void
  ) async throws {
    let endpoint = PeerEndpoint(host: address.host, port: address.port)
    let book = book
    try await PeerDialer(transport, to: endpoint).dialBulk { connection in
      try Self.check(connection.peer, address, expecting: peer, book)
      await body(TransportBulkChannel(connection))
    }
  }

  private static func check(
    _ found: SyncTransport.PeerIdentity, _ address: HostPort, expecting peer: Slot,
    _ book: ClusterBook
  ) throws(NodeError) {
    guard let member = book.membership.verdict(for: found.leaf).member, member.slot == peer else {
      throw NodeError(
        .issuerNotTrusted, "\(address) is not the node of slot \(peer)",
        hint: "Check the address that this peer announces, or [peers] in node.toml.")
    }
  }
}

/// The node's judgement of certificates, by the membership log alone.
enum PeerJudge {
  /// The check of a running node: members for sync, anybody with a well-formed key for joining.
  static func check(_ book: ClusterBook, own: Slot) -> PeerCheck {
    { peer, purpose in
      switch purpose {
      case .join: return wellFormed(peer)
      case .sync, .bulk:
        switch book.membership.verdict(for: peer.leaf) {
        case .admitted(let member) where member.slot == own:
          return .refused("that is this node's own key")
        case .admitted: return .admitted
        case .refused(let refusal): return .refused("\(refusal.code): \(refusal.message)")
        }
      }
    }
  }

  static func wellFormed(_ peer: SyncTransport.PeerIdentity) -> LinkVerdict {
    do throws(PeerCertificateError) {
      _ = try ClusterTrust.PeerIdentity(certificate: peer.leaf)
      return .admitted
    } catch { return .refused("\(error.code): \(error.message)") }
  }
}
