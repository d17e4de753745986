// The node's clock: jumps, peers as judges, repair.

import NodeRuntime
import ReplicaCore
import Synchronization
import Testing

/// Both clocks of a machine, turned by hand.
private final class Hands: Sendable {
  private let state = Mutex((wall: Int64(1_000_000_000), steady: Int64(5_000)))

  func clock() -> NodeClock {
    NodeClock(
      wall: { self.state.withLock { $0.wall } }, monotonic: { self.state.withLock { $0.steady } })
  }
  func pass(_ milliseconds: Int64) {
    state.withLock {
      $0.wall += milliseconds
      $0.steady += milliseconds
    }
  }
  func jump(_ milliseconds: Int64) { state.withLock { $0.wall += milliseconds } }
  var wall: Int64 { state.withLock { $0.wall } }
}

/// INVARIANTS 12 and 19, hostile row 14.
@Suite struct NodeClockTests {
  private static let day: Int64 = 86_400_000
  private let hands = Hands()

  /// The jump is seen, time goes on as if it had not been, and its end is seen too.
  private func expectToSee(_ jump: Int64, _ clock: NodeClock) {
    let before = clock.now
    hands.jump(jump)
    hands.pass(700)
    #expect(clock.drift == jump)
    #expect(clock.now == before + 700)
    hands.jump(-jump)
    #expect(clock.drift == nil)
    #expect(clock.now.milliseconds == hands.wall)
  }

  @Test(arguments: [day, -day])
  func aJumpIsSeenAndTimeGoesOn(jump: Int64) {
    let clock = hands.clock()
    expectToSee(jump, clock)
  }

  @Test func slowDriftIsFollowed() {
    let clock = hands.clock()
    for _ in 0..<100 {
      hands.pass(1_000)
      hands.jump(200)
      #expect(clock.drift == nil)
      #expect(clock.now.milliseconds == hands.wall)
    }
  }

  @Test(arguments: [day, -day])
  func aClockThatWasWrongFromTheStartIsToldByTwoPeers(error: Int64) {
    let last = hands.wall - 3_000
    hands.jump(error)
    let clock = hands.clock()
    clock.goOn(from: HLC(milliseconds: UInt64(last)))
    #expect(clock.now.milliseconds == hands.wall)
    clock.heard(Slot(1), skew: -error)
    #expect(clock.drift == nil)
    clock.heard(Slot(2), skew: -error + 40)
    // The middle one of three clocks: the two peers' and our own.
    let off = error > 0 ? error - 40 : error
    #expect(clock.drift == off)
    #expect(clock.now.milliseconds == last)
    hands.pass(900)
    #expect(clock.now.milliseconds == last + 900)
    // A later HELLO is held against our time as it goes on, not against the wrong wall clock.
    clock.heard(Slot(2), skew: 3_000 + 40)
    #expect(clock.drift == off)
    // The clock is mended while the node runs: the peers confirm it.
    hands.jump(-error)
    #expect(clock.drift == nil)
    #expect(clock.now.milliseconds == hands.wall)
  }

  @Test("peers do not hide a jump that they would still bear with", arguments: [30_000, -30_000])
  func aSmallJumpAmongPeersIsSeen(jump: Int64) {
    let clock = hands.clock()
    clock.heard(Slot(1), skew: 10)
    clock.heard(Slot(2), skew: -20)
    expectToSee(jump, clock)
  }

  @Test("a clock that jumps towards its peers was mended")
  func aSmallErrorIsMended() {
    hands.jump(-40_000)
    let clock = hands.clock()
    clock.heard(Slot(1), skew: 40_010)
    clock.heard(Slot(2), skew: 39_980)
    #expect(clock.drift == nil)
    hands.jump(40_000)
    #expect(clock.drift == nil)
    #expect(clock.now.milliseconds == hands.wall)
  }

  @Test func aReplicaWithoutAnyStampDoesNotGoOnFromZero() {
    hands.jump(Self.day)
    let clock = hands.clock()
    clock.goOn(from: HLC(milliseconds: 0))
    clock.heard(Slot(1), skew: -Self.day)
    clock.heard(Slot(2), skew: -Self.day)
    #expect(clock.drift != nil)
    #expect(clock.now.milliseconds == hands.wall)
  }

  @Test(arguments: [64 * day, -64 * day])
  func oneWrongPeerChangesNothing(error: Int64) {
    let clock = hands.clock()
    clock.heard(Slot(1), skew: 10)
    clock.heard(Slot(2), skew: error)
    #expect(clock.drift == nil)
    clock.heard(Slot(3), skew: -20)
    #expect(clock.drift == nil)
    #expect(clock.now.milliseconds == hands.wall)
  }
}
