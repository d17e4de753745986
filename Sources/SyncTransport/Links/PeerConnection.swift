// A link to one judged peer, as the sync session's driver sees it: messages in, messages out.

internal import NIOCore
package import ReplicaCore
internal import Synchronization

/// Send, receive, close. It lives as long as the handler to which it was given.
package final class PeerConnection: Sendable {
  package enum Direction: String, Hashable, Sendable {
    case accepted
    case dialled
  }

  package let peer: PeerIdentity
  /// `address:port` of the other side.
  package let remoteAddress: String
  package let direction: Direction
  /// Frames and bytes of this connection.
  package let counters: FrameCounters
  /// What the peer sends, in order; for one reader. It ends (nil) when the peer closes in an
  /// orderly way and throws ``PeerLinkError`` otherwise, also when this side closed the link.
  /// While nobody takes from it, no more than a few frames are read off the socket.
  package let inbound: PeerMessages

  private let control: LinkControl
  private let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private let waiting = Mutex(0)

  init(
    _ link: JudgedLink, _ direction: Direction, totals: FrameCounters,
    inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
    outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    self.peer = link.peer
    self.remoteAddress = link.control.address
    self.direction = direction
    self.counters = FrameCounters(addingTo: totals)
    self.control = link.control
    self.writer = outbound
    self.inbound = PeerMessages(inbound, control: control, counters: counters)
  }

  /// Returns once the message is on its way to the socket; waits while the peer does not read.
  /// Messages of one task arrive in the order sent; what was sent before a close arrives too,
  /// unless the peer had not judged us yet (it has, once it sent something). Throws ``PeerLinkError/wire(_:)`` for a
  /// message over the limits (the link stays), ``PeerLinkError/outboundFull(waiting:limit:)``
  /// where other tasks' messages wait already (the link stays), else why the link ended.
  package func send(_ message: SyncMessage) async throws(PeerLinkError) {
    let frame: [UInt8]
    do {
      frame = try FrameCodec.encode(message)
    } catch {
      throw .wire(error)
    }
    try reserve(frame.count)
    defer { waiting.withLock { $0 -= frame.count } }
    var buffer = control.channel.allocator.buffer(capacity: 4 + frame.count)
    buffer.writeInteger(UInt32(frame.count))
    buffer.writeBytes(frame)
    do {
      try await writer.write(buffer)
    } catch {
      throw control.explain(error)
    }
    counters.add(FrameKind(message), .sent, bytes: 4 + frame.count)
  }

  private func reserve(_ bytes: Int) throws(PeerLinkError) {
    let before = waiting.withLock { total in
      defer { if total == 0 || total + bytes <= LinkLimits.outboundBytes { total += bytes } }
      return total
    }
    guard before == 0 || before + bytes <= LinkLimits.outboundBytes else {
      throw .outboundFull(waiting: before + bytes, limit: LinkLimits.outboundBytes)
    }
  }

  /// Ends the link within the shutdown timeout; `reason` is what ``inbound`` and
  /// ``send(_:)`` throw from now on. Say why to the peer with a BYE before.
  package func close(_ reason: String) { control.close(reason) }
}
