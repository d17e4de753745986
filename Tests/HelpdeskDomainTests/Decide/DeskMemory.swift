// A replica in memory: keeps rows by applying deltas, so that decisions meet real merge states.

import HelpdeskDomain
import ReplicaCore

/// A delta with its whole causal past.
struct Envelope: Hashable {
  var delta: Delta
  var context: VersionVector
}

/// Rows, vector and log of one replica.
struct DeskMemory: DeskReading {
  private(set) var vector = VersionVector()
  var offices: OfficeFacts
  let dutyBooks = DutyBooks()
  private(set) var log: [Envelope] = []
  private(set) var voids: [Dot: VoidReason] = [:]
  private(set) var states: [RowRef: RowState] = [:]
  private var touched: [RowRef: Instant] = [:]
  private var subjects: [RowRef: [Int]] = [:]

  init(offices: OfficeFacts) { self.offices = offices }

  /// Judges and applies a delta whose past is here.
  mutating func apply(_ envelope: Envelope) {
    let delta = envelope.delta
    precondition(vector.covers(envelope.context) && vector[delta.dot.slot] + 1 == delta.dot.seq)
    let reason = Verdict.verdict(delta, context: envelope.context, reading: self)
    vector.advance(delta.dot)
    log.append(envelope)
    if let reason {
      voids[delta.dot] = reason
      return
    }
    for change in delta.changes {
      subjects[change.row, default: []].append(log.count - 1)
      states[change.row, default: RowState()].apply(change, header: delta.header)
      touched[change.row] = max(touched[change.row] ?? .zero, delta.header.shownAt)
    }
  }

  func row(_ ref: RowRef) -> RowState { states[ref] ?? RowState() }

  func row(_ ref: RowRef, within past: VersionVector) -> RowState {
    var state = RowState()
    for index in subjects[ref] ?? [] where past.contains(log[index].delta.dot) {
      let delta = log[index].delta
      for change in delta.changes where change.row == ref {
        state.apply(change, header: delta.header)
      }
    }
    return state
  }

  func rows(of entity: EntityCode, column: UInt16, equals value: Value) -> [RowID] {
    states.filter { $0.key.entity == entity && $0.value.value(column) == value }
      .map(\.key.id).sorted()
  }

  func rows(
    of entity: EntityCode, column: UInt16, equals value: Value, within past: VersionVector
  ) -> [RowID] {
    rows(of: entity, within: past).filter {
      row(RowRef(entity, $0), within: past).value(column) == value
    }
  }

  func rows(of entity: EntityCode) -> [RowID] {
    states.keys.filter { $0.entity == entity }.map(\.id).sorted()
  }

  func rows(of entity: EntityCode, within past: VersionVector) -> [RowID] {
    rows(of: entity).filter { row(RowRef(entity, $0), within: past).exists }
  }

  func updatedAt(_ ref: RowRef) -> Instant? { touched[ref] }
}

/// A node: decides commands on its memory and exchanges deltas with others.
final class DeskNode {
  let slot: Slot
  let office: OfficeID
  var memory: DeskMemory
  var now: Instant
  var drill: Int64 = 0
  var clockDrift: Int64?
  private var clock = HybridClock()
  private var lastID: Int64 = 0
  private var lastContext = VersionVector()

  init(_ slot: UInt32, _ office: OfficeID, offices: OfficeFacts, now: Instant) {
    self.slot = Slot(slot)
    self.office = office
    memory = DeskMemory(offices: offices)
    self.now = now
  }

  /// The node's own operator.
  var console: Actor { Actor(user: .none, role: .admin, office: office, authority: nil, via: .cli) }

  /// A user of the desk as this node knows them.
  func actor(_ user: RowID) -> Actor {
    let state = memory.row(RowRef(Tables.user, user))
    let role = state.cells[CellKey(UserColumn.role)]?.register?.winner
    return Actor(
      user: user, role: role?.value?.text.flatMap(Role.init(rawValue:)) ?? .endUser,
      office: OfficeID(state.value(UserColumn.office).text ?? ""), authority: role?.stamp.dot)
  }

  func context() -> DecisionContext {
    now = now + 1
    let hlc = clock.tick(now: now)
    return DecisionContext(
      dot: Dot(slot, memory.vector[slot] + 1), hlc: hlc, now: now, rosterNow: now + drill,
      clockDrift: clockDrift,
      newID: {
        self.lastID += 1
        return RowID(number: self.lastID, slot: self.slot)
      },
      salt: { [UInt8](repeating: 7, count: Content.saltLength) })
  }

  /// Decides and applies; nothing is applied where nothing changed.
  @discardableResult
  func act(_ command: DeskCommand, by actor: Actor) throws(Refusal) -> Decision {
    let context = context()
    let decision = try Decider.decide(
      command: command, actor: actor, reading: memory, context: context)
    guard !decision.isEmpty else { return decision }
    apply(decision.delta(dot: context.dot, hlc: context.hlc, contextChange: [:]))
    return decision
  }

  @discardableResult
  func act(_ command: DeskCommand, by user: RowID) throws(Refusal) -> Decision {
    try act(command, by: actor(user))
  }

  /// Puts a delta into the own log as it is, as a hostile or faulty node would.
  func apply(_ delta: Delta) {
    memory.apply(Envelope(delta: delta, context: memory.vector))
  }

  /// A delta that no decision made.
  @discardableResult
  func forge(_ changes: [RowChange], by actor: Actor) -> VoidReason? {
    let context = context()
    let delta = Decision(changes: changes, actor: actor)
      .delta(dot: context.dot, hlc: context.hlc, contextChange: [:])
    apply(delta)
    return memory.voids[delta.dot]
  }

  /// Takes over everything that the other has, in its apply order.
  func pull(from other: DeskNode) {
    for envelope in other.memory.log where !memory.vector.contains(envelope.delta.dot) {
      _ = clock.observe(envelope.delta.header.hlc, now: now)
      memory.apply(envelope)
    }
  }

  func freshID() -> RowID { context().newID() }

  func row(_ entity: EntityCode, _ id: RowID) -> RowState { memory.row(RowRef(entity, id)) }
  func ticket(_ id: RowID) -> RowState { row(Tables.ticket, id) }
}
