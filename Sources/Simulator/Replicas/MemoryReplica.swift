// The fast replica: a durable log in an array, and tables that a restart builds from it again.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// A replica without a disk that keeps the store's contract.
final class MemoryReplica: SimReplica {
  let slot: Slot
  private let setting: ReplicaSetting
  private var tables: MemoryTables
  /// What survives a loss of power.
  private var durable: [MemoryEntry] = []
  private var durableClock = HybridClock()
  private var durableIDs: Int64 = 0
  private var clock = HybridClock()
  private var ids: Int64 = 0
  private var cachedLocal: LocalState?
  let disk = SimDisk()
  var standing: SimStanding { didSet { tables.offices = standing.offices } }
  /// The disk failed: nothing is written until a restart.
  private var isStopped = false

  init(slot: Slot, setting: ReplicaSetting) {
    self.slot = slot
    self.setting = setting
    standing = SimStanding(offices: setting.offices)
    tables = MemoryTables(setting)
  }

  var hlc: HLC { durableClock.last }

  var local: LocalState {
    if let cachedLocal { return cachedLocal }
    let state = tables.local
    cachedLocal = state
    return state
  }

  // MARK: Own deltas

  func commit(
    _ commands: [SimCommand], at moment: Moment, probe: Probe
  ) throws -> [Result<SimAccepted, Refusal>] {
    try write {
      try probe(.commitBegun)
      var results: [Result<SimAccepted, Refusal>] = []
      for (index, command) in commands.enumerated() {
        results.append(run(command, moment))
        if index == (commands.count - 1) / 2 { try probe(.commitHalfDecided) }
      }
      try probe(.commitBeforeHead)
      if tables.log.count > durable.count { try probe(.commitSigningFails) }
      try probe(.commitSealed)
      for point in [Failpoint.commitWritten, .commitDiskFull, .commitIOError] { try probe(point) }
      seal()
      return results
    }
  }

  /// Nothing of a write that fails remains: the tables are made of the durable log again.
  private func write<T>(_ body: () throws -> T) throws -> T {
    if isStopped { throw StoreError.stopped(reason: "simulated") }
    if disk.isFull { throw StoreError.diskFull(free: disk.freeBytes) }
    // What peers are told until the end is what is durable now.
    _ = local
    do { return try body() } catch let error as StoreError {
      if case .ioFailed = error { isStopped = true }
      rebuild()
      throw error
    } catch let error as SigningFailed {
      rebuild()
      throw error
    }
  }

  func commitTorn(
    _ commands: [SimCommand], at moment: Moment, keeping part: Double
  ) throws -> Bool {
    _ = local
    for command in commands { _ = run(command, moment) }
    let fresh = tables.log.dropFirst(durable.count)
    // Without the head, which is written last.
    durable += fresh.prefix(Int(Double(fresh.count) * part))
    restart()
    return true
  }

  private func run(_ each: SimCommand, _ moment: Moment) -> Result<SimAccepted, Refusal> {
    let dot = Dot(slot, tables.vector[slot] + 1)
    var ticking = clock
    let hlc = ticking.tick(now: moment.now)
    var fresh = ids
    let context = DecisionContext(
      dot: dot, hlc: hlc, now: moment.now, clockDrift: moment.drift,
      newID: {
        fresh += 1
        return RowID(number: fresh, slot: self.slot)
      }, salt: { self.setting.salt() })
    do throws(Refusal) {
      let decision = try Decider.decide(
        command: each.command, actor: each.actor, reading: tables, context: context)
      guard !decision.isEmpty else {
        return .success(SimAccepted(encoded: nil, created: decision.created))
      }
      ids = fresh
      let encoded = append(decision, dot, hlc, void: nil)
      return .success(SimAccepted(encoded: encoded, created: decision.created))
    } catch {
      return .failure(error)
    }
  }

  private func append(
    _ decision: Decision, _ dot: Dot, _ hlc: HLC, void: VoidReason?
  ) -> EncodedDelta {
    let delta = decision.delta(dot: dot, hlc: hlc, contextChange: contextChange)
    let encoded = DeltaCodec.encode(delta)
    tables.take(MemoryEntry(encoded: encoded, delta: delta, void: void, head: nil))
    clock = HybridClock(last: hlc)
    return encoded
  }

  private var contextChange: [Slot: UInt64] {
    let known = tables.contexts[slot] ?? VersionVector()
    return tables.vector.entries.filter { $0.key != slot && $0.value > known[$0.key] }
  }

  /// Makes a delta that no decision made, as a hostile node would, judges it, and commits it.
  func forge(
    _ changes: [RowChange], by actor: Actor, at moment: Moment
  ) -> (dot: Dot, void: VoidReason?) {
    let dot = Dot(slot, tables.vector[slot] + 1)
    let hlc = clock.tick(now: moment.now)
    let decision = Decision(changes: changes, actor: actor)
    let delta = decision.delta(dot: dot, hlc: hlc, contextChange: contextChange)
    let reason = Verdict.verdict(delta, context: tables.past(of: delta), reading: tables)
    _ = append(decision, dot, hlc, void: reason)
    seal()
    return (dot, reason)
  }

  /// Closes new own deltas with a signed head and makes everything durable.
  private func seal() {
    var fresh = Array(tables.log.dropFirst(durable.count))
    if let last = fresh.lastIndex(where: { $0.delta.dot.slot == slot }) {
      let dot = fresh[last].delta.dot
      let hash = tables.hash(at: dot) ?? .zero
      fresh[last].head = SignedHead(
        dot: dot, hash: hash, signature: ReplicaSetting.sign(dot, hash))
    }
    durable += fresh
    durableClock = clock
    durableIDs = ids
    cachedLocal = nil
  }

  // MARK: Deltas of others

  func apply(_ batch: DeltaBatch, now: Instant, probe: Probe) throws -> SimApplied {
    try probe(.applyBegun)
    return try write { try take(batch, now, probe) }
  }

  private func take(_ batch: DeltaBatch, _ now: Instant, _ probe: Probe) throws -> SimApplied {
    var check = MemoryBatchCheck(
      batch: batch, tables: tables, own: slot, standing: standing)
    let ready = check.run()
    if let refusal = check.refusal {
      return SimApplied(outcome: refusal, beyondSeal: check.beyondSeal)
    }
    var heads: [Dot: SignedHead] = [:]
    for head in batch.heads { heads[head.dot] = head }
    var result = SimApplied(outcome: .committed(applied: ready.count))
    var latest = HLC.zero
    let before = tables.log.count
    var fresh: [MemoryEntry] = []
    for (encoded, delta) in ready {
      let reason = Verdict.verdict(delta, context: tables.past(of: delta), reading: tables)
      if reason != nil { result.voided += 1 }
      latest = max(latest, delta.header.hlc)
      let entry = MemoryEntry(
        encoded: encoded, delta: delta, void: reason, head: heads[delta.dot])
      tables.take(entry)
      fresh.append(entry)
      if fresh.count == (ready.count + 1) / 2 { try probe(.applyHalfJudged) }
    }
    try probe(.applyJudged)
    for point in [Failpoint.applyWritten, .applyDiskFull, .applyIOError] { try probe(point) }
    precondition(before == durable.count, "nothing undurable may lie before a batch")
    durable += fresh
    _ = clock.observe(latest, now: now)
    durableClock = clock
    cachedLocal = nil
    result.ownSlotAhead = check.ownSlotIsAhead
    if check.isIncomplete { result.outcome = .missing(applied: ready.count) }
    return result
  }

  // MARK: Reading

  func readLog(
    excluding: VersionVector, onlySlot: Slot?, after: Int64?, maxBytes: Int
  ) -> (batch: DeltaBatch, next: Int64?) {
    var taken: [MemoryEntry] = []
    var bytes = 0
    var open: Set<Slot> = []
    var closed = (count: 0, next: Int64(0))
    var hasMore = false
    for (position, entry) in durable.enumerated().dropFirst(Int(after ?? 0)) {
      let dot = entry.delta.dot
      guard !excluding.contains(dot), (onlySlot ?? dot.slot) == dot.slot else { continue }
      if bytes + entry.encoded.byteCount > maxBytes, closed.count > 0 {
        hasMore = true
        break
      }
      bytes += entry.encoded.byteCount
      taken.append(entry)
      if entry.head != nil { open.remove(dot.slot) } else { open.insert(dot.slot) }
      if open.isEmpty { closed = (taken.count, Int64(position + 1)) }
    }
    guard closed.count > 0 else { return (DeltaBatch(deltas: [], heads: []), nil) }
    let isWhole = !hasMore && closed.count == taken.count
    let given = taken.prefix(closed.count)
    var heads: [Slot: SignedHead] = [:]
    for entry in given { if let head = entry.head { heads[head.dot.slot] = head } }
    let batch = DeltaBatch(
      deltas: given.map(\.encoded), heads: heads.sorted { $0.key < $1.key }.map(\.value))
    return (batch, isWhole ? nil : closed.next)
  }

  func hash(at dot: Dot) -> Digest? { tables.hash(at: dot) }

  func read<T>(_ body: (any DeskReading) throws -> T) rethrows -> T { try body(tables) }

  func readBeside(_ rows: [RowRef]) -> [RowRef: RowState] {
    Dictionary(rows.map { ($0, tables.row($0)) }, uniquingKeysWith: { $1 })
  }

  func dump() -> ReplicaDump {
    var dump = ReplicaDump(
      log: durable.map(\.encoded), heads: [:], voids: [:],
      rows: tables.states.filter { $0.value.exists })
    for entry in durable {
      if let head = entry.head { dump.heads[head.dot.slot] = head }
      if let void = entry.void { dump.voids[entry.delta.dot] = void.rawValue }
    }
    return dump
  }

  func copy(to directory: String) -> any SimReplica {
    let copy = MemoryReplica(slot: slot, setting: setting)
    copy.durable = durable
    copy.durableClock = durableClock
    copy.durableIDs = durableIDs
    copy.standing = standing
    copy.restart()
    return copy
  }

  func restart() {
    isStopped = false
    // A head is the last thing written: own deltas that none closes were torn.
    while let last = durable.last, last.delta.dot.slot == slot, last.head == nil {
      durable.removeLast()
    }
    rebuild()
  }

  private func rebuild() {
    tables = MemoryTables(setting)
    tables.offices = standing.offices
    for entry in durable { tables.take(entry) }
    clock = durableClock
    ids = durableIDs
    cachedLocal = nil
  }
}
