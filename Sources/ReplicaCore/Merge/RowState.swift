// The merged state of one row: what all effective deltas made of its cells.

/// The state of one cell.
package enum CellState: Hashable, Sendable {
  case register(RegisterState)
  case set(SetState)

  package var register: RegisterState? {
    if case .register(let state) = self { state } else { nil }
  }
  package var set: SetState? {
    if case .set(let state) = self { state } else { nil }
  }
}

/// The state of one row. Equal sets of effective deltas give equal states.
package struct RowState: Hashable, Sendable {
  package var cells: [CellKey: CellState]

  package init(cells: [CellKey: CellState] = [:]) { self.cells = cells }

  /// A row exists as soon as any cell was ever written.
  package var exists: Bool { !cells.isEmpty }

  /// The displayed value of a register; null where it was never written or is withheld.
  package func value(_ cell: CellKey) -> Value {
    cells[cell]?.register?.winner?.value ?? .null
  }

  package func value(_ column: UInt16) -> Value { value(CellKey(column)) }
  package func elements(_ column: UInt16) -> [Value] {
    cells[CellKey(column)]?.set?.sorted ?? []
  }

  /// Applies one action. An action of a kind other than the cell's present state is a write to
  /// another cell of the same name: the first kind by code keeps the cell, the same on all nodes.
  package mutating func apply(_ action: CellAction, byOwner: Bool, header: DeltaHeader) {
    switch action.kind {
    case .write(let content, let replaces, let unread):
      var state = cells[action.cell]?.register ?? RegisterState()
      let stamp = Stamp(
        dot: header.dot, hlc: header.hlc, fence: action.fence, byOwner: byOwner)
      state.apply(Write(stamp, content.value), replaces: replaces, unread: unread)
      cells[action.cell] = .register(state)
    case .add(let element, let replaces):
      guard cells[action.cell]?.register == nil else { return }
      var state = cells[action.cell]?.set ?? SetState()
      state.add(element, dot: header.dot, replaces: replaces)
      cells[action.cell] = .set(state)
    case .remove(let element, let seen):
      guard var state = cells[action.cell]?.set else { return }
      state.remove(element, seen: seen)
      cells[action.cell] = .set(state)
    }
  }

  package mutating func apply(_ change: RowChange, header: DeltaHeader) {
    for action in change.actions { apply(action, byOwner: change.byOwner, header: header) }
  }
}
