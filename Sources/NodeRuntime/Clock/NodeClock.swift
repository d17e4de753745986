// The node's clock: wall time held against steady time and peers, and roster time of a drill.

internal import Foundation
package import ReplicaCore
internal import Synchronization

/// Reads the machine's clocks, and says whether the wall clock can be trusted.
///
/// A wall clock that jumps against monotonic time is not trusted, unless two peers or more judge
/// that it is nearer to their median than it would be without the jump: then it was mended. Nor is
/// one trusted that is further from their median than ``peerTolerance``, whatever it did. Meanwhile
/// time goes on from the last trusted reading plus elapsed time; where peers contradict a clock
/// before they ever confirmed it, from the last stamp that was stored.
package final class NodeClock: Sendable {
  /// A difference of so many milliseconds between wall and monotonic clock is a jump.
  package static let tolerance: Int64 = 5_000
  /// How far the wall clock may be from the median of the peers' clocks, in milliseconds.
  package static let peerTolerance: Int64 = 60_000
  /// Fewer peers than these cannot tell which of two clocks is wrong.
  package static let judges = 2

  private struct Anchor {
    /// The last trusted reading of both clocks.
    var wall: Int64
    var monotonic: Int64
    /// Wall clock minus what it should be; nil while it is trusted.
    var drift: Int64?
    /// Where time goes on from if the peers contradict before they ever confirmed.
    var stored: Int64?
    /// Each peer's clock minus our monotonic clock.
    var peers: [Slot: Int64] = [:]

    /// Where the peers say that a wall clock at `now` should be: the median of their clocks, to
    /// which an even number of them adds ours, so that one wrong peer of two changes nothing.
    func median(_ now: Int64, _ steady: Int64) -> Int64? {
      guard peers.count >= NodeClock.judges else { return nil }
      var readings = peers.values.map { $0 + steady }
      if readings.count.isMultiple(of: 2) { readings.append(now) }
      return readings.sorted()[readings.count / 2]
    }

    mutating func read(_ now: Int64, _ steady: Int64) -> Instant {
      let reference = median(now, steady)
      guard let off = distrust(now, expected: wall + (steady - monotonic), reference) else {
        // Slow drift (NTP slewing) is followed; the anchor moves with it.
        self = Anchor(
          wall: now, monotonic: steady, stored: reference == nil ? stored : nil, peers: peers)
        return Instant(milliseconds: now)
      }
      if let reference, let last = stored, abs(now - reference) > NodeClock.peerTolerance {
        (wall, monotonic, stored) = (last, steady, nil)
      }
      drift = off
      return Instant(milliseconds: wall + (steady - monotonic))
    }

    /// By how much a wall clock at `now` is off, nil where it is trusted.
    private func distrust(_ now: Int64, expected: Int64, _ reference: Int64?) -> Int64? {
      let jump = now - expected
      guard let reference else { return abs(jump) > NodeClock.tolerance ? jump : nil }
      let off = now - reference
      if abs(off) > NodeClock.peerTolerance { return off }
      return abs(jump) > NodeClock.tolerance && abs(off) >= abs(expected - reference) ? jump : nil
    }
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
    let (now, steady) = (wall(), monotonic())
    return anchor.withLock { $0.read(now, steady) }
  }

  /// Roster time: the clock, moved in a drill.
  package var rosterNow: Instant { now + drillOffset }

  /// Milliseconds by which the wall clock is off; nil while it is trusted.
  package var drift: Int64? {
    _ = now
    return anchor.withLock { $0.drift }
  }

  /// The last stamp that the store holds: time goes on from there if the peers contradict a clock
  /// that was wrong from the start. A replica that has stamped nothing yet has no such time.
  package func goOn(from last: HLC) {
    guard last.milliseconds > 0 else { return }
    anchor.withLock { $0.stored = Int64(last.milliseconds) }
  }

  /// Takes in a peer's clock, given as its difference to ``now``.
  package func heard(_ peer: Slot, skew milliseconds: Int64) {
    let (now, steady) = (now, monotonic())
    anchor.withLock { $0.peers[peer] = now.milliseconds + milliseconds - steady }
  }
}
