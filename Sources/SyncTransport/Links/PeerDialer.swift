// Keeps a link to one other node, however often it breaks.

internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Dials one endpoint.
package struct PeerDialer: Sendable {
  package let endpoint: PeerEndpoint
  private let transport: PeerTransport

  package init(_ transport: PeerTransport, to endpoint: PeerEndpoint) {
    self.transport = transport
    self.endpoint = endpoint
  }

  /// One link: connect, handshake, verdict, then `handler`; its return or throw closes the link.
  /// Throws ``PeerLinkError`` or what the handler throws.
  package func dial<Result: Sendable>(
    _ handler: @Sendable (PeerConnection) async throws -> Result
  ) async throws -> Result {
    let link = try await open(.sync, transport.check)
    return try await transport.serve(link, .dialled, handler)
  }

  /// One connection for files; `handler`'s return or throw closes it. Throws ``PeerLinkError`` or
  /// what the handler throws.
  package func dialBulk(_ handler: @escaping PeerListener.BulkHandler) async throws {
    try await transport.serveBulk(try await open(.bulk, transport.check), handler)
  }

  /// Dials again and again until the task is cancelled. A link counts as one that worked once a
  /// message came in: a node that does not admit us closes right after the handshake.
  ///
  /// - Parameters:
  ///   - seed: for the jitter of the waits; different for each node and peer.
  ///   - onFailure: told of each link that ended or did not come about, and the wait until the
  ///     next try.
  package func keepDialling(
    seed: UInt64, onFailure: @Sendable (PeerLinkError, Duration) async -> Void = { _, _ in },
    _ handler: @escaping @Sendable (PeerConnection) async throws -> Void
  ) async {
    var backoff = Backoff(seed: seed)
    var logger = transport.logger
    logger[metadataKey: "peer"] = "\(endpoint)"
    while !Task.isCancelled {
      var worked = false
      var reason = PeerLinkError.closed("the session ended")
      do {
        worked = try await dial { connection in
          do {
            try await handler(connection)
          } catch  where connection.counters.total(.received).frames > 0 {
            throw EndedWell(cause: error)
          }
          return connection.counters.total(.received).frames > 0
        }
      } catch let ended as EndedWell {
        worked = true
        reason = (ended.cause as? PeerLinkError) ?? .closed("\(ended.cause)")
      } catch {
        reason = (error as? PeerLinkError) ?? .closed("\(error)")
      }
      if Task.isCancelled { return }
      if worked { backoff.reset() }
      let wait = backoff.next()
      logger.notice(
        "\(reason.message)", metadata: ["code": "\(reason.code)", "again in": "\(wait)"])
      await onFailure(reason, wait)
      try? await Task.sleep(for: wait)
    }
  }

  func open(
    _ purpose: LinkPurpose, _ check: @escaping PeerCheck
  ) async throws(PeerLinkError) -> JudgedLink {
    let timeouts = transport.timeouts
    let context = try transport.credentials.clientContext(timeouts, for: purpose)
    let group = MultiThreadedEventLoopGroup.singleton
    var bootstrap = ClientBootstrap(group: group)
      .resolver(NameResolver(loop: group.next()))
      .connectTimeout(TimeAmount(timeouts.connect))
      .channelOption(.writeBufferWaterMark, value: PeerSocket.watermarks)
    for (option, value) in PeerSocket.options(timeouts) {
      bootstrap = bootstrap.channelOption(option, value: value)
    }
    let half: HalfOpenLink
    do {
      half = try await bootstrap.connect(host: endpoint.host, port: endpoint.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try HalfOpenLink.dialled(
            to: endpoint, on: channel, context: context, purpose: purpose, timeouts: timeouts,
            check: check)
        }
      }
    } catch {
      throw .unreachable(PeerDialer.words(for: error, endpoint))
    }
    return try await transport.judge(half, wanting: [purpose])
  }

  private static func words(for error: any Error, _ endpoint: PeerEndpoint) -> String {
    if case .unreachable(let why) = TLSWords.linkError(error) { return why }
    return "\(endpoint) cannot be reached: \(error)"
  }
}

/// A handler's error on a link on which messages had come in.
private struct EndedWell: Error {
  let cause: any Error
}
