// A disk that fills up and is cleared; the store asks for its free bytes before every write.

internal import Synchronization

/// The free space of one node, as the store is told it.
final class SimDisk: Sendable {
  private let full = Mutex(false)

  var isFull: Bool {
    get { full.withLock { $0 } }
    set { full.withLock { $0 = newValue } }
  }

  var freeBytes: Int64 { isFull ? 0 : 1 << 40 }
}
