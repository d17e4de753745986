// The placement register's value, and the epoch that only grows.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct PlacementTests {
  @Test(arguments: [
    Placement(group: .none, home: "paris"),
    Placement(group: RowID(120_003), home: "san-francisco", mode: .stays, weight: 9),
    Placement(
      group: RowID(10_001), home: "a", mode: .stays, wake: Instant(milliseconds: -5),
      weight: .max),
  ])
  func survivesItsText(placement: Placement) {
    #expect(Placement(placement.text) == placement)
    #expect(Placement(placement.value) == placement)
    #expect(Placement(placement.text + " later words") == placement)
  }

  @Test(arguments: [
    "", "m", "x 1 paris - 1", "m one paris - 1", "m 1 Paris! - 1", "m 1 paris soon 1",
    "m 1 paris - 0", "m 1 paris - -1", "m -1 paris - 1",
  ])
  func whatIsNoPlacementIsRefused(text: String) {
    #expect(Placement(text) == nil)
    #expect(Placement(Value.text(text)) == nil)
  }

  /// Three replicas write one register, seeing one another late and in part.
  @Test(arguments: 0..<200) func theEpochGrowsWithEveryWriteAppliedInAnyCausalOrder(seed: UInt64) {
    struct Entry {
      var write: Write
      var replaces: [Dot]
      var unread: [Dot]
      var past: VersionVector
    }
    var random = SeededGenerator(seed)
    var log: [Entry] = []
    var registers = Array(repeating: RegisterState(), count: 3)
    var known = Array(repeating: VersionVector(), count: 3)

    func apply(_ entry: Entry, at replica: Int) {
      let before = Placement.epoch(of: registers[replica])
      registers[replica].apply(entry.write, replaces: entry.replaces, unread: entry.unread)
      known[replica].advance(entry.write.stamp.dot)
      #expect(Placement.epoch(of: registers[replica]) > before)
    }

    for _ in 0..<60 {
      let replica = Int.random(in: 0..<3, using: &random)
      let missing = log.filter {
        !known[replica].contains($0.write.stamp.dot) && known[replica].covers($0.past)
      }
      if Bool.random(using: &random), let entry = missing.randomElement(using: &random) {
        apply(entry, at: replica)
        continue
      }
      let slot = Slot(UInt32(replica + 1))
      let dot = Dot(slot, known[replica][slot] + 1)
      let byOwner = Bool.random(using: &random)
      // Clocks that disagree by minutes, so that stamps do go back.
      let hlc = HLC(milliseconds: .random(in: 1...1_000_000, using: &random))
      let live = registers[replica].live.map(\.stamp.dot)
      let read: Set<Dot>? =
        Bool.random(using: &random) ? nil : Set(live.filter { _ in Bool.random(using: &random) })
      let naming = registers[replica].naming(read: read) { fence in
        Stamp(dot: dot, hlc: hlc, fence: fence + (byOwner ? 1 : 0), byOwner: byOwner)
      }
      let weight = Placement.weight(replacing: naming.replaces, in: registers[replica])
      let placement = Placement(group: RowID(10_001), home: "paris", weight: weight)
      let entry = Entry(
        write: Write(naming.stamp, placement.value), replaces: naming.replaces,
        unread: naming.unread, past: known[replica])
      log.append(entry)
      apply(entry, at: replica)
    }
    for replica in 0..<3 {
      while let entry = log.first(where: {
        !known[replica].contains($0.write.stamp.dot) && known[replica].covers($0.past)
      }) { apply(entry, at: replica) }
    }
    #expect(Set(registers.map { Placement.epoch(of: $0) }).count == 1)
  }
}
