// Everything that can be asked of a node: each accepted command becomes one delta.

package import ReplicaCore

/// A request to change the desk.
package enum DeskCommand: Hashable, Sendable {
  case createTicket(TicketDraft)
  case updateTicket(RowID, TicketEdit)
  case deleteTicket(RowID)
  /// Takes a file's bytes out of reach everywhere, for good.
  case redactAttachment(RowID, comment: RowID, ticket: RowID)

  case createUser(UserDraft)
  case updateUser(RowID, UserEdit)
  /// The scrypt hash of a new password; for oneself, or by an admin.
  case setPassword(user: RowID, hash: String)
  case createToken(user: RowID, hash: String, label: String, expiresAt: Instant?)
  case revokeToken(RowID)
  case createGroup(GroupDraft)
  case updateGroup(RowID, GroupDraft)
  case deleteGroup(RowID)
  case addMembership(user: RowID, group: RowID, isDefault: Bool)
  case removeMembership(RowID)
  case createOrganization(OrganizationDraft)
  case updateOrganization(RowID, OrganizationDraft)
  case deleteOrganization(RowID)
  case createTicketField(TicketFieldDraft)
  case ticketField(TicketFieldCommand)
  case view(ViewCommand)
  case macro(MacroCommand)
  case schedule(ScheduleCommand)
  /// One step of an import; nothing where its snapshot is in already.
  case importTicket(ImportStep)
  /// A ticket of another system with its history; nothing where all of it is in already.
  case importHistory(TicketImport)
  case importUser(UserImport)
  case importOrganization(OrganizationImport)
  case importMacro(MacroImport)
  /// Which row stands for a row of another system.
  case linkImport(ImportOrigin, RowRef)

  /// Closes tickets and goes on with their matter in another one.
  case mergeTickets(TicketMerge)
  /// A ticket of the actor's own, as customers make it.
  case createRequest(RequestDraft)
  /// A word of its requester, who may also call it solved.
  case updateRequest(RowID, RequestEdit)
  /// Brings a deleted ticket back.
  case restoreTicket(RowID)

  /// A roster publication in its canonical JSON.
  case publishRoster(canonical: String)
  /// The incoming lead accepts for all groups of the office on duty.
  case accept
  /// The fallback's lead covers one ticket, or the whole board where nil.
  case cover(ticket: RowID?)
  /// Assigns to the actor, and the office with it.
  case take(ticket: RowID, evenIfForeign: Bool)
  case handTo(ticket: RowID, office: OfficeID, agent: RowID?, note: String?)
  case sendBack(ticket: RowID, note: String?)
  case stay(ticket: RowID, wakeAt: Instant?)
  case moveOn(ticket: RowID)
  case handoffNote(
    ticket: RowID, text: String, nextAction: String?, promise: HandoffPromise? = nil)
  /// A user has taken notice of an alarm; `cause` names it on every node.
  case acknowledgeAlarm(cause: String, note: String?)
  /// The node's own entry that its office has seen what it has applied in this slot.
  case recordSeen
  /// The node's own entry about where it can be reached.
  case announceSite(peerAddress: String, apiURL: String)
  case resolveConflict(row: RowRef, cell: CellKey, ConflictChoice)

  /// A receiver outside; `secret` signs what it gets.
  case createWebhook(WebhookDraft, secret: String)
  case updateWebhook(RowID, WebhookDraft)
  case renewWebhookSecret(RowID, secret: String)
  case deleteWebhook(RowID)
}

/// How a conflict is settled.
package enum ConflictChoice: Hashable, Sendable {
  /// The displayed value stays.
  case keep
  /// The value of this other write is shown from now on.
  case other(Dot)
  /// Both texts, one after the other (text columns only).
  case both
}

/// What to do with a field that may be empty.
package enum Change<T: Hashable & Sendable>: Hashable, Sendable {
  case keep
  case clear
  case set(T)
}

/// A comment to add.
package struct CommentDraft: Hashable, Sendable {
  package var body: String
  package var htmlBody: String?
  package var isPublic: Bool
  /// The author, where it is not the actor.
  package var author: RowID?
  /// Tokens of files uploaded to this node. The node puts the files in their place before the
  /// command is decided; one that is left over is refused.
  package var uploads: [String] = []
  package var attachments: [AttachmentDraft] = []

  package init(body: String, htmlBody: String? = nil, isPublic: Bool = true, author: RowID? = nil) {
    self.body = body
    self.htmlBody = htmlBody
    self.isPublic = isPublic
    self.author = author
  }
}

/// A new ticket. The first comment is its description.
package struct TicketDraft: Hashable, Sendable {
  package var subject: String?
  package var comment: CommentDraft
  package var edit: TicketEdit
  /// The home office; nil: the group's, else the actor's.
  package var home: OfficeID?
  /// Original times of an import.
  package var occurredAt: Instant?
  /// Shown instead of the actor as the one who submitted it.
  package var submitter: RowID?

  package init(
    subject: String?, comment: CommentDraft, edit: TicketEdit = TicketEdit(),
    home: OfficeID? = nil, occurredAt: Instant? = nil, submitter: RowID? = nil
  ) {
    self.subject = subject
    self.comment = comment
    self.edit = edit
    self.home = home
    self.occurredAt = occurredAt
    self.submitter = submitter
  }
}

/// What to change on a ticket. Absent means unchanged.
package struct TicketEdit: Hashable, Sendable {
  package var subject: String?
  package var status: String?
  package var priority: Change<String> = .keep
  package var type: Change<String> = .keep
  package var requester: RowID?
  package var assignee: Change<RowID> = .keep
  package var group: Change<RowID> = .keep
  package var organization: Change<RowID> = .keep
  package var externalID: Change<String> = .keep
  package var dueAt: Change<Instant> = .keep
  package var problem: Change<RowID> = .keep
  package var recipient: Change<String> = .keep
  /// Replaces the whole set.
  package var tags: [String]?
  package var addTags: [String] = []
  package var removeTags: [String] = []
  /// Replaces the whole list.
  package var collaborators: [RowID]?
  package var addCollaborators: [RowID] = []
  package var removeCollaborators: [RowID] = []
  /// Ticket field id → value (null clears).
  package var fields: [RowID: Value] = [:]
  package var comment: CommentDraft?
  /// The opaque version the author had read; their writes name its siblings.
  package var version: TicketVersion?
  /// `safe_update`: refuse where the ticket changed on this replica after this second.
  package var unlessChangedAfter: Instant?
  package var occurredAt: Instant?

  package init() {}
}

/// The opaque `version` of a ticket: this replica's vector when its author read it.
package struct TicketVersion: Hashable, Sendable {
  package var vector: VersionVector
  package init(vector: VersionVector) { self.vector = vector }
}

package struct UserDraft: Hashable, Sendable {
  package var name: String
  package var email: String?
  package var role: Role
  package var office: OfficeID?
  package var edit: UserEdit

  package init(
    name: String, email: String?, role: Role, office: OfficeID? = nil,
    edit: UserEdit = UserEdit()
  ) {
    self.name = name
    self.email = email
    self.role = role
    self.office = office
    self.edit = edit
  }
}

package struct UserEdit: Hashable, Sendable {
  package var name: String?
  package var email: Change<String> = .keep
  package var role: Role?
  package var office: OfficeID?
  package var active: Bool?
  package var passwordHash: Change<String> = .keep
  package var organization: Change<RowID> = .keep
  package var locale: Change<String> = .keep
  package var timeZone: Change<String> = .keep
  package var externalID: Change<String> = .keep
  package var phone: Change<String> = .keep
  package var notes: Change<String> = .keep
  package var tags: [String]?
  package var deleted: Bool?

  package init() {}
}

package struct GroupDraft: Hashable, Sendable {
  package var name: String?
  package var description: String?
  package var home: OfficeID?

  package init(name: String?, description: String? = nil, home: OfficeID? = nil) {
    self.name = name
    self.description = description
    self.home = home
  }
}

package struct OrganizationDraft: Hashable, Sendable {
  package var name: String?
  package var externalID: Change<String> = .keep
  package var domains: [String]?
  package var details: Change<String> = .keep
  package var notes: Change<String> = .keep
  package var tags: [String]?

  package init(name: String?) { self.name = name }
}

package struct TicketFieldDraft: Hashable, Sendable {
  package var title: String
  /// `text`, `textarea`, `integer`, `decimal`, `checkbox`, `date`, `tagger`, `regexp`.
  package var type: String
  package var key: String?
  package var description: String?
  /// JSON array.
  package var options: String?
  package var active = true
  /// Nil: behind the others.
  package var position: Int64?

  package init(
    title: String, type: String = "text", key: String? = nil, description: String? = nil,
    options: String? = nil
  ) {
    self.title = title
    self.type = type
    self.key = key
    self.description = description
    self.options = options
  }
}
