// Who is at work on what, right now: told by clients, gone by itself, never part of the history.

package import HelpdeskDomain
package import ReplicaCore

/// What an agent does.
package struct PresenceState: Hashable, Sendable {
  package enum Activity: String, Hashable, Sendable, Codable, CaseIterable {
    case viewing
    case editing
  }

  /// Nil: at work, on no ticket.
  package var ticket: RowID?
  package var activity: Activity

  package init(ticket: RowID?, activity: Activity) {
    self.ticket = ticket
    self.activity = activity
  }
}

/// One agent at one node, as this node has heard.
package struct PresenceReport: Hashable, Sendable, Codable {
  package var userID: Int64
  /// The node that the agent's client told.
  package var node: String
  package var office: String
  @Nullable package var ticketID: Int64?
  package var activity: PresenceState.Activity
  /// Seconds since the client said so, as far as this node can tell.
  package var ageSeconds: Int64

  package init(
    userID: Int64, node: String, office: String, ticketID: Int64?,
    activity: PresenceState.Activity, ageSeconds: Int64
  ) {
    self.userID = userID
    self.node = node
    self.office = office
    self.ticketID = ticketID
    self.activity = activity
    self.ageSeconds = ageSeconds
  }
}

/// Keeps who is present at this node, and what other nodes say of theirs.
package protocol PresenceService: Sendable {
  /// Everybody who is present, the most recent first. An entry ends
  /// ``APILimits/presenceSeconds`` after it was told.
  func presences() async -> [PresenceReport]
  /// What the actor does from now on; nil: the actor left.
  func setPresence(_ state: PresenceState?, of actor: Actor) async
}
