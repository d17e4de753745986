// Two ends of a connection for files in memory, so that a test can be either side.

import ReplicaCore
import Synchronization

@testable import NodeRuntime

/// One end; what is sent at it arrives at the other.
final class BulkPipe: BulkChannel {
  struct Closed: Error {}

  private let inbox: AsyncStream<BulkMessage>
  private let arrive: AsyncStream<BulkMessage>.Continuation
  private let other = Mutex<AsyncStream<BulkMessage>.Continuation?>(nil)
  private let isClosed = Mutex(false)
  private let sentPieces = Mutex(0)
  /// After so many pieces the line is cut; the last one still arrives.
  private let life = Mutex(Int.max)

  private init() { (inbox, arrive) = AsyncStream.makeStream(of: BulkMessage.self) }

  static func pair() -> (BulkPipe, BulkPipe) {
    let (left, right) = (BulkPipe(), BulkPipe())
    left.other.withLock { $0 = right.arrive }
    right.other.withLock { $0 = left.arrive }
    return (left, right)
  }

  func cut(after pieces: Int) { life.withLock { $0 = pieces } }

  /// Pieces of files that went out at this end.
  var pieces: Int { sentPieces.withLock { $0 } }

  func send(_ message: BulkMessage) async throws {
    if isClosed.withLock({ $0 }) { throw Closed() }
    if case .chunk = message { sentPieces.withLock { $0 += 1 } }
    _ = other.withLock { $0?.yield(message) }
    if pieces >= life.withLock({ $0 }) { close("the line is cut") }
  }

  func receive(_ take: @Sendable (BulkMessage) async throws -> Void) async throws {
    for await message in inbox { try await take(message) }
  }

  func close(_ reason: String) {
    isClosed.withLock { $0 = true }
    arrive.finish()
    other.withLock { $0?.finish() }
  }
}
