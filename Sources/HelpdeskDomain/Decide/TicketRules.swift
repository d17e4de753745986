// The words a ticket may carry, as the compatible API spells them.

/// States of a ticket, in the order in which searches compare them.
package enum TicketStatus: String, Hashable, Sendable, CaseIterable {
  case new, open, pending, hold, solved, closed

  /// 0 for `new` … 5 for `closed`; nil for a word that is none.
  package static func rank(_ word: String) -> Int? {
    allCases.firstIndex { $0.rawValue == word }
  }

  static let words = allCases.map(\.rawValue)

  /// The customer writes again: these go back to open.
  var reopensOnReply: Bool { self == .pending || self == .hold || self == .solved }
}

/// Priorities, least first.
package enum TicketPriority: String, Hashable, Sendable, CaseIterable {
  case low, normal, high, urgent

  package static func rank(_ word: String) -> Int? {
    allCases.firstIndex { $0.rawValue == word }
  }

  static let words = allCases.map(\.rawValue)
}

package enum TicketType: String, Hashable, Sendable, CaseIterable {
  case problem, incident, question, task

  static let words = allCases.map(\.rawValue)
}
