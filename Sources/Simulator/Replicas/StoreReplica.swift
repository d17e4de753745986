// The replica on the shipped store: SQLite, its chain, its heads, its read tables.

internal import Foundation
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
  let disk: SimDisk
  var standing: SimStanding

  /// Opens a store in a directory that the caller removes after the run.
  init(slot: Slot, setting: ReplicaSetting, directory: String) throws {
    self.slot = slot
    self.setting = setting
    standing = SimStanding(offices: setting.offices)
    var options = StoreOptions(
      directory: directory, now: { Instant(seconds: 1_790_000_000) },
      placement: { row in
        guard let placement = Placement(row.value(TicketColumn.placement)) else { return nil }
        return DerivedPlacement(
          group: placement.group, home: placement.home, movesOn: placement.mode == .movesOn,
          wakeAt: placement.wake)
      })
    options.durability = .simulated
    let disk = SimDisk()
    options.freeBytes = { _ in disk.freeBytes }
    self.disk = disk
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
    _ commands: [SimCommand], at moment: Moment, probe: Probe
  ) throws -> [Result<SimAccepted, Refusal>] {
    cachedLocal = nil
    let before = store.vector
    func written() throws {
      // A reader sees the state before, whole, until the commit.
      guard try store.readNow({ try $0.vector() }) == before else {
        throw Violation(2, "slot \(slot): a reader sees a transaction before its commit")
      }
      for point in [Failpoint.commitWritten, .commitDiskFull, .commitIOError] { try probe(point) }
    }
    return try store.writeNow(written: written) { transaction in
      try probe(.commitBegun)
      var results: [Result<SimAccepted, Refusal>] = []
      for (index, command) in commands.enumerated() {
        results.append(try run(command, moment, transaction))
        if index == (commands.count - 1) / 2 { try probe(.commitHalfDecided) }
      }
      try probe(.commitBeforeHead)
      try transaction.seal { dot, hash in
        try probe(.commitSigningFails)
        return ReplicaSetting.sign(dot, hash)
      }
      try probe(.commitSealed)
      return results
    }
  }

  func commitTorn(
    _ commands: [SimCommand], at moment: Moment, keeping part: Double
  ) throws -> Bool {
    let before = try files()
    _ = try commit(commands, at: moment)
    let after = try files()
    // A checkpoint syncs the log first, so what it has taken in cannot be torn any more.
    guard before.main == after.main, after.log.count > before.log.count else { return false }
    try store.close()
    let kept = before.log.count + Int(Double(after.log.count - before.log.count) * part)
    var torn = after.log.prefix(kept)
    torn.append(Data(repeating: 0xA5, count: after.log.count - kept))
    let path = databasePath
    try after.main.write(to: URL(filePath: path))
    try torn.write(to: URL(filePath: path + "-wal"))
    try? FileManager.default.removeItem(atPath: path + "-shm")
    cachedLocal = nil
    store = try ReplicaStore.open(options)
    return true
  }

  private var databasePath: String { options.directory + "/heliotrope.sqlite" }

  private func files() throws -> (main: Data, log: Data) {
    let path = databasePath
    return (
      try Data(contentsOf: URL(filePath: path)), try Data(contentsOf: URL(filePath: path + "-wal"))
    )
  }

  private func run(
    _ each: SimCommand, _ moment: Moment, _ transaction: WriteTransaction
  ) throws -> Result<SimAccepted, Refusal> {
    do {
      return .success(
        try transaction.savepoint {
          let reading = TransactionReading(
            transaction, offices: standing.offices, dutyBooks: setting.dutyBooks)
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

  func apply(_ batch: DeltaBatch, now: Instant, probe: Probe) throws -> SimApplied {
    cachedLocal = nil
    try probe(.applyBegun)
    func written() throws {
      for point in [Failpoint.applyWritten, .applyDiskFull, .applyIOError] { try probe(point) }
    }
    let result = try store.writeNow(written: written) { transaction in
      var judged = 0
      let result = try transaction.apply(
        batch, verify: standing.accepts,
        verdict: { delta, past, transaction in
          judged += 1
          if judged == (batch.deltas.count + 1) / 2 { try probe(.applyHalfJudged) }
          let reading = TransactionReading(
            transaction, offices: standing.offices, dutyBooks: setting.dutyBooks)
          let reason = Verdict.verdict(delta, context: past, reading: reading)
          try reading.check()
          return reason?.rawValue
        })
      var hybrid = transaction.clock
      _ = hybrid.observe(result.latest, now: now)
      transaction.clock = hybrid
      try probe(.applyJudged)
      return result
    }
    let isAhead = result.problems.values.contains {
      if case .ownSlotAhead = $0 { true } else { false }
    }
    if let head = result.badHead, standing.isBeyondSeal(head.dot), ReplicaSetting.isSigned(head) {
      return SimApplied(outcome: .missing(applied: result.applied), beyondSeal: head.dot)
    }
    return SimApplied(
      outcome: Self.outcome(of: result), ownSlotAhead: isAhead, voided: result.voided)
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

  /// On the writing connection, where the domain reads; it writes nothing, so a full disk does not
  /// matter. After a failed disk it throws.
  func read<T>(_ body: (any DeskReading) throws -> T) throws -> T {
    let wasFull = disk.isFull
    disk.isFull = false
    defer { disk.isFull = wasFull }
    return try store.writeNow { transaction in
      let reading = TransactionReading(
        transaction, offices: standing.offices, dutyBooks: setting.dutyBooks)
      let result = try body(reading)
      try reading.check()
      return result
    }
  }

  /// Reads everything back from the files, and lets the store verify chain and fingerprint.
  func dump() throws -> ReplicaDump {
    let kept = store.fingerprint
    var unknown: Set<RowRef> = []
    var dump = try store.readNow { view in
      _ = try view.verifyChain()
      guard try view.recomputeFingerprint() == kept else {
        throw StoreError.damaged(detail: "the kept fingerprint is not that of the rows")
      }
      let batch = try view.readLog(excluding: VersionVector(), maxBytes: .max / 2).batch
      var dump = ReplicaDump(log: batch.deltas, heads: [:], voids: [:], rows: [:])
      for head in batch.heads { dump.heads[head.dot.slot] = head }
      for entry in try view.log(after: 0, limit: .max) {
        for row in entry.delta.changes.map(\.row) where Desk.schema.entity(row.entity) == nil {
          unknown.insert(row)
        }
        if let void = entry.void { dump.voids[entry.delta.dot] = void }
      }
      for entity in Desk.schema.entities {
        for (id, state) in try view.rows(entity.code) { dump.rows[RowRef(entity.code, id)] = state }
      }
      return dump
    }
    try read { reading in
      for row in unknown {
        let state = reading.row(row)
        if state.exists { dump.rows[row] = state }
      }
    }
    return dump
  }

  func readBeside(_ rows: [RowRef]) throws -> [RowRef: RowState] {
    try store.readNow { view in
      var states: [RowRef: RowState] = [:]
      for (entity, refs) in Dictionary(grouping: rows, by: \.entity) {
        for (id, state) in try view.rows(entity, refs.map(\.id)) {
          states[RowRef(entity, id)] = state
        }
      }
      return states
    }
  }

  func copy(to directory: String) throws -> any SimReplica {
    let files = try files()
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let path = directory + "/heliotrope.sqlite"
    try files.main.write(to: URL(filePath: path))
    try files.log.write(to: URL(filePath: path + "-wal"))
    let copy = try StoreReplica(slot: slot, setting: setting, directory: directory)
    copy.standing = standing
    return copy
  }

  func restart() throws {
    try store.close()
    cachedLocal = nil
    store = try ReplicaStore.open(options)
  }

  /// Closes the files.
  func close() throws { try store.close() }
}
