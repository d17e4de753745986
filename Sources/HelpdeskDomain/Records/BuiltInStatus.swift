// The statuses that every desk has, under ids that no node gives out: those below 10,000.

package import ReplicaCore

/// A built-in status, as clients that know custom statuses see it.
package enum BuiltInStatus: Int64, Hashable, Sendable, CaseIterable {
  case new = 101
  case open = 102
  case pending = 103
  case hold = 104
  case solved = 105

  package init?(id: RowID) { self.init(rawValue: id.rawValue) }

  /// The status in which a ticket of this word is shown; a closed one was solved.
  package init?(word: String) {
    switch TicketStatus(rawValue: word) {
    case .new: self = .new
    case .open: self = .open
    case .pending: self = .pending
    case .hold: self = .hold
    case .solved, .closed: self = .solved
    case nil: return nil
    }
  }

  package var id: RowID { RowID(rawValue) }

  package var category: TicketStatus {
    switch self {
    case .new: .new
    case .open: .open
    case .pending: .pending
    case .hold: .hold
    case .solved: .solved
    }
  }

  /// What agents and customers read.
  package var labels: (agent: String, customer: String) {
    switch self {
    case .new: ("New", "Open")
    case .open: ("Open", "Open")
    case .pending: ("Pending", "Awaiting your reply")
    case .hold: ("On-hold", "Open")
    case .solved: ("Solved", "Solved")
    }
  }
}
