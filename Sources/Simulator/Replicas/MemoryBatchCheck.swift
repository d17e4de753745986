// The in-memory replica checks a batch as the store does: whole slots, closed by signed heads.

internal import ReplicaCore

/// Gaps, chain, heads, forks and causal past of one batch.
struct MemoryBatchCheck {
  let batch: DeltaBatch
  let tables: MemoryTables
  let own: Slot
  let standing: SimStanding
  /// Why nothing of the batch is taken.
  private(set) var refusal: ApplyOutcome?
  private(set) var beyondSeal: Dot?
  private var left: Set<Slot> = []
  /// The batch has deltas of our own slot that we never made.
  private(set) var ownSlotIsAhead = false

  init(batch: DeltaBatch, tables: MemoryTables, own: Slot, standing: SimStanding) {
    self.batch = batch
    self.tables = tables
    self.own = own
    self.standing = standing
  }

  /// Some slot was left out: what it builds on is missing.
  var isIncomplete: Bool { !left.isEmpty }

  /// What may be applied, in the batch's order.
  mutating func run() -> [(EncodedDelta, Delta)] {
    for slot in Set(batch.deltas.map(\.dot.slot)).sorted() where refusal == nil { check(slot) }
    guard refusal == nil else { return [] }
    var ready: [(EncodedDelta, Delta)] = []
    for encoded in batch.deltas
    where !left.contains(encoded.dot.slot) && !tables.vector.contains(encoded.dot) {
      guard let delta = try? DeltaCodec.decode(encoded) else {
        refusal = .refused("delta \(encoded.dot) cannot be read")
        return []
      }
      ready.append((encoded, delta))
    }
    return causallyReady(ready)
  }

  private mutating func check(_ slot: Slot) {
    let deltas = batch.deltas.filter { $0.dot.slot == slot }
    let known = tables.vector[slot]
    guard let first = deltas.first, let last = deltas.last else { return }
    for (offset, delta) in deltas.enumerated()
    where delta.dot.seq != first.dot.seq + UInt64(offset) {
      left.insert(slot)
      return
    }
    guard first.dot.seq <= known + 1, var hash = tables.hash(at: Dot(slot, first.dot.seq - 1))
    else {
      left.insert(slot)
      return
    }
    for delta in deltas {
      hash = delta.link(after: hash)
      if delta.dot.seq <= known, hash != tables.hash(at: delta.dot) {
        refusal = .fork(delta.dot)
        return
      }
    }
    guard last.dot.seq > known else { return }
    guard let head = batch.heads.first(where: { $0.dot == last.dot }),
      ReplicaSetting.isSigned(head), head.hash == hash
    else {
      refusal = .refused("the head at \(last.dot) does not verify")
      return
    }
    guard standing.accepts(head) else {
      beyondSeal = head.dot
      refusal = .missing(applied: 0)
      return
    }
    if slot == own {
      ownSlotIsAhead = true
      left.insert(slot)
    }
  }

  private mutating func causallyReady(
    _ deltas: [(EncodedDelta, Delta)]
  ) -> [(EncodedDelta, Delta)] {
    while true {
      var vector = tables.vector
      var isReady = true
      for (_, delta) in deltas where !left.contains(delta.dot.slot) {
        guard delta.header.contextChange.allSatisfy({ vector[$0.key] >= $0.value }) else {
          left.insert(delta.dot.slot)
          isReady = false
          break
        }
        vector.advance(delta.dot)
      }
      if isReady { return deltas.filter { !left.contains($0.1.dot.slot) } }
    }
  }
}
