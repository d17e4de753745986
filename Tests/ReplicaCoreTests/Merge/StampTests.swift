// Which of several writes is shown: token before owner's bit, before time, before slot.

import ReplicaCore
import Testing

/// INVARIANTS 15. Each stamp is greater than the next by one field alone, and less by all the later.
@Suite struct StampTests {
  private static func stamp(
    fence: UInt64, byOwner: Bool, time: UInt64, slot: UInt32, seq: UInt64
  ) -> Stamp {
    Stamp(
      dot: Dot(Slot(slot), seq), hlc: HLC(milliseconds: time), fence: fence, byOwner: byOwner)
  }

  private static let greatestFirst = [
    stamp(fence: 200, byOwner: false, time: 1, slot: 1, seq: 1),
    stamp(fence: 100, byOwner: true, time: 2, slot: 2, seq: 2),
    stamp(fence: 100, byOwner: false, time: 9, slot: 3, seq: 3),
    stamp(fence: 100, byOwner: false, time: 8, slot: 5, seq: 4),
    stamp(fence: 100, byOwner: false, time: 8, slot: 4, seq: 9),
    stamp(fence: 100, byOwner: false, time: 8, slot: 4, seq: 8),
  ]

  @Test func theTokenDecidesThenTheOwnerThenTheClockThenTheSlot() {
    for (place, greater) in Self.greatestFirst.enumerated() {
      #expect(!(greater < greater))
      for lesser in Self.greatestFirst.dropFirst(place + 1) {
        #expect(lesser < greater)
        #expect(!(greater < lesser))
      }
    }
  }

  @Test func theGreatestIsShownInWhateverOrderTheWritesCame() {
    var random = SeededGenerator(seed: 7)
    let writes = Self.greatestFirst.map { Write($0, .integer(Int64($0.dot.seq))) }
    for _ in 0..<50 {
      var register = RegisterState()
      for write in writes.shuffled(using: &random) {
        register.apply(write, replaces: [], unread: [])
      }
      #expect(register.winner == writes[0])
      #expect(register.conflicts.count == writes.count - 1)
    }
  }
}
