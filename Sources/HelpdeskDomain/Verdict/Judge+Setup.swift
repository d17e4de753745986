// Which role may write views and macros; the raw-delta twin of what a decision checks.

internal import ReplicaCore

extension Judge {
  /// Whoever changes a row must have had the right to it as it was, and has it as it becomes.
  func checkShelf(
    _ shelf: Shelf, _ change: RowChange, _ state: RowState, _ author: Author
  ) throws(VoidReason) {
    func mayChange(_ value: Value) -> Bool {
      Restriction(value).mayBeChanged(by: author.user, author.role)
    }
    guard !state.exists || mayChange(state.value(shelf.restriction)) else { throw .role }
    var isRestricted = state.exists
    for action in change.actions where action.cell.column == shelf.restriction {
      guard case .write(let content, _, _) = action.kind, let value = content.value,
        mayChange(value)
      else { throw .role }
      isRestricted = true
    }
    guard isRestricted || mayChange(.null) else { throw .role }
  }
}
