// Three protocols share one port; ALPN tells them apart.

/// What a connection is for.
package enum LinkPurpose: String, Hashable, Sendable, CaseIterable {
  case sync = "helio-sync/1"
  case join = "helio-join/1"
  /// The bytes of attachments, so that no delta waits behind them.
  case bulk = "helio-bulk/1"
}

/// Whether a peer may talk, and if not, why.
package enum LinkVerdict: Hashable, Sendable {
  case admitted
  case refused(String)
}

/// The node's judgement of a peer's leaf certificate. The transport has only proved that the peer
/// holds the leaf's private key; who it is, is for the caller to say. It is asked on both sides,
/// before a byte of the application is read or written, and again once the link is listed (so that
/// a removal in between closes it).
package typealias PeerCheck = @Sendable (PeerIdentity, LinkPurpose) async -> LinkVerdict
