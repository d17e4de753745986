// A machine that is no node yet asks an issuer to be let in.

package import Logging

/// The joiner's side.
package struct JoinClient: Sendable {
  private let credentials: NodeCredentials
  private let timeouts: LinkTimeouts
  private let logger: Logger

  /// - Parameter credentials: a self-issued certificate over the joiner's new key.
  package init(
    credentials: NodeCredentials, timeouts: LinkTimeouts = LinkTimeouts(), logger: Logger
  ) {
    self.credentials = credentials
    self.timeouts = timeouts
    self.logger = logger
  }

  /// Sends `request` and returns the answer. `checkServer` judges the issuer's leaf in the
  /// handshake: where it refuses, no byte of the request has left this machine.
  /// Throws ``PeerLinkError``.
  package func exchange(
    with endpoint: PeerEndpoint, request: [UInt8],
    checkServer: @escaping @Sendable (PeerIdentity) async -> LinkVerdict
  ) async throws -> [UInt8] {
    let transport = PeerTransport(
      credentials: credentials, timeouts: timeouts, logger: logger
    ) { peer, _ in await checkServer(peer) }
    let link = try await PeerDialer(transport, to: endpoint).open(.join, transport.check)
    return try await JoinExchange.ask(link, timeouts, request: request)
  }
}
