// A node's clocks in virtual time: a wall clock that is off and jumps, a monotonic one that is not.

internal import ReplicaCore

/// Keeps the node's own rule: a wall clock that jumps against monotonic time is not trusted, and
/// time goes on from the last trusted reading plus elapsed time.
struct SimClock {
  /// Constant error of the wall clock, in milliseconds.
  let skew: Int64
  /// What a fault has added to the wall clock; zero when it is repaired.
  var jump: Int64 = 0
  private var anchorWall: Instant
  private var anchorTrue: Instant

  init(skew: Int64, at start: Instant) {
    self.skew = skew
    anchorWall = start + skew
    anchorTrue = start
  }

  /// What the node reads at a true instant.
  mutating func read(at instant: Instant) -> Moment {
    let wall = instant + (skew + jump)
    let expected = anchorWall + (instant - anchorTrue)
    let drift = wall - expected
    if abs(drift) > SimLimits.clockTolerance { return Moment(now: expected, drift: drift) }
    anchorWall = wall
    anchorTrue = instant
    return Moment(now: wall, drift: nil)
  }

  /// The true instant at which the node's clock will show this one.
  func trueInstant(of local: Instant) -> Instant { anchorTrue + (local - anchorWall) }

  /// A restart: the operator has set the clock, and the node begins to trust it anew.
  mutating func restart(at instant: Instant) {
    jump = 0
    anchorWall = instant + skew
    anchorTrue = instant
  }
}
