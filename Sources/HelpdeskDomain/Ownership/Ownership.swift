// Who owns a ticket, and on what ground.

package import ReplicaCore

/// The answer of ``OwnershipView/owner(of:)``.
package struct Ownership: Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// A take, hand to or send back runs.
    case grant(OwnershipGrant.Kind, Dot)
    /// It stays at home.
    case stays
    case accepted(Dot)
    case covered(Dot)
    /// On duty by roster; not accepted yet.
    case onDuty
    /// No roster gives the group an office on duty: it is at home.
    case noRoster
    /// The office that would own it was removed.
    case removed(OfficeID)
  }

  package var office: OfficeID
  /// The agent that a running grant names.
  package var agent: RowID?
  package var token: OwnershipToken
  package var reason: Reason
  /// Until here time alone does not change the owner.
  package var until: Instant

  package init(
    office: OfficeID, agent: RowID? = nil, token: OwnershipToken, reason: Reason, until: Instant
  ) {
    self.office = office
    self.agent = agent
    self.token = token
    self.reason = reason
    self.until = until
  }
}
