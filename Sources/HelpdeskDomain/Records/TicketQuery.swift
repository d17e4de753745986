// What lists and searches ask for.

package import ReplicaCore

/// A comparison of a search term.
package enum Comparison: String, Hashable, Sendable {
  case equal = ":"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// One condition on tickets. Several are and-ed, except those of one field that compare with `:`
/// and are not negated: these are or-ed. Words, phrases and bounds (`<`, `>`) are always and-ed.
package struct TicketFilter: Hashable, Sendable {
  package enum Term: Hashable, Sendable {
    case status(Comparison, String)
    case priority(Comparison, String)
    case type(String)
    case tag(String)
    /// nil: nobody.
    case assignee(RowID?)
    case requester(RowID)
    case submitter(RowID)
    case group(RowID?)
    case organization(RowID?)
    case externalID(String)
    case collaborator(RowID)
    /// A file that was not redacted is on one of its comments.
    case hasAttachment
    /// How it came in.
    case via(Via)
    /// The incidents of a problem.
    case problem(RowID)
    case created(Comparison, Instant)
    case updated(Comparison, Instant)
    case due(Comparison, Instant)
    case field(RowID, Value)
    case ids([RowID])
    /// When the status that is shown was set.
    case statusSince(Comparison, Instant)
    /// When the assignee who is shown was set.
    case assigned(Comparison, Instant)
    /// A custom field held against a bound: numbers with numbers, texts with texts.
    case fieldBound(RowID, Comparison, Value)
    case without(Blank)
    case home(OfficeID)
    case owner(OwnerRule)
    /// All of these, or any of these; each by itself, none is or-ed with its neighbour.
    case allOf([TicketFilter])
    case anyOf([TicketFilter])
    /// Words that must all occur in subject, description or comments; a phrase keeps its order.
    case words(String)
    case phrase(String)
  }

  /// What a ticket can lack.
  package enum Blank: String, Hashable, Sendable {
    case priority, type, tags
    case dueAt = "due_at"
  }

  package var term: Term
  package var negated: Bool

  package init(_ term: Term, negated: Bool = false) {
    self.term = term
    self.negated = negated
  }
}

package enum TicketOrder: String, Hashable, Sendable {
  case id
  case createdAt = "created_at"
  case updatedAt = "updated_at"
  case priority
  case status
  case relevance
}

/// A page request: either by cursor (`after`/`before` are opaque) or by offset.
package enum PageRequest: Hashable, Sendable {
  case cursor(size: Int, after: String?, before: String?)
  case offset(page: Int, size: Int)
}

/// One page of rows.
package struct Page<Element: Sendable>: Sendable {
  package var rows: [Element]
  package var hasMore: Bool
  package var afterCursor: String?
  package var beforeCursor: String?
  /// The whole count; only for offset paging.
  package var count: Int?

  package init(
    rows: [Element], hasMore: Bool, afterCursor: String? = nil, beforeCursor: String? = nil,
    count: Int? = nil
  ) {
    self.rows = rows
    self.hasMore = hasMore
    self.afterCursor = afterCursor
    self.beforeCursor = beforeCursor
    self.count = count
  }
}

package struct TicketQuery: Hashable, Sendable {
  package var filters: [TicketFilter]
  package var order: TicketOrder
  package var ascending: Bool
  package var page: PageRequest

  package init(
    filters: [TicketFilter] = [], order: TicketOrder = .id, ascending: Bool = true,
    page: PageRequest = .cursor(size: 100, after: nil, before: nil)
  ) {
    self.filters = filters
    self.order = order
    self.ascending = ascending
    self.page = page
  }
}
