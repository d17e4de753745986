// Counts what really crosses a connection, TLS included: a relay on loopback that changes nothing.

internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Passes TCP bytes on in both directions and counts them.
final class CountingRelay: Sendable {
  let port: Int
  private let state: State
  private let listener: any Channel

  /// What the connections of a relay share.
  fileprivate final class State: Sendable {
    let target = Mutex<Int?>(nil)
    let bytes = Atomic<Int>(0)
  }

  private init(_ state: State, _ listener: any Channel, _ port: Int) {
    self.state = state
    self.listener = listener
    self.port = port
  }

  static func open() async throws -> CountingRelay {
    let state = State()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { inbound in
        guard let port = state.target.withLock({ $0 }) else {
          return inbound.eventLoop.makeFailedFuture(BenchFailure("the relay leads nowhere yet"))
        }
        return connect(inbound, to: port, state)
      }
      .bind(host: "127.0.0.1", port: 0).get()
    guard let port = listener.localAddress?.port else {
      throw BenchFailure("the system gave the relay no port")
    }
    return CountingRelay(state, listener, port)
  }

  /// Where connections lead from now on.
  func lead(to port: Int) { state.target.withLock { $0 = port } }

  /// Bytes so far, both directions together.
  var bytes: Int { state.bytes.load(ordering: .relaxed) }

  func close() async { try? await listener.close() }

  /// Both ends run on one event loop, so that either may write to the other's channel directly.
  /// The inbound end reads nothing before this is done; the outbound one has nothing to read
  /// before: in TLS the client speaks first.
  private static func connect(
    _ inbound: any Channel, to port: Int, _ state: State
  ) -> EventLoopFuture<Void> {
    ClientBootstrap(group: inbound.eventLoop)
      .connect(host: "127.0.0.1", port: port)
      .flatMapThrowing { outbound in
        try inbound.pipeline.syncOperations.addHandler(Passing(to: outbound, state))
        try outbound.pipeline.syncOperations.addHandler(Passing(to: inbound, state))
      }
  }
}

/// Hands what one end reads to the other.
private final class Passing: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel
  private let state: CountingRelay.State

  init(to other: any Channel, _ state: CountingRelay.State) {
    self.other = other
    self.state = state
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    state.bytes.add(buffer.readableBytes, ordering: .relaxed)
    other.writeAndFlush(buffer, promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
