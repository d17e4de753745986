// What ownership needs to know of one ticket.

package import ReplicaCore

/// An act on the ticket by an agent of the office that was on duty: it accepts that ticket where it
/// was placed then.
package struct OwnershipTouch: Hashable, Sendable {
  package var dot: Dot
  package var office: OfficeID
  package var version: RosterVersion
  package var slotStart: Instant
  /// Covers the placement that was shown to the author.
  package var seen: VersionVector
  /// Roster time of the act.
  package var at: Instant

  package init(
    dot: Dot, office: OfficeID, version: RosterVersion, slotStart: Instant, seen: VersionVector,
    at: Instant = .zero
  ) {
    self.at = at
    self.dot = dot
    self.office = office
    self.version = version
    self.slotStart = slotStart
    self.seen = seen
  }

  /// Whether the author saw that placement, or made it in the same delta.
  package func saw(_ placement: Dot) -> Bool { placement == dot || seen.contains(placement) }
}

/// The facts of one ticket that have effect, as known to a node or in a causal past.
package struct TicketFacts: Hashable, Sendable {
  package var id: RowID
  /// The displayed placement.
  package var placement: Placement
  /// ``Placement/epoch(of:)`` of its register.
  package var epoch: UInt64
  /// The delta of the displayed placement: of the ticket's birth, or when it last moved.
  package var placementDot: Dot
  /// Roster time of that delta.
  package var placedAt: Instant
  package var grants: [OwnershipGrant]
  /// Those of the running slot suffice.
  package var touches: [OwnershipTouch]
  /// Urgent tickets alarm in unstaffed time too.
  package var isUrgent: Bool

  package init(
    id: RowID, placement: Placement, epoch: UInt64, placementDot: Dot, placedAt: Instant,
    grants: [OwnershipGrant] = [], touches: [OwnershipTouch] = [], isUrgent: Bool = false
  ) {
    self.id = id
    self.placement = placement
    self.epoch = epoch
    self.placementDot = placementDot
    self.placedAt = placedAt
    self.grants = grants
    self.touches = touches
    self.isUrgent = isUrgent
  }

  /// Without what was done after an instant of roster time.
  package func known(until instant: Instant) -> TicketFacts {
    var facts = self
    facts.grants.removeAll { $0.at > instant }
    facts.touches.removeAll { $0.at > instant }
    return facts
  }

  /// The chain number of the next grant.
  package var nextChain: Int64 { (grants.map(\.chain).max() ?? 0) + 1 }

  /// The act that moved the ticket last; nil where none did.
  package var lastGrant: OwnershipGrant? { grants.max(by: OwnershipGrant.precedes) }

  /// The slot start that a new grant made in `slot` names: never below one its author knew, so
  /// that it outranks what it answers, under a slow clock too.
  package func grantSlotStart(in slot: DutySlot) -> Instant {
    grants.filter { $0.version == slot.version }.map(\.slotStart).reduce(slot.start, max)
  }
}
