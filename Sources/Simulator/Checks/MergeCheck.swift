// Merges the whole log a second time, in another way, so that no write can be lost unseen.

internal import ReplicaCore

/// Invariant 15: every effective write of a register is shown, a sibling, hidden, or was replaced
/// by a write that named it; worked out from sets of dots, not by applying deltas in turn.
struct MergeCheck {
  private struct Cell: Hashable {
    var row: RowRef
    var key: CellKey
  }

  private struct Fate {
    var written: Set<Dot> = []
    var replaced: Set<Dot> = []
    var unread: Set<Dot> = []
  }

  let dump: ReplicaDump

  /// Returns in how many cells a write was replaced unread.
  func run() throws -> Int {
    var fates: [Cell: Fate] = [:]
    for encoded in dump.log where dump.voids[encoded.dot] == nil {
      let delta = try DeltaCodec.decode(encoded)
      for change in delta.changes {
        for action in change.actions {
          guard case .write(_, let replaces, let unread) = action.kind else { continue }
          let cell = Cell(row: change.row, key: action.cell)
          fates[cell, default: Fate()].written.insert(delta.dot)
          fates[cell, default: Fate()].replaced.formUnion(replaces)
          fates[cell, default: Fate()].unread.formUnion(unread)
        }
      }
    }
    for (row, state) in dump.rows {
      for (key, cell) in state.cells where cell.register != nil {
        guard fates[Cell(row: row, key: key)] == nil else { continue }
        throw Violation(15, "row \(row) column \(key) shows what no effective delta wrote")
      }
    }
    for (cell, fate) in fates {
      let register = dump.rows[cell.row]?.cells[cell.key]?.register ?? RegisterState()
      let live = fate.written.subtracting(fate.replaced).subtracting(fate.unread)
      let hidden = fate.written.intersection(fate.unread).subtracting(fate.replaced)
      guard Set(register.live.map(\.stamp.dot)) == live,
        Set(register.hidden.map(\.stamp.dot)) == hidden
      else {
        throw Violation(
          15,
          "row \(cell.row) column \(cell.key) shows \(register.live.map(\.stamp.dot)) and "
            + "hides \(register.hidden.map(\.stamp.dot)); by the log it is \(live.sorted()) and "
            + "\(hidden.sorted())")
      }
    }
    return fates.values.count { !$0.unread.isEmpty }
  }
}
