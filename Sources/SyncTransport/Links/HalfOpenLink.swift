// A socket on which TLS is under way.

internal import NIOCore
internal import NIOSSL

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The channel, the protocol that the handshake agrees on, and the leaf that the peer presented.
struct HalfOpenLink: Sendable {
  let control: LinkControl
  let leaf: PresentedLeaf
  private let handshake: EventLoopFuture<String?>

  private init(control: LinkControl, leaf: PresentedLeaf, handshake: EventLoopFuture<String?>) {
    self.control = control
    self.leaf = leaf
    self.handshake = handshake
  }

  /// The accepting side: any single certificate whose key the peer holds gets through the
  /// handshake, since only afterwards is it known for what it came; then it is judged.
  static func accepted(
    on channel: any Channel, context: NIOSSLContext, timeouts: LinkTimeouts
  ) throws -> HalfOpenLink {
    let leaf = PresentedLeaf()
    let tls = NIOSSLServerHandler(context: context) { chain, verified in
      let result = Result { () throws(PeerLinkError) in try PeerIdentity(presented: chain) }
      leaf.set(result)
      if case .success = result {
        verified.succeed(.certificateVerified)
      } else {
        verified.succeed(.failed)
      }
    }
    return try behind(tls, LinkControl(channel: channel), leaf, timeouts)
  }

  /// The dialling side judges within the handshake, before it shows its own certificate.
  static func dialled(
    to endpoint: PeerEndpoint, on channel: any Channel, context: NIOSSLContext,
    purpose: LinkPurpose, timeouts: LinkTimeouts, check: @escaping PeerCheck
  ) throws -> HalfOpenLink {
    let leaf = PresentedLeaf()
    let tls = try NIOSSLClientHandler(context: context, serverHostname: nil) { chain, verified in
      let result = Result { () throws(PeerLinkError) in try PeerIdentity(presented: chain) }
      leaf.set(result)
      guard case .success(let peer) = result else {
        verified.succeed(.failed)
        return
      }
      verified.completeWithTask {
        guard case .refused(let why) = await check(peer, purpose) else {
          return .certificateVerified
        }
        leaf.set(.failure(.refused(why)))
        return .failed
      }
    }
    return try behind(tls, LinkControl(channel: channel, dialled: endpoint), leaf, timeouts)
  }

  private static func behind(
    _ tls: NIOSSLHandler, _ control: LinkControl, _ leaf: PresentedLeaf, _ timeouts: LinkTimeouts
  ) throws -> HalfOpenLink {
    let promise = control.channel.eventLoop.makePromise(of: String?.self)
    let gate = HandshakeGate(promise: promise, timeout: timeouts.handshake)
    do {
      try control.channel.pipeline.syncOperations.addHandlers([tls, gate])
    } catch {
      promise.fail(error)
      throw error
    }
    return HalfOpenLink(control: control, leaf: leaf, handshake: promise.futureResult)
  }

  /// The protocol agreed on, once the handshake is done.
  func agreed() async throws(PeerLinkError) -> String? {
    do {
      return try await withTaskCancellationHandler {
        try await handshake.get()
      } onCancel: {
        control.channel.close(promise: nil)
      }
    } catch {
      // What the verification found is clearer than what BoringSSL calls it.
      if case .failure(let found) = leaf.result { throw found }
      throw TLSWords.linkError(error)
    }
  }

  /// Opens the gate: frames flow from here on, held back while the consumer takes none. What it
  /// returns must be run, even where the link is closed by now.
  func openStream(
    for purpose: LinkPurpose, _ timeouts: LinkTimeouts
  ) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
    let channel = control.channel
    return try await channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      let gate = try pipeline.context(handlerType: HandshakeGate.self)
      let join = purpose == .join
      try pipeline.addHandler(
        FrameHandler(
          frameLimit: join ? LinkLimits.joinFrameBytes : LinkLimits.frameBytes,
          stall: join ? min(timeouts.join, timeouts.stall) : timeouts.stall,
          unwritable: timeouts.unwritable))
      let (low, high) = LinkLimits.inboundFrames
      let stream = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
        wrappingChannelSynchronously: channel,
        configuration: .init(backPressureStrategy: .init(lowWatermark: low, highWatermark: high)))
      pipeline.removeHandler(context: gate, promise: nil)
      // Only a closed channel refuses, and then there is nothing to read.
      try? channel.syncOptions?.setOption(.autoRead, value: true)
      // The option asks the socket alone; the handlers must know that reading is wanted too.
      pipeline.read()
      return stream
    }.get()
  }
}

/// Options of every peer socket.
enum PeerSocket {
  /// Dead machines are noticed by the kernel too: probes after 10 s of silence, and an end when
  /// sent bytes stay unacknowledged (a peer that keeps its window shut included).
  static func options(
    _ timeouts: LinkTimeouts
  ) -> [(option: ChannelOptions.Types.SocketOption, value: Int)] {
    let patience = Int(timeouts.unacknowledged / .milliseconds(1))
    return [
      (.init(level: .socket, name: .so_keepalive), 1),
      (.init(level: .tcp, name: .tcp_nodelay), 1),
      (.init(level: .tcp, name: .init(rawValue: TCP_KEEPIDLE)), 10),
      (.init(level: .tcp, name: .init(rawValue: TCP_KEEPINTVL)), 5),
      (.init(level: .tcp, name: .init(rawValue: TCP_KEEPCNT)), 4),
      (.init(level: .tcp, name: .init(rawValue: TCP_USER_TIMEOUT)), patience),
    ]
  }

  /// Above the upper mark senders wait; below the lower one they go on. Bytes.
  static let watermarks = ChannelOptions.Types.WriteBufferWaterMark(
    low: 256 << 10, high: 1 << 20)
}
