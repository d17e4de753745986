// What queries give back: the displayed values of rows, as values of the domain.

package import ReplicaCore

/// A ticket as this node knows it.
package struct TicketRecord: Hashable, Sendable {
  package var id: RowID
  package var subject: String?
  /// The body of the first comment.
  package var description: String?
  /// Whether everybody who reads the desk may read that comment.
  package var isDescriptionPublic = true
  /// Whether any comment is public.
  package var isPublic = true
  package var status: String
  package var priority: String?
  package var type: String?
  package var requester: RowID?
  package var submitter: RowID?
  package var assignee: RowID?
  package var group: RowID?
  package var organization: RowID?
  package var externalID: String?
  package var problem: RowID?
  /// Whether other tickets name it as their problem.
  package var hasIncidents: Bool = false
  /// The ticket that it was merged into.
  package var mergedInto: RowID?
  /// When it was solved in the system that it was imported from.
  package var originalSolved: Instant?
  package var recipient: String?
  package var dueAt: Instant?
  package var tags: [String] = []
  package var collaborators: [RowID] = []
  package var fields: [RowID: Value] = [:]
  /// The placement register's text form; empty before it was written.
  package var placement: String?
  package var deleted: Bool = false
  package var createdAt: Instant = .zero
  package var updatedAt: Instant = .zero
  /// When the status, and the assignee, that are shown were set.
  package var statusSince: Instant?
  package var assignedAt: Instant?
  /// This node's apply number of the last delta that touched it.
  package var applied: Int64 = 0
  /// The wall time at which this node applied that delta.
  package var appliedAt: Instant = .zero
  /// How the ticket came in.
  package var via: Via = .api

  package init(id: RowID, status: String) {
    self.id = id
    self.status = status
  }
}

package struct CommentRecord: Hashable, Sendable {
  package var id: RowID
  package var ticket: RowID
  package var author: RowID
  package var isPublic: Bool
  package var body: String
  package var htmlBody: String?
  package var createdAt: Instant
  package var via: Via
  /// The delta that brought it: the id of its audit.
  package var dot: Dot

  package init(
    id: RowID, ticket: RowID, author: RowID, isPublic: Bool, body: String, htmlBody: String?,
    createdAt: Instant, via: Via, dot: Dot
  ) {
    self.id = id
    self.ticket = ticket
    self.author = author
    self.isPublic = isPublic
    self.body = body
    self.htmlBody = htmlBody
    self.createdAt = createdAt
    self.via = via
    self.dot = dot
  }
}

package struct UserRecord: Hashable, Sendable {
  package var id: RowID
  package var name: String
  package var email: String?
  package var role: Role
  /// The dot of the displayed role write: what the user's acts name as authority.
  package var roleDot: Dot
  package var office: OfficeID?
  package var active: Bool
  /// The stamp of the write that disabled or deleted the user; nil while active.
  package var disabled: HLC?
  package var passwordHash: String?
  package var organization: RowID?
  package var locale: String?
  package var timeZone: String?
  package var externalID: String?
  package var phone: String?
  package var notes: String?
  package var tags: [String] = []
  package var createdAt: Instant = .zero
  package var updatedAt: Instant = .zero

  package init(id: RowID, name: String, role: Role, roleDot: Dot, active: Bool) {
    self.id = id
    self.name = name
    self.role = role
    self.roleDot = roleDot
    self.active = active
  }
}

package struct GroupRecord: Hashable, Sendable {
  package var id: RowID
  package var name: String
  package var description: String?
  package var home: OfficeID?
  package var deleted: Bool
  package var createdAt: Instant
  package var updatedAt: Instant

  package init(
    id: RowID, name: String, description: String?, home: OfficeID?, deleted: Bool,
    createdAt: Instant, updatedAt: Instant
  ) {
    self.id = id
    self.name = name
    self.description = description
    self.home = home
    self.deleted = deleted
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

package struct MembershipRecord: Hashable, Sendable {
  package var id: RowID
  package var user: RowID
  package var group: RowID
  package var isDefault: Bool
  package var createdAt: Instant
  package var updatedAt: Instant

  package init(
    id: RowID, user: RowID, group: RowID, isDefault: Bool, createdAt: Instant,
    updatedAt: Instant
  ) {
    self.id = id
    self.user = user
    self.group = group
    self.isDefault = isDefault
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

package struct OrganizationRecord: Hashable, Sendable {
  package var id: RowID
  package var name: String
  package var externalID: String?
  package var domains: [String]
  package var details: String?
  package var notes: String?
  package var tags: [String]
  package var createdAt: Instant
  package var updatedAt: Instant
  package var deleted = false

  package init(
    id: RowID, name: String, externalID: String?, domains: [String], details: String?,
    notes: String?, tags: [String], createdAt: Instant, updatedAt: Instant
  ) {
    self.id = id
    self.name = name
    self.externalID = externalID
    self.domains = domains
    self.details = details
    self.notes = notes
    self.tags = tags
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

package struct TicketFieldRecord: Hashable, Sendable {
  package var id: RowID
  package var title: String
  package var type: String
  package var key: String?
  package var description: String?
  package var options: String?
  /// All options as they are now, in order; empty where it is no list.
  package var choices: [TicketFieldOption] = []
  package var position: Int64 = 0
  package var active: Bool
  package var createdAt: Instant
  package var updatedAt: Instant

  package init(
    id: RowID, title: String, type: String, key: String?, description: String?,
    options: String?, active: Bool, createdAt: Instant, updatedAt: Instant
  ) {
    self.id = id
    self.title = title
    self.type = type
    self.key = key
    self.description = description
    self.options = options
    self.active = active
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

/// One entry of a row's history: a delta with what it did to the row.
package struct HistoryEntry: Hashable, Sendable {
  package var delta: Delta
  /// Why it has no effect; nil where it has.
  package var void: String?
  /// This node's apply number.
  package var applied: Int64
  /// The wall time at which this node applied it, where that was asked for.
  package var appliedAt: Instant = .zero

  package init(delta: Delta, void: String?, applied: Int64) {
    self.delta = delta
    self.void = void
    self.applied = applied
  }
}

/// One entry of the conflict inbox.
package struct ConflictRecord: Hashable, Sendable {
  package var row: RowRef
  package var cell: CellKey
  package var column: String
  /// The write that is shown, and its author.
  package var shown: Write
  package var shownBy: RowID
  /// The other writes, and their authors.
  package var others: [Write]
  package var othersBy: [RowID]
  /// Who sees the row, where it is a view or a macro.
  package var restriction: Restriction

  package init(
    row: RowRef, cell: CellKey, column: String, shown: Write, shownBy: RowID, others: [Write],
    othersBy: [RowID], restriction: Restriction = .everybody
  ) {
    self.row = row
    self.cell = cell
    self.column = column
    self.shown = shown
    self.shownBy = shownBy
    self.others = others
    self.othersBy = othersBy
    self.restriction = restriction
  }

  /// Whether the inbox shows it to the actor: to those who may see the row itself, and of what some
  /// groups see to those who settle it.
  package func isShown(to actor: Actor) -> Bool {
    // The operator of the machine settles what nobody else can.
    guard actor.user != .none else { return true }
    guard actor.role.mayReadPrivate else { return false }
    switch restriction {
    case .everybody: break
    case .user(let owner): return owner == actor.user
    case .groups, .unknown: return actor.role.mayLead
    }
    return switch row.entity {
    case Desk.webhook: actor.role.mayAdminister
    case Desk.token: actor.role.mayReadAccounts
    default: true
    }
  }
}
