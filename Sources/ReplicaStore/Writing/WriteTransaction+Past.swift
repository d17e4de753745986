// A row as it was in somebody's causal past: what a verdict may depend on.

internal import GRDB
package import ReplicaCore

extension WriteTransaction {
  /// The state of a row made of just those effective deltas that lie in `past`.
  ///
  /// `past` must be causally closed (an accumulated context). Quick where everything that touched
  /// the row lies in it; else the row is built again from the log.
  package func row(_ row: RowRef, within past: VersionVector) throws -> RowState {
    let current = try cached(row).content.state
    if past.covers(image.vector) || current.isWhole(within: past) { return current }
    var touching: [(applied: Int64, delta: Delta?, dot: Dot)] = []
    var isWhole = true
    let rows = try db.rows(
      """
      SELECT l.apply_no, l.slot, l.seq FROM subject s JOIN log l ON l.apply_no = s.apply_no
      WHERE s.entity = ? AND s.id = ? AND l.void IS NULL ORDER BY s.apply_no
      """, [row.entity.sql, row.id.sql])
    while let found = try rows.next() {
      let dot = found.dot(1)
      if past.contains(dot) { touching.append((found.int(0), nil, dot)) } else { isWhole = false }
    }
    for entry in pending.deltas
    where entry.void == nil && entry.delta.changes.contains(where: { $0.row == row }) {
      if past.contains(entry.delta.dot) {
        touching.append((entry.applied, entry.delta, entry.delta.dot))
      } else {
        isWhole = false
      }
    }
    if isWhole { return current }
    var state = RowState()
    for each in touching {
      let delta = try each.delta ?? logged(each.applied, each.dot)
      for change in delta.changes where change.row == row {
        state.apply(change, header: delta.header)
      }
    }
    return state
  }

  private func logged(_ applied: Int64, _ dot: Dot) throws -> Delta {
    let found = try db.row(
      "SELECT body, personal FROM log WHERE apply_no = ?", [applied.databaseValue]
    )
    guard let found else { throw StoreError.unreadable(dot, .truncated) }
    do {
      return try DeltaCodec.decode(body: found.bytes(0), personal: found.bytes(1))
    } catch { throw StoreError.unreadable(dot, error) }
  }
}

extension RowState {
  /// Whether the state shows that nothing outside of `past` took part in it. A register keeps the
  /// last of a chain of writes, so a write from outside is always to be seen; a removal from a
  /// set leaves no trace, so rows with sets cannot tell.
  fileprivate func isWhole(within past: VersionVector) -> Bool {
    cells.values.allSatisfy { state in
      guard let register = state.register else { return false }
      return register.live.allSatisfy { past.contains($0.stamp.dot) }
        && register.hidden.allSatisfy { past.contains($0.stamp.dot) }
    }
  }
}
