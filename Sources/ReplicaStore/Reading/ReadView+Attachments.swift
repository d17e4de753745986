// The rows of attached files.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

extension ReadView {
  package func attachment(_ id: RowID) throws -> AttachmentRecord? {
    try full(Desk.attachment, id: id).flatMap(attachment)
  }

  /// All files of a ticket's comments, by comment and place.
  package func attachments(ofTicket ticket: RowID) throws -> [AttachmentRecord] {
    try full(
      Desk.attachment, "WHERE ticket_id = ? ORDER BY comment_id, position, id", [ticket.sql]
    ).compactMap(attachment)
  }

  /// Files whose rows changed after a place in this node's apply order, in that order, and the
  /// place to go on from; nil where these were the last.
  package func attachments(
    after place: AppliedPlace, limit: Int
  ) throws -> (records: [AttachmentRecord], next: AppliedPlace?) {
    let rows = try full(
      Desk.attachment, "WHERE (applied_no, id) > (?, ?) ORDER BY applied_no, id LIMIT ?",
      [place.applied.databaseValue, place.id.sql, Int64(limit).databaseValue])
    let last = rows.count < limit ? nil : rows.last
    return (
      rows.compactMap(attachment), last.map { AppliedPlace(applied: $0.book.applied, id: $0.id) }
    )
  }

  /// Whether any row names the bytes: one that is not redacted, of a ticket that is not deleted
  /// since before `deletedBefore`.
  package func isNamed(_ hash: Digest, deletedBefore: Instant) throws -> Bool {
    let found = try db.number(
      """
      SELECT 1 FROM attachment a LEFT JOIN ticket t ON t.id = a.ticket_id
      WHERE a.hash = ? AND a.redacted IS NOT 1
      AND NOT (t.deleted IS 1 AND t.updated_ms < ?) LIMIT 1
      """, [hash.bytes.sql, deletedBefore.milliseconds.databaseValue])
    return found != nil
  }

  /// Nil where the row lacks what an attachment needs: then nothing can be shown of it.
  private func attachment(_ row: FullRow) -> AttachmentRecord? {
    guard let bytes = row.state.value(AttachmentColumn.hash).bytes, let hash = Digest(bytes),
      let size = row.state.value(AttachmentColumn.size).integer, size >= 0,
      let comment = row.id(AttachmentColumn.comment), let ticket = row.id(AttachmentColumn.ticket)
    else { return nil }
    return AttachmentRecord(
      id: row.id, comment: comment, ticket: ticket,
      fileName: AttachmentRules.shown(row.text(AttachmentColumn.fileName)),
      contentType: row.text(AttachmentColumn.contentType) ?? "application/octet-stream",
      key: BlobKey(hash: hash, size: UInt64(size)),
      position: row.state.value(AttachmentColumn.position).integer ?? 0,
      redacted: row.flag(AttachmentColumn.redacted), createdAt: row.created,
      applied: row.book.applied)
  }
}
