// What a view shows of its tickets, and in which order.

/// Columns, grouping and order of a view.
package struct ViewOutput: Hashable, Sendable, Codable {
  /// Column names, or ids of custom fields.
  package var columns: [String]
  package var groupBy: String?
  package var groupAscending: Bool
  package var sortBy: String?
  package var sortAscending: Bool

  package init(
    columns: [String] = ViewOutput.usual, groupBy: String? = nil, groupAscending: Bool = true,
    sortBy: String? = nil, sortAscending: Bool = false
  ) {
    self.columns = columns
    self.groupBy = groupBy
    self.groupAscending = groupAscending
    self.sortBy = sortBy
    self.sortAscending = sortAscending
  }

  /// What a view shows that does not say.
  package static let usual = ["subject", "requester", "created"]

  /// The columns that a view can show beside custom fields, with their titles.
  package static let titles: [(column: String, title: String)] = [
    ("nice_id", "ID"), ("status", "Status"), ("subject", "Subject"), ("description", "Description"),
    ("requester", "Requester"), ("submitter", "Submitter"), ("assignee", "Assignee"),
    ("group", "Group"), ("organization", "Organization"), ("priority", "Priority"),
    ("type", "Type"), ("created", "Requested"), ("updated", "Updated"), ("assigned", "Assigned"),
    ("solved", "Solved"), ("due_date", "Due date"), ("helio_home", "Home office"),
  ]

  /// The title of a column; nil for one that is none.
  package static func title(_ column: String) -> String? {
    titles.first { $0.column == column }?.title
  }

  /// The column by the name that this API or a search may give it.
  package static func column(_ name: String) -> String {
    switch name {
    case "id", "ticket_id": "nice_id"
    case "created_at": "created"
    case "updated_at": "updated"
    case "due_at": "due_date"
    case "solved_at": "solved"
    case "assigned_at": "assigned"
    case "requester_id": "requester"
    case "submitter_id": "submitter"
    case "assignee_id": "assignee"
    case "group_id": "group"
    case "organization_id": "organization"
    case "ticket_type": "type"
    default: name
    }
  }

  /// Reads the column's text; nil where it cannot be read.
  package init?(stored text: String) {
    guard let read = CanonicalJSON.read(ViewOutput.self, text) else { return nil }
    self = read
  }

  /// As the column holds it.
  package var stored: String { CanonicalJSON.text(self) }

  /// How the list is ordered; names that no list is ordered by are passed over.
  package var order: ViewOrder {
    ViewOrder(
      group: groupBy.flatMap { ViewOrder.Key($0) }, groupAscending: groupAscending,
      sort: sortBy.flatMap { ViewOrder.Key($0) } ?? .id, sortAscending: sortAscending)
  }
}

/// The order of a view's tickets: by group, in it by sort key, last by id.
package struct ViewOrder: Hashable, Sendable {
  package enum Key: String, Hashable, Sendable, CaseIterable {
    case id = "nice_id"
    case status, priority, type, assignee, requester, submitter, group, organization
    case created, updated, solved, assigned
    case due = "due_date"

    /// From a column's name; nil for what no list is ordered by.
    package init?(_ name: String) { self.init(rawValue: ViewOutput.column(name)) }
  }

  package var group: Key?
  package var groupAscending: Bool
  package var sort: Key
  package var sortAscending: Bool

  package init(
    group: Key? = nil, groupAscending: Bool = true, sort: Key = .id, sortAscending: Bool = true
  ) {
    self.group = group
    self.groupAscending = groupAscending
    self.sort = sort
    self.sortAscending = sortAscending
  }
}
