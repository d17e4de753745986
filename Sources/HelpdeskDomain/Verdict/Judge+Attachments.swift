// An attachment's row comes with its comment, so who may write the one may write the other.

internal import ReplicaCore

extension Judge {
  /// New rows belong to a comment of the same delta, whose own rights were checked; old ones can
  /// only be redacted.
  func checkAttachment(
    _ change: RowChange, _ state: RowState, _ author: Author
  ) throws(VoidReason) {
    guard state.exists else { return try checkNewAttachment(change) }
    guard change.onlyWrites([AttachmentColumn.redacted]),
      change.actions.isEmpty || change.integer(AttachmentColumn.redacted) == 1
    else { throw .rewrite }
    guard author.role.mayEdit else { throw .role }
  }

  private func checkNewAttachment(_ change: RowChange) throws(VoidReason) {
    guard let comment = change.integer(AttachmentColumn.comment),
      let ticket = change.integer(AttachmentColumn.ticket),
      AttachmentRules.isSound(
        size: change.integer(AttachmentColumn.size),
        hash: change.written(AttachmentColumn.hash))
    else { throw .incomplete }
    let owner = RowRef(Desk.comment, RowID(comment))
    let isWithComment = delta.changes.contains {
      $0.row == owner && $0.integer(CommentColumn.ticket) == ticket
    }
    guard isWithComment else { throw .incomplete }
  }
}
