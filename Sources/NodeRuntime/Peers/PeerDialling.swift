// How the hub reaches peers; the transport stands behind it.

package import ReplicaCore

/// Opens connections to peers.
package protocol PeerDialling: Sendable {
  /// Connects, proves both sides by certificate, and runs `body` once `peer` is admitted under
  /// the slot expected; the connection ends with it.
  func dial(
    _ address: HostPort, expecting peer: Slot,
    _ body: @escaping @Sendable (any PeerChannel) async -> Void
  ) async throws
}

/// A peer to keep a link with.
package struct PeerTarget: Hashable, Sendable {
  package var slot: Slot
  package var name: String
  package var address: HostPort

  package init(slot: Slot, name: String, address: HostPort) {
    self.slot = slot
    self.name = name
    self.address = address
  }
}
