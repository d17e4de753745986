// Cuts the byte stream into frames and notices a peer that does not get on.

internal import NIOCore

/// 4 bytes of length, big-endian, then the frame. The length is checked before anything is kept.
struct FrameDecoder: NIOSingleStepByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  let limit: Int

  mutating func decode(buffer: inout ByteBuffer) throws(WireError) -> ByteBuffer? {
    guard let prefix = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else {
      return nil
    }
    let length = Int(prefix)
    guard length <= limit else { throw .frameTooLarge(bytes: length, limit: limit) }
    guard length > 0 else { throw .emptyFrame }
    guard buffer.readableBytes >= 4 + length else { return nil }
    buffer.moveReaderIndex(forwardBy: 4)
    return buffer.readSlice(length: length)
  }

  mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws(WireError) -> ByteBuffer?
  {
    try decode(buffer: &buffer)
  }
}

/// Frames in, frames out, and three clocks: silence, a frame that does not get on, a peer that
/// does not read. Time in which the consumer asks for nothing is not held against the peer.
final class FrameHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let processor: NIOSingleStepByteToMessageProcessor<FrameDecoder>
  private let stall: Duration
  private let unwritable: Duration
  private var ticker: Scheduled<Void>?
  private var failed = false
  /// When a whole frame or 1 KiB last came; moved on while nobody reads.
  private var progress = NIODeadline.now()
  private var bytesSinceProgress = 0
  private var pausedSince: NIODeadline?
  private var unwritableSince: NIODeadline?
  private var overdue = 0

  init(frameLimit: Int, stall: Duration, unwritable: Duration) {
    self.processor = NIOSingleStepByteToMessageProcessor(FrameDecoder(limit: frameLimit))
    self.stall = stall
    self.unwritable = unwritable
  }

  func handlerAdded(context: ChannelHandlerContext) {
    progress = .now()
    pausedSince = progress
    scheduleTick(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) { ticker?.cancel() }

  func read(context: ChannelHandlerContext) {
    if let since = pausedSince {
      progress = progress + (.now() - since)
      pausedSince = nil
    }
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !failed else { return }
    let bytes = unwrapInboundIn(data)
    bytesSinceProgress += bytes.readableBytes
    if bytesSinceProgress >= LinkLimits.progressBytes { noteProgress() }
    do {
      try processor.process(buffer: bytes) { frame in
        noteProgress()
        context.fireChannelRead(wrapInboundOut(frame))
      }
    } catch {
      fail(TLSWords.linkError(error), context)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if pausedSince == nil { pausedSince = .now() }
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    unwritableSince = context.channel.isWritable ? nil : .now()
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(TLSWords.linkError(error), context)
  }

  private func noteProgress() {
    progress = .now()
    bytesSinceProgress = 0
  }

  private func scheduleTick(_ context: ChannelHandlerContext) {
    let period = max(.milliseconds(10), TimeAmount(min(stall, unwritable) / 6))
    ticker = context.eventLoop.assumeIsolated().scheduleTask(in: period) { self.tick(context) }
  }

  private func tick(_ context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    let silent = pausedSince == nil && now - progress > TimeAmount(stall)
    // Twice in a row: what lay in the socket while this machine was busy or asleep is read first.
    overdue = silent ? overdue + 1 : 0
    if overdue > 1 {
      fail(.stalled(seconds: stall / .seconds(1)), context)
    } else if let since = unwritableSince, now - since > TimeAmount(unwritable) {
      fail(.notReading(seconds: unwritable / .seconds(1)), context)
    } else {
      scheduleTick(context)
    }
  }

  private func fail(_ error: PeerLinkError, _ context: ChannelHandlerContext) {
    guard !failed else { return }
    failed = true
    ticker?.cancel()
    context.fireErrorCaught(error)
    context.close(promise: nil)
  }
}
