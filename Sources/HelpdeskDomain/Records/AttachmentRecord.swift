// A file of a comment, as this node knows it.

package import ReplicaCore

/// An attachment's row. Its bytes may be here or not.
package struct AttachmentRecord: Hashable, Sendable {
  package var id: RowID
  package var comment: RowID
  package var ticket: RowID
  package var fileName: String
  /// As declared, such as `image/png`.
  package var contentType: String
  package var key: BlobKey
  package var position: Int64
  package var redacted: Bool
  package var createdAt: Instant
  /// This node's apply number of the last delta that touched it.
  package var applied: Int64

  package init(
    id: RowID, comment: RowID, ticket: RowID, fileName: String, contentType: String,
    key: BlobKey, position: Int64 = 0, redacted: Bool = false, createdAt: Instant = .zero,
    applied: Int64 = 0
  ) {
    self.id = id
    self.comment = comment
    self.ticket = ticket
    self.fileName = fileName
    self.contentType = contentType
    self.key = key
    self.position = position
    self.redacted = redacted
    self.createdAt = createdAt
    self.applied = applied
  }
}

/// A file to attach: it was uploaded to this node, and its row will have this id.
package struct AttachmentDraft: Hashable, Sendable {
  package var id: RowID
  package var fileName: String
  package var contentType: String
  package var key: BlobKey

  package init(id: RowID, fileName: String, contentType: String, key: BlobKey) {
    self.id = id
    self.fileName = fileName
    self.contentType = contentType
    self.key = key
  }
}

extension Actor {
  /// Who reads private comments reads every file; a viewer those of public ones, a customer those of
  /// public ones on tickets that are theirs, or on which they are copied.
  package func mayRead(_ comment: CommentRecord, of ticket: TicketRecord) -> Bool {
    guard !role.mayReadPrivate else { return true }
    guard comment.isPublic else { return false }
    return role.mayRead || ticket.requester == user || ticket.collaborators.contains(user)
  }

  /// Whoever may write a comment may bring files for it.
  package var mayUpload: Bool { role.mayWork || role == .endUser }
}
