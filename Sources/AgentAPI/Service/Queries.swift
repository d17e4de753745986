// What the API asks of the desk besides ticket queries.

package import HelpdeskDomain
package import ReplicaCore

/// A search in the query language.
package struct SearchQuery: Hashable, Sendable {
  /// The words as the client wrote them, such as `type:ticket status<solved vip`.
  package var text: String
  /// `created_at`, `updated_at`, `priority`, `status`, or nil for relevance.
  package var sortBy: String?
  package var ascending: Bool
  /// Looks through this kind alone.
  package var only: DirectoryKind?
  package var page: PageRequest

  package init(
    text: String, sortBy: String? = nil, ascending: Bool = false, only: DirectoryKind? = nil,
    page: PageRequest
  ) {
    self.text = text
    self.only = only
    self.sortBy = sortBy
    self.ascending = ascending
    self.page = page
  }
}

/// One row that a search found.
package enum SearchHit: Hashable, Sendable {
  case ticket(TicketRecord)
  case user(UserRecord)
  case group(GroupRecord)
  case organization(OrganizationRecord)
}

/// Users that match everything that is given.
package struct UserQuery: Hashable, Sendable {
  /// Part of the name or of the e-mail address.
  package var text: String?
  /// The whole e-mail address, in any case.
  package var email: String?
  /// By `email` deleted users are found too, where no other has it.
  package var alsoDeleted = false
  package var externalID: String?
  /// Any of these; empty for all.
  package var roles: [Role]
  package var group: RowID?
  package var organization: RowID?
  /// Only those who belong to any.
  package var hasOrganization: Bool
  package var page: PageRequest

  package init(
    text: String? = nil, email: String? = nil, externalID: String? = nil, roles: [Role] = [],
    group: RowID? = nil, organization: RowID? = nil, hasOrganization: Bool = false,
    page: PageRequest
  ) {
    self.text = text
    self.email = email
    self.externalID = externalID
    self.roles = roles
    self.group = group
    self.organization = organization
    self.hasOrganization = hasOrganization
    self.page = page
  }
}

/// Memberships that match everything that is given.
package struct MembershipQuery: Hashable, Sendable {
  package var id: RowID?
  package var user: RowID?
  package var group: RowID?
  package var page: PageRequest

  package init(
    id: RowID? = nil, user: RowID? = nil, group: RowID? = nil, page: PageRequest
  ) {
    self.id = id
    self.user = user
    self.group = group
    self.page = page
  }
}

/// Organizations that match everything that is given.
package struct OrganizationQuery: Hashable, Sendable {
  /// The whole name, in any case.
  package var name: String?
  /// The beginning of the name, in any case.
  package var namePrefix: String?
  package var externalID: String?
  package var page: PageRequest

  package init(
    name: String? = nil, namePrefix: String? = nil, externalID: String? = nil, page: PageRequest
  ) {
    self.name = name
    self.namePrefix = namePrefix
    self.externalID = externalID
    self.page = page
  }
}

/// Something that this node applied.
package enum DeskEvent: Hashable, Sendable {
  /// A delta touched the ticket.
  case ticket(RowID, dot: Dot, actor: RowID, at: Instant)
  /// A delta touched another row.
  case row(RowRef, dot: Dot, at: Instant)
  case alarm(AlarmReport)
  /// An alarm is gone.
  case alarmEnded(AlarmReport)
  /// So many events were left out because the reader was too slow; nil: nobody can say how many.
  case lost(Int?)
  /// Nothing happened; the number is where the stream begins.
  case begun
}

/// An event with its place in this node's apply order.
package struct NumberedEvent: Hashable, Sendable {
  /// The apply number of its delta; nil where it has none: alarms, and what was lost.
  package var number: Int64?
  /// Whether more events of the same delta follow. Who heard this one alone has not heard the
  /// delta, so only the last of them is a place to go on behind.
  package var isFollowed: Bool
  package var event: DeskEvent

  package init(_ event: DeskEvent, number: Int64? = nil, isFollowed: Bool = false) {
    self.number = number
    self.isFollowed = isFollowed
    self.event = event
  }

  /// The number behind which a client that heard this one goes on; nil where it is no such place.
  package var place: Int64? { isFollowed ? nil : number }
}
