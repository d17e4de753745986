// The node's clock: wall time, its jumps against monotonic time, and roster time of a drill.

internal import Foundation
package import ReplicaCore
internal import Synchronization

/// Reads the machine's clocks. A wall clock that jumps against monotonic time is not trusted:
/// then time goes on from the last trusted reading plus elapsed time.
package final class NodeClock: Sendable {
  /// A difference of so many milliseconds between both clocks is a jump.
  package static let tolerance: Int64 = 5_000

  private struct Anchor {
    var wall: Int64
    var monotonic: Int64
    var drift: Int64 = 0
  }

  private let anchor: Mutex<Anchor>
  private let wall: @Sendable () -> Int64
  private let monotonic: @Sendable () -> Int64
  /// Roster time minus clock, milliseconds.
  package let drillOffset: Int64

  /// `wall` and `monotonic` are milliseconds; tests pass their own.
  package init(
    drillOffset: Int64 = 0,
    wall: @escaping @Sendable () -> Int64 = NodeClock.systemWall,
    monotonic: @escaping @Sendable () -> Int64 = NodeClock.systemMonotonic
  ) {
    self.drillOffset = drillOffset
    self.wall = wall
    self.monotonic = monotonic
    anchor = Mutex(Anchor(wall: wall(), monotonic: monotonic()))
  }

  package static let systemWall: @Sendable () -> Int64 = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// CLOCK_BOOTTIME goes on while the machine sleeps.
  package static let systemMonotonic: @Sendable () -> Int64 = {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// The time to stamp with.
  package var now: Instant {
    let wall = wall()
    let monotonic = monotonic()
    return anchor.withLock { anchor in
      let expected = anchor.wall + (monotonic - anchor.monotonic)
      anchor.drift = wall - expected
      if abs(anchor.drift) > Self.tolerance { return Instant(milliseconds: expected) }
      // Slow drift (NTP slewing) is followed; the anchor moves with it.
      anchor.wall = wall
      anchor.monotonic = monotonic
      return Instant(milliseconds: wall)
    }
  }

  /// Roster time: the clock, moved in a drill.
  package var rosterNow: Instant { now + drillOffset }

  /// Milliseconds by which the wall clock jumped; nil while it is trusted.
  package var drift: Int64? {
    _ = now
    return anchor.withLock { abs($0.drift) > Self.tolerance ? $0.drift : nil }
  }
}
