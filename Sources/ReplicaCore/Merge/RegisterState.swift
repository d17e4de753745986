// The fenced register: writes name what they replace; the rest are siblings, and kept.

/// The state of one register: a pure function of the set of effective writes.
///
/// Every write names the siblings it replaces: those its author had read, and, marked unread,
/// those that would still beat it. Kin: multi-value registers, Shapiro et al. 2011 (INRIA 7506).
package struct RegisterState: Hashable, Sendable {
  /// Writes that nobody named. Ordered by dot.
  package private(set) var live: [Write]
  /// Writes named only unread: not shown, but in the conflict inbox. Ordered by dot.
  package private(set) var hidden: [Write]

  package init(live: [Write] = [], hidden: [Write] = []) {
    self.live = live
    self.hidden = hidden
  }

  /// The displayed write.
  package var winner: Write? { live.max { $0.stamp < $1.stamp } }

  /// What the conflict inbox shows: other siblings and unread ones with another value.
  package var conflicts: [Write] {
    guard live.count > 1 || !hidden.isEmpty, let winner else { return [] }
    return (live + hidden)
      .filter { $0.stamp.dot != winner.stamp.dot && $0.value != winner.value }
      .sorted { $0.stamp.dot < $1.stamp.dot }
  }

  /// Takes in a write. Its named writes are in its causal past, hence applied before it.
  package mutating func apply(_ write: Write, replaces: [Dot], unread: [Dot]) {
    guard !live.contains(where: { $0.stamp.dot == write.stamp.dot }) else { return }
    if !unread.isEmpty {
      hidden += live.filter { unread.contains($0.stamp.dot) && !replaces.contains($0.stamp.dot) }
    }
    live.removeAll { replaces.contains($0.stamp.dot) || unread.contains($0.stamp.dot) }
    hidden.removeAll { replaces.contains($0.stamp.dot) }
    live.append(write)
    if live.count > 1 { live.sort { $0.stamp.dot < $1.stamp.dot } }
    if hidden.count > 1 { hidden.sort { $0.stamp.dot < $1.stamp.dot } }
  }

  /// What a new write must name, given the dots its author had read (nil: the displayed winner).
  ///
  /// `stamp` gives the fence the write would have, from the highest fence that it names.
  package func naming(
    read: Set<Dot>?, stamp: (_ highestFence: UInt64) -> Stamp
  ) -> (replaces: [Dot], unread: [Dot], stamp: Stamp) {
    let all = live + hidden
    let known = read ?? Set(winner.map { [$0.stamp.dot] } ?? [])
    let replaced = all.filter { known.contains($0.stamp.dot) }
    var fence = replaced.map(\.stamp.fence).max() ?? 0
    var mine = stamp(fence)
    var unread: [Write] = []
    // Naming a sibling may lift our fence over others, never below: one pass over the rest,
    // greatest first, finds every sibling that would still beat us.
    for other in live.sorted(by: { $0.stamp > $1.stamp })
    where !known.contains(other.stamp.dot) && mine < other.stamp {
      unread.append(other)
      fence = max(fence, other.stamp.fence)
      mine = stamp(fence)
    }
    return (
      replaced.map(\.stamp.dot).sorted(), unread.map(\.stamp.dot).sorted(), mine
    )
  }
}
