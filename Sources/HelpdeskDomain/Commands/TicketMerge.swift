// One matter in several tickets: what to close, and where to go on.

package import ReplicaCore

/// Tickets to merge into another one.
package struct TicketMerge: Hashable, Sendable {
  package var target: RowID
  package var sources: [RowID]
  /// Nil: a text that names the tickets.
  package var targetComment: String?
  package var sourceComment: String?
  package var targetIsPublic: Bool
  package var sourceIsPublic: Bool

  /// The tag that a ticket gets when it is closed by a merge.
  package static let tag = "closed_by_merge"

  package init(
    target: RowID, sources: [RowID], targetComment: String? = nil, sourceComment: String? = nil,
    targetIsPublic: Bool = false, sourceIsPublic: Bool = false
  ) {
    self.target = target
    self.sources = sources
    self.targetComment = targetComment
    self.sourceComment = sourceComment
    self.targetIsPublic = targetIsPublic
    self.sourceIsPublic = sourceIsPublic
  }
}

/// What a customer may say about a new request of theirs.
package struct RequestDraft: Hashable, Sendable {
  package var subject: String?
  package var comment: CommentDraft
  package var priority: Change<String> = .keep
  package var type: Change<String> = .keep
  package var dueAt: Change<Instant> = .keep
  /// Ticket field id → value.
  package var fields: [RowID: Value] = [:]

  package init(subject: String?, comment: CommentDraft) {
    self.subject = subject
    self.comment = comment
  }
}

/// What a customer may change on a request of theirs.
package struct RequestEdit: Hashable, Sendable {
  /// Always public, always the customer's own.
  package var comment: CommentDraft?
  /// The customer says that it is solved.
  package var solved: Bool

  package init(comment: CommentDraft? = nil, solved: Bool = false) {
    self.comment = comment
    self.solved = solved
  }
}
