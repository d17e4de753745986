// The fields that every ticket has, as the list of ticket fields shows them.

package import ReplicaCore

/// A built-in field, under an id that no node gives out: those below 10,000.
package enum SystemField: Int64, Hashable, Sendable, CaseIterable {
  case subject = 1
  case description = 2
  case status = 3
  case type = 4
  case priority = 5
  case group = 6
  case assignee = 7

  package init?(id: RowID) { self.init(rawValue: id.rawValue) }

  package var id: RowID { RowID(rawValue) }

  /// The type by which clients tell it from custom fields.
  package var kind: String {
    switch self {
    case .subject: "subject"
    case .description: "description"
    case .status: "status"
    case .type: "tickettype"
    case .priority: "priority"
    case .group: "group"
    case .assignee: "assignee"
    }
  }

  package var title: String {
    switch self {
    case .subject: "Subject"
    case .description: "Description"
    case .status: "Status"
    case .type: "Type"
    case .priority: "Priority"
    case .group: "Group"
    case .assignee: "Assignee"
    }
  }

  /// What can be chosen: the shown name and the value; empty where it is no list.
  package var options: [(name: String, value: String)] {
    func named(_ words: [String]) -> [(name: String, value: String)] {
      words.map { ($0.prefix(1).uppercased() + $0.dropFirst(), $0) }
    }
    return switch self {
    case .status: named(TicketStatus.words)
    case .type: named(TicketType.words)
    case .priority: named(TicketPriority.words)
    case .subject, .description, .group, .assignee: []
    }
  }
}
