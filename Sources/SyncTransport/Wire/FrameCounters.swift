// How many frames and bytes went each way, by type: for one connection, or for all of them.

internal import Synchronization

/// Counts that only grow. A connection's counters add to those of the whole transport.
package final class FrameCounters: Sendable {
  package enum Direction: String, Hashable, Sendable, CaseIterable {
    case sent = "out"
    case received = "in"
  }

  package struct Key: Hashable, Sendable {
    package var kind: FrameKind
    package var direction: Direction

    package init(_ kind: FrameKind, _ direction: Direction) {
      self.kind = kind
      self.direction = direction
    }
  }

  /// Frames, and their bytes on the wire before TLS (length prefix included).
  package struct Count: Hashable, Sendable {
    package var frames: UInt64 = 0
    package var bytes: UInt64 = 0
  }

  private let counts = Mutex<[Key: Count]>([:])
  private let parent: FrameCounters?

  package init(addingTo parent: FrameCounters? = nil) {
    self.parent = parent
  }

  func add(_ kind: FrameKind, _ direction: Direction, bytes: Int) {
    counts.withLock {
      $0[Key(kind, direction), default: Count()].frames += 1
      $0[Key(kind, direction), default: Count()].bytes += UInt64(bytes)
    }
    parent?.add(kind, direction, bytes: bytes)
  }

  package subscript(kind: FrameKind, direction: Direction) -> Count {
    counts.withLock { $0[Key(kind, direction)] ?? Count() }
  }

  /// All counts, absent ones as 0: a metric exists before its first frame.
  package var all: [Key: Count] {
    var result = counts.withLock { $0 }
    for kind in FrameKind.allCases {
      for direction in Direction.allCases {
        result[Key(kind, direction), default: Count()].frames += 0
      }
    }
    return result
  }

  package func total(_ direction: Direction) -> Count {
    counts.withLock {
      $0.filter { $0.key.direction == direction }.values.reduce(into: Count()) {
        $0.frames += $1.frames
        $0.bytes += $1.bytes
      }
    }
  }
}
