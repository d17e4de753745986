// How many event streams each user has open: every one of them holds events for a slow reader.

internal import ReplicaCore
internal import Synchronization

/// Counts the open event streams of each user.
final class OpenStreams: Sendable {
  /// An open stream; it is closed when nobody holds it any more.
  final class Place: Sendable {
    private let streams: OpenStreams
    private let user: RowID

    fileprivate init(_ streams: OpenStreams, _ user: RowID) {
      self.streams = streams
      self.user = user
    }

    deinit { streams.leave(user) }
  }

  private let counts = Mutex<[RowID: Int]>([:])

  /// A place for one more; nil where the user has ``APILimits/eventStreams`` already.
  func enter(_ user: RowID) -> Place? {
    let isFree = counts.withLock { counts in
      guard counts[user, default: 0] < APILimits.eventStreams else { return false }
      counts[user, default: 0] += 1
      return true
    }
    return isFree ? Place(self, user) : nil
  }

  private func leave(_ user: RowID) {
    counts.withLock { counts in
      let left = (counts[user] ?? 1) - 1
      counts[user] = left > 0 ? left : nil
    }
  }
}
