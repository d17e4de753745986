// A client that does not read its answer must not keep a connection for ever.

internal import NIOCore

/// Closes a connection whose outgoing data has not moved for ``APILimits/timeoutSeconds``.
final class SlowReaderGuard: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private var deadline: Scheduled<Void>?

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let channel = context.channel
    deadline?.cancel()
    deadline = nil
    if !channel.isWritable {
      deadline = context.eventLoop.scheduleTask(in: .seconds(APILimits.timeoutSeconds)) {
        channel.close(promise: nil)
      }
    }
    context.fireChannelWritabilityChanged()
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }
}
