// Takes connections from other nodes on one port: links for sync, and joiners.

internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A bound listening socket; ``run(onPeer:onJoin:)`` serves it until the task is cancelled.
package struct PeerListener: Sendable {
  /// Where it listens, with the port that the system chose.
  package let endpoint: PeerEndpoint
  private let transport: PeerTransport
  private let server: NIOAsyncChannel<HalfOpenLink, Never>
  private let load = ListenerLoad()

  /// Binds with SO_REUSEADDR. Throws ``PeerLinkError/unreachable(_:)`` where that fails.
  package static func bind(
    _ transport: PeerTransport, at endpoint: PeerEndpoint
  ) async throws(PeerLinkError) -> PeerListener {
    let timeouts = transport.timeouts
    let context = try transport.credentials.serverContext(timeouts)
    var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: PeerSocket.watermarks)
    for (option, value) in PeerSocket.options(timeouts) {
      bootstrap = bootstrap.childChannelOption(option, value: value)
    }
    do {
      let server = try await bootstrap.bind(host: endpoint.host, port: endpoint.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try HalfOpenLink.accepted(on: channel, context: context, timeouts: timeouts)
        }
      }
      let port = server.channel.localAddress?.port ?? endpoint.port
      return PeerListener(
        endpoint: PeerEndpoint(host: endpoint.host, port: port), transport: transport,
        server: server)
    } catch {
      throw .unreachable("\(endpoint) cannot be listened on: \(error)")
    }
  }

  private init(
    endpoint: PeerEndpoint, transport: PeerTransport, server: NIOAsyncChannel<HalfOpenLink, Never>
  ) {
    self.endpoint = endpoint
    self.transport = transport
    self.server = server
  }

  /// What a bulk connection of a judged peer is given to.
  package typealias BulkHandler = @Sendable (BulkConnection) async throws -> Void

  /// Serves until cancelled; then all its links are closed. `onPeer` runs once for each judged
  /// peer, and its return or throw closes that link only. `onJoin` answers a joiner; nil refuses
  /// joiners. `onBulk` is for connections that carry files; nil refuses them.
  package func run(
    onPeer: @escaping @Sendable (PeerConnection) async throws -> Void,
    onJoin: JoinHandler? = nil, onBulk: BulkHandler? = nil
  ) async throws {
    var purposes = [LinkPurpose.sync]
    if onJoin != nil { purposes.append(.join) }
    if onBulk != nil { purposes.append(.bulk) }
    let wanted = purposes
    try await server.executeThenClose { incoming in
      try await withThrowingDiscardingTaskGroup { group in
        for try await half in incoming {
          group.addTask { await serve(half, wanted, onPeer, onJoin, onBulk) }
        }
        group.cancelAll()
      }
    }
  }

  private func serve(
    _ half: HalfOpenLink, _ purposes: [LinkPurpose],
    _ onPeer: @Sendable (PeerConnection) async throws -> Void, _ onJoin: JoinHandler?,
    _ onBulk: BulkHandler?
  ) async {
    let control = half.control
    var logger = transport.logger
    logger[metadataKey: "peer"] = "\(control.address)"
    do {
      try load.enter()
      defer { load.leave() }
      let link = try await judged(half, purposes)
      switch link.purpose {
      case .sync: try await transport.serve(link, .accepted, onPeer)
      case .join: try await JoinExchange.answer(link, transport.timeouts, onJoin)
      case .bulk: try await transport.serveBulk(link, onBulk)
      }
      logger.debug("link ended", metadata: ["alpn": "\(link.purpose.rawValue)"])
    } catch {
      let reason = (error as? PeerLinkError) ?? control.explain(error)
      control.close(reason)
      logger.notice("\(reason.message)", metadata: ["code": "\(reason.code)"])
    }
  }

  private func judged(
    _ half: HalfOpenLink, _ purposes: [LinkPurpose]
  ) async throws(PeerLinkError) -> JudgedLink {
    try load.beginHandshake()
    defer { load.endHandshake() }
    return try await transport.judge(half, wanting: purposes)
  }
}
