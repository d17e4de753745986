// A client that does not read its answer must not keep a connection for ever.

internal import NIOCore

/// Closes a connection whose outgoing data has not moved for `timeout`.
final class SlowReaderGuard: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let timeout: TimeAmount
  private var deadline: Scheduled<Void>?

  init(timeout: TimeAmount) { self.timeout = timeout }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let channel = context.channel
    deadline?.cancel()
    deadline = nil
    if !channel.isWritable {
      deadline = context.eventLoop.scheduleTask(in: timeout) {
        channel.close(promise: nil)
      }
    }
    context.fireChannelWritabilityChanged()
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }
}
