// A connection that carries files between two nodes, beside their link for the sync session.

internal import NIOCore
package import ReplicaCore
internal import Synchronization

/// Send, receive, close. It lives as long as the handler to which it was given.
package final class BulkConnection: Sendable {
  package let peer: PeerIdentity
  /// Frames and bytes of this connection.
  package let counters: FrameCounters

  private let control: LinkControl
  private let stream: NIOAsyncChannelInboundStream<ByteBuffer>
  private let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>

  init(
    _ link: JudgedLink, totals: FrameCounters, inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
    outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    peer = link.peer
    counters = FrameCounters(addingTo: totals)
    control = link.control
    stream = inbound
    writer = outbound
  }

  /// Returns once the message is on its way to the socket; waits while the peer does not read. For
  /// one task. Throws ``PeerLinkError``.
  package func send(_ message: BulkMessage) async throws(PeerLinkError) {
    let frame: [UInt8]
    do {
      frame = try BulkCodec.encode(message)
    } catch {
      throw .wire(error)
    }
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

  /// Hands over what arrives, one message after the other; nothing more is read while `take`
  /// runs. For one task, once. Returns when the peer closed in an orderly way, throws
  /// ``PeerLinkError`` or what `take` throws else.
  package func receive(_ take: @Sendable (BulkMessage) async throws -> Void) async throws {
    var frames = stream.makeAsyncIterator()
    while true {
      let frame: ByteBuffer?
      do {
        frame = try await frames.next()
      } catch {
        throw control.explain(error)
      }
      guard let frame else {
        if let reason = control.reason { throw reason }
        return
      }
      let message: BulkMessage
      do {
        message = try BulkCodec.decode(Array(frame.readableBytesView))
      } catch {
        control.close(.wire(error))
        throw PeerLinkError.wire(error)
      }
      counters.add(FrameKind(message), .received, bytes: 4 + frame.readableBytes)
      try await take(message)
    }
  }

  /// Ends the connection; `reason` is what its user is told.
  package func close(_ reason: String) { control.close(reason) }
}
