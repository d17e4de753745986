// The clock of one replica: never backwards, never dragged far ahead by a peer.

/// Issues hybrid timestamps from readings of the machine's clock.
package struct HybridClock: Sendable, Hashable {
  /// How far a received stamp may move us ahead of our own clock, in milliseconds.
  package static let maximumDrift: UInt64 = 60_000

  /// The greatest stamp issued or accepted; persisted with each commit.
  package private(set) var last: HLC

  package init(last: HLC = .zero) { self.last = last }

  /// The stamp of a local event at `now`, greater than every stamp before it.
  package mutating func tick(now: Instant) -> HLC {
    let reading = HLC(milliseconds: UInt64(max(0, now.milliseconds)))
    last = reading > last ? reading : HLC(rawValue: last.rawValue &+ 1)
    return last
  }

  /// Takes note of a received stamp. Returns false where it lies more than
  /// ``maximumDrift`` ahead of `now`: then our time is left as it was.
  package mutating func observe(_ stamp: HLC, now: Instant) -> Bool {
    let limit = UInt64(max(0, now.milliseconds)) + Self.maximumDrift
    guard stamp.milliseconds <= limit else { return false }
    if stamp > last { last = stamp }
    return true
  }
}
