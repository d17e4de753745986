// Nothing passes to the application before the handshake is done and the peer is judged.

internal import NIOCore
internal import NIOTLS
internal import Synchronization

/// What the verification callback saw, for the code after the handshake.
final class PresentedLeaf: Sendable {
  private let state = Mutex<Result<PeerIdentity, PeerLinkError>?>(nil)

  var result: Result<PeerIdentity, PeerLinkError>? { state.withLock { $0 } }

  func set(_ result: Result<PeerIdentity, PeerLinkError>) { state.withLock { $0 = result } }
}

/// Sits right behind TLS. It reports the end of the handshake with the protocol agreed on, then
/// holds back every byte until it is removed, and asks the socket for no more.
final class HandshakeGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let promise: EventLoopPromise<String?>
  private let timeout: Duration
  private var timer: Scheduled<Void>?
  private var held: [NIOAny] = []
  private var reported = false

  init(promise: EventLoopPromise<String?>, timeout: Duration) {
    self.promise = promise
    self.timeout = timeout
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { startTimer(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    startTimer(context)
    context.fireChannelActive()
  }

  private func startTimer(_ context: ChannelHandlerContext) {
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { [timeout] in
      self.report(.failure(PeerLinkError.handshakeTimeout(seconds: timeout / .seconds(1))))
      context.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    report(.failure(PeerLinkError.closedByPeer("before the handshake was done")))
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted(let agreed) = event {
      do {
        try context.channel.syncOptions?.setOption(.autoRead, value: false)
        report(.success(agreed))
      } catch {
        report(.failure(TLSWords.linkError(error)))
        context.close(promise: nil)
      }
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { held.append(data) }

  func channelReadComplete(context: ChannelHandlerContext) {}

  func channelInactive(context: ChannelHandlerContext) {
    report(.failure(PeerLinkError.closedByPeer("during the handshake")))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    report(.failure(TLSWords.linkError(error)))
    context.close(promise: nil)
  }

  func removeHandler(
    context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken
  ) {
    for data in held { context.fireChannelRead(data) }
    if !held.isEmpty { context.fireChannelReadComplete() }
    held = []
    context.leavePipeline(removalToken: removalToken)
  }

  private func report(_ result: Result<String?, any Error>) {
    guard !reported else { return }
    reported = true
    promise.completeWith(result)
  }
}
