// A recorded act that gives one ticket to one office, beside the roster.

package import ReplicaCore

/// A *take*, *hand to* or *send back* that has effect.
package struct OwnershipGrant: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, Codable {
    case take
    case handTo = "hand_to"
    case sendBack = "send_back"
  }

  package var kind: Kind
  package var dot: Dot
  /// Roster time of the act.
  package var at: Instant
  /// The office that holds the ticket by it.
  package var office: OfficeID
  package var agent: RowID?
  /// The roster and slot under which it was made.
  package var version: RosterVersion
  package var slotStart: Instant
  /// One more than the greatest of the ticket's grants that its author knew.
  package var chain: Int64
  /// The end of the holder's window, from ``DutyBook/grantEnd(office:group:at:under:)``; nil where
  /// the holder is off shift: then it only marks the ticket for that office's next lead.
  package var until: Instant?
  /// The ticket's group when it was made: in another group it does not hold. Nil: any.
  package var group: RowID?

  package init(
    kind: Kind, dot: Dot, at: Instant, office: OfficeID, agent: RowID? = nil,
    version: RosterVersion, slotStart: Instant, chain: Int64, until: Instant?,
    group: RowID? = nil
  ) {
    self.kind = kind
    self.dot = dot
    self.at = at
    self.office = office
    self.agent = agent
    self.version = version
    self.slotStart = slotStart
    self.chain = chain
    self.until = until
    self.group = group
  }

  /// Of several running grants the greatest holds: by roster, slot, chain, dot.
  package static func precedes(_ left: OwnershipGrant, _ right: OwnershipGrant) -> Bool {
    if left.version != right.version { return left.version < right.version }
    if left.slotStart != right.slotStart { return left.slotStart < right.slotStart }
    if left.chain != right.chain { return left.chain < right.chain }
    return left.dot < right.dot
  }

  /// Whether it counts in a slot: it reaches into it, and belongs to the ticket's group.
  func counts(in slot: DutySlot, group: RowID) -> Bool {
    guard let until, until > slot.start else { return false }
    // Made where no roster held, it lasts until one gives the group an office on duty.
    if until == RosterLimits.latest, slot.office != nil { return false }
    return self.group.map { $0 == group } ?? true
  }
}
