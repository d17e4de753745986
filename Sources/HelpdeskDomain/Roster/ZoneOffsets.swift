// A publication carries what its zones' clocks do, so that no node has to look it up again.

package import ReplicaCore

/// The offsets of one zone from UTC, from ``RosterLimits/zonesFrom`` to
/// ``RosterLimits/zonesUntil``.
///
/// A local time that the clock shows twice means its first showing; one that it skips means the
/// instant of the skip. So later local times never come earlier, and shifts that touch on the
/// wall clock touch in UTC.
package struct ZoneOffsets: Hashable, Sendable {
  /// From ``at`` on, the clock is `seconds` ahead of UTC.
  package struct Change: Hashable, Sendable {
    package var at: Instant
    package var seconds: Int

    package init(at: Instant, seconds: Int) {
      self.at = at
      self.seconds = seconds
    }
  }

  /// Seconds ahead of UTC before the first change.
  package let initial: Int
  /// Ordered by instant; each changes the offset.
  package let changes: [Change]

  /// Orders the changes and drops those that change nothing.
  package init(initial: Int, changes: [Change] = []) {
    self.initial = initial
    var kept: [Change] = []
    for change in changes.sorted(by: { $0.at < $1.at }) {
      if let last = kept.last, last.at == change.at { kept.removeLast() }
      if change.seconds != kept.last?.seconds ?? initial { kept.append(change) }
    }
    self.changes = kept
  }

  package static let utc = ZoneOffsets(initial: 0)

  /// Seconds ahead of UTC at an instant.
  package func offset(at instant: Instant) -> Int {
    let index = changes.partitioned { $0.at > instant }
    return index == 0 ? initial : changes[index - 1].seconds
  }

  /// The instant of a local time, given in seconds since 1970-01-01T00:00 on the wall clock.
  package func instant(local: Int64) -> Instant {
    // Up to `at + max(before, after)` the wall clock still shows, or skips, times of before.
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      let before = middle == 0 ? initial : changes[middle - 1].seconds
      let turn = changes[middle].at.seconds + Int64(max(before, changes[middle].seconds))
      if turn <= local { low = middle + 1 } else { high = middle }
    }
    let offset = low == 0 ? initial : changes[low - 1].seconds
    let instant = Instant(seconds: local - Int64(offset))
    return low < changes.count ? min(instant, changes[low].at) : instant
  }

  /// Seconds since 1970-01-01T00:00 on the wall clock at an instant.
  package func local(at instant: Instant) -> Int64 {
    instant.seconds + Int64(offset(at: instant))
  }
}

extension Array {
  /// The first index whose element, and all after it, answer true.
  func partitioned(by isAfter: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension ZoneOffsets: Codable {
  private enum CodingKeys: String, CodingKey { case initial, changes }

  /// `{"initial": seconds, "changes": [[unix seconds, seconds], …]}`
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let initial = try container.decode(Int.self, forKey: .initial)
    let pairs = try container.decode([[Int64]].self, forKey: .changes)
    guard pairs.count <= RosterLimits.offsetChanges,
      abs(initial) <= 93_599, pairs.allSatisfy({ $0.count == 2 && abs($0[1]) <= 93_599 }),
      zip(pairs, pairs.dropFirst()).allSatisfy({ $0[0] < $1[0] })
    else { throw malformed(decoder, "the offset changes of a zone are not in order") }
    self.init(
      initial: initial,
      changes: pairs.map { Change(at: Instant(seconds: $0[0]), seconds: Int($0[1])) })
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(initial, forKey: .initial)
    try container.encode(changes.map { [$0.at.seconds, Int64($0.seconds)] }, forKey: .changes)
  }
}
