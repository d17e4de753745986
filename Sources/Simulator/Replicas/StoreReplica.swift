// The replica on the shipped store: SQLite, its chain, its heads, its read tables.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Composes store and domain as the node's mutation door and replica gate do, without tasks.
final class StoreReplica: SimReplica {
  let slot: Slot
  private let setting: ReplicaSetting
  private let options: StoreOptions
  private var store: ReplicaStore
  private var cachedLocal: LocalState?

  /// Opens a store in a directory that the caller removes after the run.
  init(slot: Slot, setting: ReplicaSetting, directory: String) throws {
    self.slot = slot
    self.setting = setting
    var options = StoreOptions(
      directory: directory, now: { Instant(seconds: 1_790_000_000) },
      placement: { row in
        guard let placement = Placement(row.value(TicketColumn.placement)) else { return nil }
        return DerivedPlacement(
          group: placement.group, home: placement.home, movesOn: placement.mode == .movesOn,
          wakeAt: placement.wake)
      })
    options.durability = .simulated
    options.check = .tails
    self.options = options
    store = try ReplicaStore.open(options)
    try store.writeNow { try $0.adopt(slot: slot) }
  }

  var hlc: HLC { store.clock.last }

  var local: LocalState {
    if let cachedLocal { return cachedLocal }
    let state = store.localState
    cachedLocal = state
    return state
  }

  func commit(
    _ commands: [SimCommand], at moment: Moment, losingPowerAfter: Int?
  ) throws -> [Result<SimAccepted, Refusal>] {
    cachedLocal = nil
    return try store.writeNow { transaction in
      var results: [Result<SimAccepted, Refusal>] = []
      for (index, command) in commands.enumerated() {
        results.append(try run(command, moment, transaction))
        if losingPowerAfter == index + 1 { throw PowerLost() }
      }
      try transaction.seal(sign: ReplicaSetting.sign)
      return results
    }
  }

  private func run(
    _ each: SimCommand, _ moment: Moment, _ transaction: WriteTransaction
  ) throws -> Result<SimAccepted, Refusal> {
    do {
      return .success(
        try transaction.savepoint {
          let reading = TransactionReading(
            transaction, offices: setting.offices, dutyBooks: setting.dutyBooks)
          var ticking = transaction.clock
          let hlc = ticking.tick(now: moment.now)
          let context = DecisionContext(
            dot: try transaction.nextDot(), hlc: hlc, now: moment.now, clockDrift: moment.drift,
            newID: { reading.newID() }, salt: { self.setting.salt() })
          let decision = try Decider.decide(
            command: each.command, actor: each.actor, reading: reading, context: context)
          try reading.check()
          guard !decision.isEmpty else {
            return SimAccepted(encoded: nil, created: decision.created)
          }
          let encoded = try transaction.appendLocal(
            hlc: hlc, actor: decision.actor, authority: decision.authority, via: decision.via,
            occurredAt: decision.occurredAt, decision.changes)
          return SimAccepted(encoded: encoded, created: decision.created)
        })
    } catch let refusal as Refusal {
      return .failure(refusal)
    }
  }

  func apply(_ batch: DeltaBatch, now: Instant) throws -> SimApplied {
    cachedLocal = nil
    let result = try store.writeNow { transaction in
      let result = try transaction.apply(
        batch, verify: ReplicaSetting.isSigned,
        verdict: { delta, past, transaction in
          let reading = TransactionReading(
            transaction, offices: setting.offices, dutyBooks: setting.dutyBooks)
          let reason = Verdict.verdict(delta, context: past, reading: reading)
          try reading.check()
          return reason?.rawValue
        })
      var hybrid = transaction.clock
      _ = hybrid.observe(result.latest, now: now)
      transaction.clock = hybrid
      return result
    }
    return SimApplied(outcome: Self.outcome(of: result), voided: result.voided)
  }

  private static func outcome(of result: ApplyResult) -> ApplyOutcome {
    if let fork = result.fork { return .fork(fork) }
    if let head = result.badHead { return .refused("the head at \(head.dot) does not verify") }
    return result.problems.isEmpty
      ? .committed(applied: result.applied) : .missing(applied: result.applied)
  }

  func readLog(
    excluding: VersionVector, onlySlot: Slot?, after: Int64?, maxBytes: Int
  ) throws -> (batch: DeltaBatch, next: Int64?) {
    try store.readNow {
      try $0.readLog(
        excluding: excluding, onlySlot: onlySlot, after: after, maxBytes: maxBytes)
    }
  }

  func hash(at dot: Dot) throws -> Digest? { try store.readNow { try $0.headHash(at: dot) } }

  func read<T>(_ body: (any DeskReading) throws -> T) throws -> T {
    try store.writeNow { transaction in
      let reading = TransactionReading(
        transaction, offices: setting.offices, dutyBooks: setting.dutyBooks)
      let result = try body(reading)
      try reading.check()
      return result
    }
  }

  /// Reads everything back from the files, and lets the store verify chain and fingerprint.
  func dump() throws -> ReplicaDump {
    let kept = store.fingerprint
    return try store.readNow { view in
      _ = try view.verifyChain()
      guard try view.recomputeFingerprint() == kept else {
        throw StoreError.damaged(detail: "the kept fingerprint is not that of the rows")
      }
      let batch = try view.readLog(excluding: VersionVector(), maxBytes: .max / 2).batch
      var dump = ReplicaDump(log: batch.deltas, heads: [:], voids: [:], rows: [:])
      for head in batch.heads { dump.heads[head.dot.slot] = head }
      for entry in try view.log(after: 0, limit: .max) {
        if let void = entry.void { dump.voids[entry.delta.dot] = void }
      }
      for entity in Desk.schema.entities {
        for (id, state) in try view.rows(entity.code) { dump.rows[RowRef(entity.code, id)] = state }
      }
      return dump
    }
  }

  func restart() throws {
    try store.close()
    cachedLocal = nil
    store = try ReplicaStore.open(options)
  }

  /// Closes the files.
  func close() throws { try store.close() }
}
