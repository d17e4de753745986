// What a joiner asks of an issuer, as the transport sees it: bytes from somebody.

/// One request on `helio-join/1`.
package struct JoinCall: Hashable, Sendable {
  /// ClusterTrust's encoding of the request.
  package let request: [UInt8]
  /// The joiner's key is proved by TLS; who it is, only the request can say.
  package let joiner: PeerIdentity
  /// The joiner's IP address without port, for the limit on tries.
  package let address: String
}

/// Answers a joiner in ClusterTrust's encoding, refusals included.
package typealias JoinHandler = @Sendable (JoinCall) async -> [UInt8]
