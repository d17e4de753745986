// Rows of another system as an import brings them, with the dates that they had there.

package import ReplicaCore

/// A user of another system.
package struct UserImport: Hashable, Sendable {
  package var origin: ImportOrigin
  package var draft: UserDraft
  package var createdAt: Instant
  package var updatedAt: Instant
  /// Stands for a user that something refers to and who has not come yet; whatever comes later
  /// replaces it.
  package var isPlaceholder: Bool

  /// The tag by which a placeholder is known.
  package static let placeholderTag = "import_placeholder"

  package init(
    origin: ImportOrigin, draft: UserDraft, createdAt: Instant, updatedAt: Instant,
    isPlaceholder: Bool = false
  ) {
    self.origin = origin
    self.draft = draft
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.isPlaceholder = isPlaceholder
  }
}

/// An organization of another system.
package struct OrganizationImport: Hashable, Sendable {
  package var origin: ImportOrigin
  package var draft: OrganizationDraft
  package var createdAt: Instant
  package var updatedAt: Instant

  package init(
    origin: ImportOrigin, draft: OrganizationDraft, createdAt: Instant, updatedAt: Instant
  ) {
    self.origin = origin
    self.draft = draft
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

/// A macro of another system.
package struct MacroImport: Hashable, Sendable {
  package var origin: ImportOrigin
  /// Its actions name rows of this desk.
  package var draft: MacroDraft
  package var updatedAt: Instant

  package init(origin: ImportOrigin, draft: MacroDraft, updatedAt: Instant) {
    self.origin = origin
    self.draft = draft
    self.updatedAt = updatedAt
  }
}

/// A comment with its own date and author.
package struct CommentImport: Hashable, Sendable {
  package var draft: CommentDraft
  /// Nil: the ticket's.
  package var createdAt: Instant?
  /// Nil where it has no name of its own: then it is added whenever it comes.
  package var origin: ImportOrigin?

  package init(draft: CommentDraft, createdAt: Instant? = nil, origin: ImportOrigin? = nil) {
    self.draft = draft
    self.createdAt = createdAt
    self.origin = origin
  }
}

/// A ticket with its history, or more of the history of a ticket that is here.
package struct TicketImport: Hashable, Sendable {
  /// By which the ticket is found again; nil always makes a new one.
  package var origin: ImportOrigin?
  /// What the ticket shows; rules of transition do not apply to it.
  package var edit: TicketEdit
  package var submitter: RowID?
  package var home: OfficeID?
  package var comments: [CommentImport]
  /// Nil: now.
  package var createdAt: Instant?
  package var updatedAt: Instant?
  package var solvedAt: Instant?
  /// Only the comments are new; the ticket must be here.
  package var addsComments: Bool

  package init(
    origin: ImportOrigin? = nil, edit: TicketEdit = TicketEdit(), submitter: RowID? = nil,
    home: OfficeID? = nil, comments: [CommentImport] = [], createdAt: Instant? = nil,
    updatedAt: Instant? = nil, solvedAt: Instant? = nil, addsComments: Bool = false
  ) {
    self.origin = origin
    self.edit = edit
    self.submitter = submitter
    self.home = home
    self.comments = comments
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.solvedAt = solvedAt
    self.addsComments = addsComments
  }
}
