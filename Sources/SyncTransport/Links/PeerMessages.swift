// Frames become messages in the reader's task, not on the event loop that all peers share.

internal import NIOCore
package import ReplicaCore
internal import Synchronization

/// The messages of one peer. For one iteration: a second one is empty.
package struct PeerMessages: AsyncSequence, Sendable {
  package typealias Element = SyncMessage
  package typealias Failure = PeerLinkError

  private let stream: NIOAsyncChannelInboundStream<ByteBuffer>
  private let control: LinkControl
  private let counters: FrameCounters
  private let once = Once()

  init(
    _ stream: NIOAsyncChannelInboundStream<ByteBuffer>, control: LinkControl,
    counters: FrameCounters
  ) {
    self.stream = stream
    self.control = control
    self.counters = counters
  }

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(
      base: once.take() ? stream.makeAsyncIterator() : nil, control: control, counters: counters)
  }

  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var base: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator?
    fileprivate let control: LinkControl
    fileprivate let counters: FrameCounters

    package mutating func next() async throws(PeerLinkError) -> SyncMessage? {
      try await next(isolation: nil)
    }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(PeerLinkError) -> SyncMessage? {
      let frame: ByteBuffer?
      do {
        frame = try await base?.next(isolation: actor)
      } catch {
        throw control.explain(error)
      }
      guard let frame else {
        if let reason = control.reason, base != nil { throw reason }
        return nil
      }
      do {
        let message = try FrameCodec.decode(Array(frame.readableBytesView))
        counters.add(FrameKind(message), .received, bytes: 4 + frame.readableBytes)
        return message
      } catch {
        // Nothing after a frame that cannot be read is worth reading.
        control.close(.wire(error))
        throw .wire(error)
      }
    }
  }
}

/// True exactly once.
private final class Once: Sendable {
  private let taken = Atomic(false)

  func take() -> Bool { !taken.exchange(true, ordering: .relaxed) }
}
