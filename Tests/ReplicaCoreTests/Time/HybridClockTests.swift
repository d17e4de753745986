// The clock that stamps: never back, moved by peers, and never dragged far ahead by one.

import ReplicaCore
import Testing

/// INVARIANTS 19.
@Suite struct HybridClockTests {
  private static let now = Instant(milliseconds: 1_800_000_000_000)

  private func stamp(_ milliseconds: Int64, counter: UInt16 = 0) -> HLC {
    HLC(milliseconds: UInt64(Self.now.milliseconds + milliseconds), counter: counter)
  }

  @Test func stampsGrowWhateverTheMachinesClockDoes() {
    var clock = HybridClock()
    var last = HLC.zero
    for step: Int64 in [0, 0, 5, -3_600_000, -3_600_000, 4, 6, -86_400_000, 7] {
      let next = clock.tick(now: Self.now + step)
      #expect(next > last, "at \(step) ms")
      last = next
    }
    #expect(last == stamp(7))
  }

  @Test func aFullCounterGoesOnInTheNextMillisecond() {
    var clock = HybridClock(last: stamp(0, counter: .max))
    let next = clock.tick(now: Self.now)
    #expect(next == stamp(1))
  }

  @Test func whatIsMadeAfterAReceivedStampSortsAfterIt() {
    var clock = HybridClock()
    _ = clock.tick(now: Self.now)
    let received = stamp(30_000, counter: 7)
    _ = clock.observe(received, now: Self.now)
    let next = clock.tick(now: Self.now + 1)
    #expect(next == stamp(30_000, counter: 8))
  }

  @Test func anOldStampMovesNothing() {
    var clock = HybridClock()
    let last = clock.tick(now: Self.now)
    let isTaken = clock.observe(stamp(-500_000), now: Self.now)
    #expect(isTaken)
    #expect(clock.last == last)
  }

  @Test(arguments: [60_001, 86_400_000, 2_000_000_000_000] as [Int64])
  func aStampFarAheadIsToldAndMovesNothing(milliseconds: Int64) {
    var clock = HybridClock()
    let last = clock.tick(now: Self.now)
    let isTaken = clock.observe(stamp(milliseconds), now: Self.now)
    #expect(!isTaken)
    #expect(clock.last == last)
    // Exactly as far as is allowed.
    let isNearTaken = clock.observe(stamp(60_000), now: Self.now)
    #expect(isNearTaken)
    #expect(clock.last == stamp(60_000))
  }
}
