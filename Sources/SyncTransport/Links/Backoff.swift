// A peer that cannot be reached is tried again, less and less often and never in step with others.

/// Exponential backoff with jitter: the n-th wait is drawn from the upper half of
/// `first · 2ⁿ`, capped. Seeded, so that a run can be repeated.
///
/// Source: equal jitter, Brooker 2015, Exponential Backoff and Jitter.
package struct Backoff: Sendable {
  private let first: Duration
  private let cap: Duration
  private var failures = 0
  private var state: UInt64

  /// - Parameters:
  ///   - cap: the longest wait; below the 30 s within which a healed network must be in use.
  package init(
    first: Duration = .milliseconds(250), cap: Duration = .seconds(8), seed: UInt64
  ) {
    self.first = first
    self.cap = cap
    self.state = seed
  }

  /// The wait before the next try.
  package mutating func next() -> Duration {
    let full = min(cap, first * (1 << min(failures, 20)))
    failures += 1
    // 2⁻⁵³ of 53 random bits: 0 ..< 1.
    let share = Double(random() >> 11) * 0x1p-53
    return full * (0.5 + share / 2)
  }

  /// After a link that worked.
  package mutating func reset() { failures = 0 }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  private mutating func random() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
