// The merged rows of an in-memory replica, with every delta that touched each of them.

internal import HelpdeskDomain
internal import ReplicaCore

/// A delta in the log of an in-memory replica.
struct MemoryEntry {
  var encoded: EncodedDelta
  var delta: Delta
  var void: VoidReason?
  /// The signed head at exactly this delta, if there is one.
  var head: SignedHead?
}

/// Rows, chain, contexts and fingerprint: all a function of the log. It answers questions about
/// the past by applying the row's deltas again, which the store does only where it must.
final class MemoryTables: DeskReading {
  private struct IndexKey: Hashable {
    var entity: EntityCode
    var column: UInt16
    var value: Value
  }

  private(set) var vector = VersionVector()
  var offices: OfficeFacts
  let dutyBooks: DutyBooks
  private(set) var log: [MemoryEntry] = []
  private(set) var states: [RowRef: RowState] = [:]
  private(set) var contexts: [Slot: VersionVector] = [:]
  private var hashes: [Slot: [Digest]] = [:]
  private var touching: [RowRef: [Int]] = [:]
  private var touched: [RowRef: Instant] = [:]
  private var ids: [EntityCode: Set<RowID>] = [:]
  /// Rows into whose indexed column the value was ever written.
  private var index: [IndexKey: Set<RowID>] = [:]
  private var sums: [RowRef: [CellKey: Fingerprint.Sum]] = [:]
  private var total = Fingerprint.Sum()

  init(_ setting: ReplicaSetting) {
    offices = setting.offices
    dutyBooks = setting.dutyBooks
  }

  var local: LocalState {
    var heads: [Slot: Digest] = [:]
    for slot in vector.slots { heads[slot] = hashes[slot]?.last }
    return LocalState(
      headed: HeadedVector(vector: vector, hashes: heads), fingerprint: total.low)
  }

  func hash(at dot: Dot) -> Digest? {
    guard dot.seq > 0 else { return .zero }
    guard let chain = hashes[dot.slot], dot.seq <= UInt64(chain.count) else { return nil }
    return chain[Int(dot.seq) - 1]
  }

  /// The causal past of a delta that comes next from its slot.
  func past(of delta: Delta) -> VersionVector {
    var past = contexts[delta.dot.slot] ?? VersionVector()
    past.merge(VersionVector(delta.header.contextChange))
    past[delta.dot.slot] = delta.dot.seq - 1
    return past
  }

  /// Takes in the next delta of a slot whose past is here.
  func take(_ entry: MemoryEntry) {
    let dot = entry.delta.dot
    contexts[dot.slot, default: VersionVector()].merge(
      VersionVector(entry.delta.header.contextChange))
    let previous = hashes[dot.slot]?.last ?? .zero
    hashes[dot.slot, default: []].append(entry.encoded.link(after: previous))
    vector.advance(dot)
    log.append(entry)
    guard entry.void == nil else { return }
    for change in entry.delta.changes { apply(change, of: entry.delta) }
  }

  private func apply(_ change: RowChange, of delta: Delta) {
    let row = change.row
    touching[row, default: []].append(log.count - 1)
    states[row, default: RowState()].apply(change, header: delta.header)
    touched[row] = max(touched[row] ?? .zero, delta.header.shownAt)
    guard let state = states[row], state.exists else { return }
    ids[row.entity, default: []].insert(row.id)
    for action in change.actions {
      refresh(row, action.cell, state)
      guard case .write(let content, _, _) = action.kind, let value = content.value else {
        continue
      }
      if Desk.schema.entity(row.entity)?.column(action.cell.column)?.isIndexed == true {
        let key = IndexKey(entity: row.entity, column: action.cell.column, value: value)
        index[key, default: []].insert(row.id)
      }
    }
  }

  private func refresh(_ row: RowRef, _ cell: CellKey, _ state: RowState) {
    if let old = sums[row]?[cell] { total &-= old }
    guard let now = state.cells[cell] else { return }
    let sum = Fingerprint.sum(of: now, cell: cell, row: row)
    total &+= sum
    sums[row, default: [:]][cell] = sum
  }

  // MARK: DeskReading

  func row(_ ref: RowRef) -> RowState { states[ref] ?? RowState() }

  func row(_ ref: RowRef, within past: VersionVector) -> RowState {
    guard let deltas = touching[ref] else { return RowState() }
    if deltas.allSatisfy({ past.contains(log[$0].delta.dot) }) { return row(ref) }
    var state = RowState()
    for position in deltas where past.contains(log[position].delta.dot) {
      let delta = log[position].delta
      for change in delta.changes where change.row == ref {
        state.apply(change, header: delta.header)
      }
    }
    return state
  }

  private func candidates(_ entity: EntityCode, _ column: UInt16, _ value: Value) -> [RowID] {
    if Desk.schema.entity(entity)?.column(column)?.isIndexed == true {
      return (index[IndexKey(entity: entity, column: column, value: value)] ?? []).sorted()
    }
    return rows(of: entity)
  }

  func rows(of entity: EntityCode, column: UInt16, equals value: Value) -> [RowID] {
    candidates(entity, column, value).filter { row(RowRef(entity, $0)).value(column) == value }
  }

  func rows(
    of entity: EntityCode, column: UInt16, equals value: Value, within past: VersionVector
  ) -> [RowID] {
    candidates(entity, column, value).filter {
      row(RowRef(entity, $0), within: past).value(column) == value
    }
  }

  func rows(of entity: EntityCode) -> [RowID] { (ids[entity] ?? []).sorted() }

  func rows(of entity: EntityCode, within past: VersionVector) -> [RowID] {
    rows(of: entity).filter { row(RowRef(entity, $0), within: past).exists }
  }

  func updatedAt(_ ref: RowRef) -> Instant? { touched[ref] }
}
