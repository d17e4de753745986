// Rows of another desk as they travel from the importer to the node; ids are those of that desk.

package import HelpdeskDomain
package import ReplicaCore

/// Rows of one kind, in the order of their file.
package struct DeskBatch: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case organizations([Entry<ForeignOrganization>])
    case groups([Entry<ForeignGroup>])
    case users([Entry<ForeignUser>])
    case memberships([Entry<ForeignMembership>])
    case ticketFields([Entry<ForeignField>])
    case tickets([Entry<ForeignTicket>])
    case comments([Entry<ForeignComment>])
    case macros([Entry<ForeignMacro>])
  }

  /// A row with the number by which the importer reports it.
  package struct Entry<Row: Hashable & Sendable>: Hashable, Sendable {
    package var line: Int
    package var row: Row
  }

  /// Stands before the ids of that desk, such as `zendesk`.
  package var system: String
  package var content: Content
  /// Of agents and tickets that name none; nil: the actor's.
  package var office: OfficeID?
  /// Rows that could not be read.
  package var bad: [ImportReport.BadLine]
}

package struct ForeignOrganization: Hashable, Sendable {
  package var id: Int64
  package var draft: OrganizationDraft
  package var createdAt: Instant?
  package var updatedAt: Instant?
}

package struct ForeignGroup: Hashable, Sendable {
  package var id: Int64
  package var name: String
  package var description: String?
  package var isDeleted: Bool
}

package struct ForeignUser: Hashable, Sendable {
  package var id: Int64
  package var name: String
  package var role: Role
  package var edit: UserEdit
  package var organization: Int64?
  package var createdAt: Instant?
  package var updatedAt: Instant?
}

package struct ForeignMembership: Hashable, Sendable {
  package var user: Int64
  package var group: Int64
  package var isDefault: Bool
}

package struct ForeignField: Hashable, Sendable {
  package var id: Int64
  package var title: String
  package var type: String
  package var description: String?
  /// JSON array.
  package var options: String?
}

package struct ForeignMacro: Hashable, Sendable {
  package enum Audience: Hashable, Sendable {
    case everybody
    case groups([Int64])
    case user(Int64)
  }

  package var id: Int64
  package var title: String
  package var description: String?
  package var active: Bool
  package var position: Int64?
  /// Rows in them go by the ids of that desk.
  package var actions: [MacroAction]
  package var audience: Audience
  package var createdAt: Instant?
  package var updatedAt: Instant?
}

package struct ForeignTicket: Hashable, Sendable {
  package var id: Int64
  /// What needs no id of another row.
  package var edit: TicketEdit
  package var description: String?
  package var requester: Int64?
  package var submitter: Int64?
  package var assignee: Int64?
  package var collaborators: [Int64]
  package var group: Int64?
  package var organization: Int64?
  package var problem: Int64?
  package var fields: [Int64: Value]
  package var comments: [ForeignComment]
  package var createdAt: Instant?
  package var updatedAt: Instant?
  package var solvedAt: Instant?
  package var isDeleted: Bool
}

package struct ForeignComment: Hashable, Sendable {
  package var id: Int64
  package var ticket: Int64
  package var author: Int64?
  package var body: String
  package var htmlBody: String?
  package var isPublic: Bool
  package var createdAt: Instant?
}
