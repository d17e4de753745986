// What one delta did is there as a whole or not at all, for a reader beside the writer.

internal import HelpdeskDomain
internal import ReplicaCore

/// Invariant 2 over the deltas of one transaction, right after it.
struct WholeCheck {
  let name: String
  let deltas: [Delta]

  /// Deltas of which no cell is written again by a later one of the same transaction.
  private var last: [Delta] {
    var later: Set<Place> = []
    var result: [Delta] = []
    for delta in deltas.reversed() {
      let places = Self.places(of: delta)
      if later.isDisjoint(with: places) { result.append(delta) }
      later.formUnion(places)
    }
    return result
  }

  private struct Place: Hashable {
    var row: RowRef
    var cell: CellKey
  }

  private static func places(of delta: Delta) -> Set<Place> {
    Set(
      delta.changes.flatMap { change in change.actions.map { Place(row: change.row, cell: $0.cell) }
      })
  }

  /// Throws where a reader sees some of a delta's writes and not the others.
  func run(_ read: ([RowRef]) throws -> [RowRef: RowState]) throws {
    let checked = last
    let rows = Set(checked.flatMap { $0.changes.map(\.row) })
      .filter { Desk.schema.entity($0.entity) != nil }.sorted()
    let states = try read(rows)
    for delta in checked {
      var seen = 0
      var all = 0
      for change in delta.changes where rows.contains(change.row) {
        for action in change.actions {
          guard case .write = action.kind else { continue }
          all += 1
          let register = states[change.row]?.cells[action.cell]?.register ?? RegisterState()
          let writes = register.live + register.hidden
          if writes.contains(where: { $0.stamp.dot == delta.dot }) { seen += 1 }
        }
      }
      guard seen == 0 || seen == all else {
        throw Violation(2, "\(name): a reader sees \(seen) of the \(all) writes of \(delta.dot)")
      }
    }
  }
}

extension World {
  /// Checks what a transaction brought; on in-memory replicas, where a reader is no other
  /// connection, only some.
  func checkWhole(_ node: SimNode, _ deltas: [EncodedDelta]) throws {
    guard !deltas.isEmpty, plan.usesStore || trace.steps.isMultiple(of: 8) else { return }
    checks.hit(2, deltas.count)
    let decoded = try deltas.suffix(20).map { try DeltaCodec.decode($0) }
    try WholeCheck(name: node.office.rawValue, deltas: decoded).run(node.replica.readBeside)
  }
}
