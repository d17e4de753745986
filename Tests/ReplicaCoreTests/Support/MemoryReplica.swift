// A whole replica in memory, to put the core under test without disk or network.

import ReplicaCore

/// Log, rows, chain and vector of one replica; signatures are a tag of slot and hash.
struct MemoryReplica {
  let slot: Slot
  private(set) var log: [EncodedDelta] = []
  private(set) var rows: [RowRef: RowState] = [:]
  private(set) var vector = VersionVector()
  private(set) var hashes: [Dot: Digest] = [:]
  private(set) var fingerprint = Fingerprint()
  private var contexts: [Slot: VersionVector] = [:]
  private var lastContext = VersionVector()
  private var clock = HybridClock()
  private var nextID: Int64 = 1

  init(slot: Slot) { self.slot = slot }

  var headed: HeadedVector {
    var heads: [Slot: Digest] = [:]
    for (slot, seq) in vector.sorted { heads[slot] = hashes[Dot(slot, seq)] }
    return HeadedVector(vector: vector, hashes: heads)
  }

  var local: LocalState {
    var total = Fingerprint.Sum()
    for sum in fingerprint.buckets { total &+= sum }
    return LocalState(headed: headed, fingerprint: total.low)
  }

  mutating func newID() -> RowID {
    defer { nextID += 1 }
    return RowID(number: nextID, slot: slot)
  }

  /// Writes a register as an agent would who had read `read` (nil: what is displayed).
  mutating func write(
    _ row: RowRef, _ column: UInt16, _ value: Value, owner: UInt64? = nil,
    read: Set<Dot>? = nil, now: Instant
  ) {
    let dot = Dot(slot, vector[slot] + 1)
    let hlc = clock.tick(now: now)
    let state = rows[row]?.cells[CellKey(column)]?.register ?? RegisterState()
    let named = state.naming(read: read) { highest in
      Stamp(
        dot: dot, hlc: hlc, fence: owner.map { max($0, highest) } ?? highest,
        byOwner: owner != nil)
    }
    let action = CellAction(
      CellKey(column),
      .write(.plain(value), replaces: named.replaces, unread: named.unread),
      fence: named.stamp.fence)
    commit(dot, hlc, [RowChange(row, byOwner: owner != nil, [action])])
  }

  mutating func add(_ row: RowRef, _ column: UInt16, _ element: Value, now: Instant) {
    let dots = rows[row]?.cells[CellKey(column)]?.set?.dots(of: element) ?? []
    let action = CellAction(CellKey(column), .add(element, replaces: dots))
    commit(Dot(slot, vector[slot] + 1), clock.tick(now: now), [RowChange(row, [action])])
  }

  mutating func remove(_ row: RowRef, _ column: UInt16, _ element: Value, now: Instant) {
    let dots = rows[row]?.cells[CellKey(column)]?.set?.dots(of: element) ?? []
    let action = CellAction(CellKey(column), .remove(element, seen: dots))
    commit(Dot(slot, vector[slot] + 1), clock.tick(now: now), [RowChange(row, [action])])
  }

  private mutating func commit(_ dot: Dot, _ hlc: HLC, _ changes: [RowChange]) {
    var context: [Slot: UInt64] = [:]
    for (other, seq) in vector.sorted where other != slot && lastContext[other] < seq {
      context[other] = seq
    }
    lastContext = vector
    let delta = Delta(DeltaHeader(dot: dot, hlc: hlc, contextChange: context), changes)
    apply(DeltaCodec.encode(delta), delta)
  }

  private mutating func apply(_ encoded: EncodedDelta, _ delta: Delta) {
    let previous = hashes[Dot(delta.dot.slot, delta.dot.seq - 1)] ?? .zero
    hashes[delta.dot] = encoded.link(after: previous)
    log.append(encoded)
    vector.advance(delta.dot)
    for change in delta.changes {
      let before = rows[change.row] ?? RowState()
      var after = before
      after.apply(change, header: delta.header)
      rows[change.row] = after
      for action in change.actions {
        fingerprint.replace(
          before.cells[action.cell], with: after.cells[action.cell], cell: action.cell,
          row: change.row)
      }
    }
  }

  /// Applies what is new and whose causal past is here.
  mutating func receive(_ batch: DeltaBatch, now: Instant) -> ApplyOutcome {
    var applied = 0
    for encoded in batch.deltas where !vector.contains(encoded.dot) {
      guard let delta = try? DeltaCodec.decode(encoded) else { return .refused("malformed") }
      var context = contexts[encoded.dot.slot] ?? VersionVector()
      for (slot, seq) in delta.header.contextChange { context[slot] = seq }
      guard encoded.dot.seq == vector[encoded.dot.slot] + 1, vector.covers(context) else {
        return .missing(applied: applied)
      }
      contexts[encoded.dot.slot] = context
      _ = clock.observe(delta.header.hlc, now: now)
      apply(encoded, delta)
      applied += 1
    }
    return .committed(applied: applied)
  }

  /// The store's read: in apply order, without what `excluding` covers.
  func read(
    excluding: VersionVector, onlySlot: Slot?, after: Int64?, maxBytes: Int
  ) -> (DeltaBatch, Int64?) {
    var batch = DeltaBatch(deltas: [], heads: [])
    var size = 0
    for (index, encoded) in log.enumerated().dropFirst(Int(after ?? 0))
    where !excluding.contains(encoded.dot) && (onlySlot ?? encoded.dot.slot) == encoded.dot.slot {
      if size > 0, size + encoded.byteCount > maxBytes { return (batch, Int64(index)) }
      batch.deltas.append(encoded)
      size += encoded.byteCount
    }
    return (batch, nil)
  }
}
