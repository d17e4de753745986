// Turns wished values into actions that name what they replace; unchanged values write nothing.

internal import ReplicaCore

/// Under which token an office writes to a row.
package struct Standing: Hashable, Sendable {
  /// The actor's office owns the ticket.
  var byOwner: Bool
  /// Start of the owning token's slot, in Unix seconds; 0 where not owner.
  var fence: UInt64

  static let outsider = Standing(byOwner: false, fence: 0)
}

/// Collects the actions of one delta on one row.
struct RowEditor {
  let ref: RowRef
  let state: RowState
  /// What the author had read: the state to compare with, and the writes to name.
  private let baseline: RowState
  private let read: VersionVector?
  private let standing: Standing
  private let context: DecisionContext
  private let spec: EntitySpec?
  private(set) var actions: [CellAction] = []

  /// - Parameter version: the vector and the row's state in it, where the author sent one.
  init(
    _ ref: RowRef, state: RowState, version: (vector: VersionVector, state: RowState)? = nil,
    standing: Standing = .outsider, context: DecisionContext
  ) {
    self.ref = ref
    self.state = state
    baseline = version?.state ?? state
    read = version?.vector
    // A fence above the token's would lift the claim with it: then write without the claim.
    self.standing = state.highestFence > standing.fence ? .outsider : standing
    self.context = context
    spec = Desk.schema.entity(ref.entity)
  }

  var isUnchanged: Bool { actions.isEmpty }

  /// Writes a register, unless the value is displayed already or is what the author had read. What
  /// was set before is no longer wished.
  mutating func set(_ column: UInt16, key: Int64 = 0, _ value: Value) {
    let cell = CellKey(column, key: key)
    withdraw(cell)
    guard state.value(cell) != value, baseline.value(cell) != value else { return }
    write(cell, value, naming: nil)
  }

  mutating func set(_ column: UInt16, _ text: String?) {
    set(column, text.map { Value.text($0) } ?? .null)
  }
  mutating func set(_ column: UInt16, _ id: RowID?) {
    set(column, id.map { .integer($0.rawValue) } ?? .null)
  }
  mutating func set(_ column: UInt16, _ flag: Bool) { set(column, .integer(flag ? 1 : 0)) }
  mutating func set(_ column: UInt16, _ instant: Instant?) {
    set(column, instant.map { .integer($0.milliseconds) } ?? .null)
  }
  mutating func set(_ column: UInt16, _ office: OfficeID?) { set(column, office?.rawValue) }

  /// Applies a change of an optional field.
  mutating func apply<T>(
    _ change: Change<T>, to column: UInt16, _ value: (T) -> Value
  ) {
    switch change {
    case .keep: break
    case .clear: set(column, .null)
    case .set(let new): set(column, value(new))
    }
  }

  mutating func apply(_ change: Change<String>, to column: UInt16) {
    apply(change, to: column) { .text($0) }
  }
  mutating func apply(_ change: Change<RowID>, to column: UInt16) {
    apply(change, to: column) { .integer($0.rawValue) }
  }

  /// Writes a register whatever it shows, naming `dots`, else what the author had read.
  mutating func write(_ cell: CellKey, _ value: Value, naming dots: Set<Dot>?) {
    write(cell, naming: dots) { _, _ in value }
  }

  /// Writes a register whose value depends on the writes that it replaces.
  mutating func write(
    _ cell: CellKey, naming dots: Set<Dot>?,
    _ value: (_ register: RegisterState, _ replaces: [Dot]) -> Value
  ) {
    withdraw(cell)
    let register = state.cells[cell]?.register ?? RegisterState()
    let seen =
      dots
      ?? read.map { vector in
        Set((register.live + register.hidden).map(\.stamp.dot).filter { vector.contains($0) })
      }
    let named = register.naming(read: seen) { highest in
      Stamp(
        dot: context.dot, hlc: context.hlc,
        fence: standing.byOwner ? max(standing.fence, highest) : highest,
        byOwner: standing.byOwner)
    }
    actions.append(
      CellAction(
        cell,
        .write(
          content(value(register, named.replaces), of: cell.column), replaces: named.replaces,
          unread: named.unread),
        fence: named.stamp.fence))
  }

  /// One delta writes a register once: another write of the same cell takes the place of the first.
  private mutating func withdraw(_ cell: CellKey) {
    actions.removeAll { $0.cell == cell && $0.mergeKind == .register }
  }

  /// Writes where the ticket belongs, weighed against the placements that it replaces.
  mutating func write(_ placement: Placement) {
    write(CellKey(TicketColumn.placement), naming: nil) { register, replaces in
      var weighed = placement
      weighed.weight = Placement.weight(replacing: replaces, in: register)
      return weighed.value
    }
  }

  /// Turns a whole set into additions and removals against what the author had read.
  mutating func replaceSet(_ column: UInt16, with wished: [Value]) {
    let before = Set(baseline.elements(column))
    let after = Set(wished)
    remove(column, before.subtracting(after).sorted())
    add(column, after.subtracting(before).sorted())
  }

  mutating func add(_ column: UInt16, _ elements: [Value]) {
    let cell = CellKey(column)
    let present = state.cells[cell]?.set ?? SetState()
    for element in elements where present.dots(of: element).isEmpty {
      actions.append(CellAction(cell, .add(element, replaces: [])))
    }
  }

  mutating func remove(_ column: UInt16, _ elements: [Value]) {
    let cell = CellKey(column)
    guard let present = state.cells[cell]?.set else { return }
    for element in elements {
      let seen = present.dots(of: element).filter { read?.contains($0) ?? true }
      guard !seen.isEmpty else { continue }
      actions.append(CellAction(cell, .remove(element, seen: seen)))
    }
  }

  /// The change; nil where nothing changed and the row need not be touched.
  func change(touching: Bool = false) -> RowChange? {
    guard touching || !actions.isEmpty else { return nil }
    let writes = actions.contains { $0.mergeKind == .register }
    return RowChange(ref, byOwner: standing.byOwner && writes, actions)
  }

  private func content(_ value: Value, of column: UInt16) -> Content {
    guard spec?.column(column)?.isPersonal == true, !value.isNull else { return .plain(value) }
    return .personal(value, salt: context.salt())
  }
}

extension RowState {
  /// The highest fence of any write that a new write may have to name.
  var highestFence: UInt64 {
    var highest: UInt64 = 0
    for cell in cells.values {
      guard let register = cell.register else { continue }
      for write in register.live { highest = max(highest, write.stamp.fence) }
      for write in register.hidden { highest = max(highest, write.stamp.fence) }
    }
    return highest
  }
}
