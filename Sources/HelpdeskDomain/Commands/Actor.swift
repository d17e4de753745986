// Who acts, and under which right.

package import ReplicaCore

/// What a user may do, from least to most; `auditor` reads everything and writes nothing.
package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
  case endUser = "end-user"
  case viewer
  case auditor
  case lightAgent = "light_agent"
  case agent
  case lead
  case admin

  /// May send what a customer sees.
  package var mayReplyPublicly: Bool { self == .agent || self == .lead || self == .admin }
  /// May work on tickets at all (private notes included).
  package var mayWork: Bool { mayReplyPublicly || self == .lightAgent }
  /// May change fields, take, hand to, send back.
  package var mayEdit: Bool { mayReplyPublicly }
  /// May accept and cover for an office.
  package var mayLead: Bool { self == .lead || self == .admin }
  package var mayAdminister: Bool { self == .admin }
  /// May read tickets of the desk.
  package var mayRead: Bool { self != .endUser }
  /// May read what customers and colleagues do not want to see passed on: private comments,
  /// handoff notes, history, conflicts, searches over them, and how to reach a person.
  package var mayReadPrivate: Bool { self != .endUser && self != .viewer }
  /// May read the accounts of others: whose tokens there are.
  package var mayReadAccounts: Bool { self == .admin || self == .auditor }
}

/// The user behind a command. An act counts for the office of the agent, wherever the node is.
package struct Actor: Hashable, Sendable {
  /// ``RowID/none`` is the node's operator (the local socket) or the node itself.
  package var user: RowID
  package var role: Role
  package var office: OfficeID
  /// The write of the user's role register under which they act; nil for the node itself.
  package var authority: Dot?
  package var via: Via

  package init(user: RowID, role: Role, office: OfficeID, authority: Dot?, via: Via = .api) {
    self.user = user
    self.role = role
    self.office = office
    self.authority = authority
    self.via = via
  }
}
