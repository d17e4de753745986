// The smallest change: one action on one cell.

/// One action on one cell of a row. It names its merge kind, so that a node of an older schema
/// merges it rightly.
package struct CellAction: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Writes a register. `replaces` are the sibling writes its author had read, `unread` those
    /// that would still beat it and were not read (they go to the conflict inbox).
    case write(Content, replaces: [Dot], unread: [Dot])
    /// Adds an element to a set; `replaces` are the dots under which it stood already.
    case add(Value, replaces: [Dot])
    /// Removes an element from a set as far as it was seen.
    case remove(Value, seen: [Dot])
  }

  package var cell: CellKey
  package var kind: Kind
  /// Registers: slot start (Unix seconds) of the owner's token, else the highest fence named.
  package var fence: UInt64

  package init(_ cell: CellKey, _ kind: Kind, fence: UInt64 = 0) {
    self.cell = cell
    self.kind = kind
    self.fence = fence
  }

  package var mergeKind: MergeKind {
    switch kind {
    case .write: .register
    case .add, .remove: .set
    }
  }
}

/// The actions of one delta on one row.
package struct RowChange: Hashable, Sendable {
  package var row: RowRef
  /// The writes are those of the owning office (they carry its token's slot start as fence).
  package var byOwner: Bool
  package var actions: [CellAction]

  package init(_ row: RowRef, byOwner: Bool = false, _ actions: [CellAction]) {
    self.row = row
    self.byOwner = byOwner
    self.actions = actions
  }
}
