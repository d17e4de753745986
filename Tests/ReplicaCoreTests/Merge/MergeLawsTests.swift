// Merge laws on generated histories: order of arrival never matters (invariants 3 and 5).

import ReplicaCore
import Testing

struct MergeLawsTests {
  private static let entity = EntityCode(6)

  /// Three replicas that write, add, remove and sometimes hear of each other.
  private func history(seed: UInt64) -> [MemoryReplica] {
    var random = SeededGenerator(seed: seed)
    var replicas = (1...3).map { MemoryReplica(slot: Slot(UInt32($0))) }
    let rows = (1...2).map { RowRef(Self.entity, RowID(number: Int64($0), slot: Slot(1))) }
    var now = Instant(milliseconds: 1_800_000_000_000)
    for _ in 0..<40 {
      now = now + Int64.random(in: 0...50, using: &random)
      let index = Int.random(in: 0..<3, using: &random)
      let row = rows[Int.random(in: 0..<2, using: &random)]
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        let owner: UInt64? =
          Bool.random(using: &random) ? UInt64.random(in: 1...3, using: &random) : nil
        let value = Value.integer(Int64.random(in: 0..<4, using: &random))
        let stale = Bool.random(using: &random) ? Set<Dot>() : nil
        replicas[index].write(row, 1, value, owner: owner, read: stale, now: now)
      case 2:
        replicas[index].add(row, 2, .text("t\(Int.random(in: 0..<3, using: &random))"), now: now)
      case 3:
        replicas[index].remove(
          row, 2, .text("t\(Int.random(in: 0..<3, using: &random))"), now: now)
      default:
        let source = Int.random(in: 0..<3, using: &random)
        exchange(from: source, to: index, in: &replicas, now: now, random: &random)
      }
    }
    return replicas
  }

  private func exchange(
    from source: Int, to target: Int, in replicas: inout [MemoryReplica], now: Instant,
    random: inout SeededGenerator
  ) {
    let limit = Bool.random(using: &random) ? 1 : 1 << 20
    let (batch, _) = replicas[source].read(
      excluding: replicas[target].vector, onlySlot: nil, after: nil, maxBytes: limit)
    _ = replicas[target].receive(batch, now: now)
  }

  @Test(
    "equal sets of deltas give equal states in whatever causal order they came", arguments: 0..<400)
  func orderDoesNotMatter(seed: UInt64) {
    var replicas = history(seed: seed)
    var random = SeededGenerator(seed: seed ^ 0xFFFF)
    let now = Instant(milliseconds: 1_800_000_100_000)
    // Each pair, in a random order, until all have all; then once more: idempotent.
    for _ in 0..<3 {
      for (source, target) in [(0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)].shuffled(
        using: &random)
      {
        while true {
          let (batch, _) = replicas[source].read(
            excluding: replicas[target].vector, onlySlot: nil, after: nil, maxBytes: 200)
          guard !batch.deltas.isEmpty else { break }
          let outcome = replicas[target].receive(batch, now: now)
          guard outcome == .committed(applied: batch.deltas.count) else {
            Issue.record("seed \(seed): \(outcome)")
            return
          }
        }
      }
    }
    for other in replicas.dropFirst() {
      #expect(other.vector == replicas[0].vector)
      #expect(other.rows == replicas[0].rows)
      #expect(other.fingerprint == replicas[0].fingerprint)
    }
    let everything = DeltaBatch(deltas: replicas[0].log, heads: [])
    let before = replicas[1].rows
    #expect(replicas[1].receive(everything, now: now) == .committed(applied: 0))
    #expect(replicas[1].rows == before)
  }

  @Test(
    "what one writes is what one sees, and every unseen value stays in the inbox",
    arguments: 0..<200)
  func ownWriteIsShown(seed: UInt64) {
    var replicas = history(seed: seed)
    let row = RowRef(Self.entity, RowID(number: 1, slot: Slot(1)))
    let now = Instant(milliseconds: 1_800_000_200_000)
    let before = replicas[0].rows[row]?.cells[CellKey(1)]?.register
    replicas[0].write(row, 1, .text("mine"), read: [], now: now)
    let after = replicas[0].rows[row]?.cells[CellKey(1)]?.register
    #expect(after?.winner?.value == .text("mine"))
    let lost = (before?.live ?? []).filter { write in
      !(after?.live.contains(write) ?? false) && !(after?.hidden.contains(write) ?? false)
    }
    #expect(lost.isEmpty)
  }

  @Test("of two writes that did not see each other the owner's is shown, the other kept")
  func ownerIsShown() {
    var paris = MemoryReplica(slot: Slot(1))
    var tokyo = MemoryReplica(slot: Slot(2))
    let row = RowRef(Self.entity, paris.newID())
    let start = Instant(milliseconds: 1_800_000_000_000)
    paris.write(row, 1, .text("born"), now: start)
    _ = tokyo.receive(DeltaBatch(deltas: paris.log, heads: []), now: start)
    tokyo.write(row, 1, .text("owner"), owner: 100, now: start + 10)
    paris.write(row, 1, .text("later, not owner"), now: start + 50_000)
    let fromTokyo = DeltaBatch(deltas: tokyo.log, heads: [])
    _ = paris.receive(fromTokyo, now: start + 50_001)
    let state = paris.rows[row]?.cells[CellKey(1)]?.register
    #expect(state?.winner?.value == .text("owner"))
    #expect(state?.conflicts.map(\.value) == [.text("later, not owner")])
  }

  @Test("an element that somebody added again unseen survives a removal")
  func addWins() {
    var paris = MemoryReplica(slot: Slot(1))
    var tokyo = MemoryReplica(slot: Slot(2))
    let row = RowRef(Self.entity, paris.newID())
    let now = Instant(milliseconds: 1_800_000_000_000)
    paris.add(row, 2, .text("vip"), now: now)
    _ = tokyo.receive(DeltaBatch(deltas: paris.log, heads: []), now: now)
    tokyo.remove(row, 2, .text("vip"), now: now)
    paris.add(row, 2, .text("vip"), now: now)
    _ = paris.receive(DeltaBatch(deltas: tokyo.log, heads: []), now: now)
    _ = tokyo.receive(DeltaBatch(deltas: paris.log, heads: []), now: now)
    #expect(paris.rows[row]?.elements(2) == [.text("vip")])
    #expect(tokyo.rows == paris.rows)
  }
}
