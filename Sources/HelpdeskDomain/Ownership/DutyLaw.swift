// Which acts on ownership are lawful: asked before a command, and again by every node that
// receives one, on the facts of its causal past.

package import ReplicaCore

/// The predicates. All facts given are those of the act's causal past; all times roster time.
package enum DutyLaw {
  /// The slots that an office's lead accepts in one act at an instant: those of all its groups.
  package static func mayAccept(
    office: OfficeID, isLead: Bool, book: DutyBook, at instant: Instant
  ) throws(DutyRefusal) -> [DutySlot] {
    guard isLead else { throw .notLead }
    let duties = book.duties(of: office, at: instant)
    guard duties.isEmpty else { return duties }
    let slot = book.table(forGroup: GroupRules.defaultName).slot(at: instant)
    throw .notOnDuty(office: office, onDuty: slot.office, until: slot.end)
  }

  /// Whether a recorded acceptance is lawful; also for a *seen* entry of the office.
  package static func check(
    _ slot: SlotKey, acceptedBy office: OfficeID, isLead: Bool, at instant: Instant,
    book: DutyBook
  ) throws(DutyRefusal) {
    let duties = try mayAccept(office: office, isLead: isLead, book: book, at: instant)
    try inForce(slot.version, book, instant)
    guard slot.office == office else {
      throw .notOnDuty(office: slot.office, onDuty: office, until: duties[0].end)
    }
    guard duties.contains(where: { $0.start == slot.start }) else {
      throw .otherSlot(named: slot.start, running: duties[0].start)
    }
  }

  /// Whether a lead may cover, at the view's instant: one ticket, or the whole board.
  package static func mayCover(
    office: OfficeID, isLead: Bool, ticket: TicketFacts? = nil, in view: OwnershipView
  ) throws(DutyRefusal) {
    guard isLead else { throw .notLead }
    guard let onDuty = view.slot.office else { throw .noDuty }
    guard let fallback = view.slot.policy.fallback else { throw .noFallback }
    guard fallback == office else { throw .notFallback(office: office, fallback: fallback) }
    guard fallback != onDuty else { throw .nothingToCover }
    if let ticket {
      let transit = view.transit(of: ticket)
      switch transit.status {
      case .notAsked, .accepted: throw .nothingToCover
      case .covered, .overdue: return
      case .waiting, .running: throw .tooEarly(from: transit.coverFrom ?? view.slot.end)
      }
    }
    guard view.board.acceptance == nil else { throw .nothingToCover }
    let from = view.boardCoverFrom
    guard from <= view.at else { throw .tooEarly(from: from) }
  }

  /// Whether a recorded cover is lawful; `view` is that of its time, for the slot's group.
  package static func check(
    _ cover: Cover, isLead: Bool, ticket: TicketFacts?, in view: OwnershipView
  ) throws(DutyRefusal) {
    try mayCover(office: cover.office, isLead: isLead, ticket: ticket, in: view)
    guard cover.slot.version == view.slot.version else {
      throw .otherRoster(named: cover.slot.version, inForce: view.slot.version)
    }
    guard cover.slot.start == view.slot.start, cover.slot.office == view.slot.office else {
      throw .otherSlot(named: cover.slot.start, running: view.slot.start)
    }
  }

  /// Whether agents of an office may take a ticket of the view's group; gives the grant's end.
  /// Anybody who is open may, whoever owns it: the ticket is assigned, and the office with it.
  package static func mayTake(
    office: OfficeID, in view: OwnershipView
  ) throws(DutyRefusal) -> Instant {
    try open(office, view)
  }

  /// Whether an office may hand a ticket to another; gives the grant's end.
  package static func mayHandOn(
    office: OfficeID, ticket: TicketFacts, to receiver: OfficeID, in view: OwnershipView
  ) throws(DutyRefusal) -> Instant {
    try owns(office, ticket, view)
    return try open(receiver, view)
  }

  /// Whether an office may send a ticket back, to whom, and until when that office then holds it:
  /// nil where it is off shift; then the sender keeps the ticket and the other sees it first.
  package static func maySendBack(
    office: OfficeID, ticket: TicketFacts, to receiver: OfficeID? = nil, in view: OwnershipView
  ) throws(DutyRefusal) -> (office: OfficeID, until: Instant?) {
    try owns(office, ticket, view)
    guard let receiver = receiver ?? view.previousOffice(of: ticket) else {
      throw .noEarlierOwner
    }
    guard view.offices.isActive(receiver) else { throw .unknownOffice(receiver) }
    return (receiver, view.table.window(of: receiver, at: view.at)?.end)
  }

  /// Whether a recorded grant is lawful. `office` is that of the agent who made it; `ticket` and
  /// `view` are those before it.
  package static func check(
    _ grant: OwnershipGrant, by office: OfficeID, ticket: TicketFacts, in view: OwnershipView
  ) throws(DutyRefusal) {
    guard grant.version == view.slot.version else {
      throw .otherRoster(named: grant.version, inForce: view.slot.version)
    }
    guard grant.slotStart == ticket.grantSlotStart(in: view.slot) else {
      throw .otherSlot(named: grant.slotStart, running: view.slot.start)
    }
    switch grant.kind {
    case .take:
      guard grant.office == office else {
        throw .notOwner(office: office, owner: view.owner(of: ticket).office)
      }
      _ = try mayTake(office: office, in: view)
    case .handTo:
      _ = try mayHandOn(office: office, ticket: ticket, to: grant.office, in: view)
    case .sendBack:
      _ = try maySendBack(office: office, ticket: ticket, to: grant.office, in: view)
    }
  }

  private static func owns(
    _ office: OfficeID, _ ticket: TicketFacts, _ view: OwnershipView
  ) throws(DutyRefusal) {
    let owner = view.owner(of: ticket).office
    guard owner == office else { throw .notOwner(office: office, owner: owner) }
  }

  private static func open(
    _ office: OfficeID, _ view: OwnershipView
  ) throws(DutyRefusal) -> Instant {
    guard view.offices.isActive(office) else { throw .unknownOffice(office) }
    guard let window = view.table.window(of: office, at: view.at) else {
      throw .offShift(
        office, opensAt: view.table.opening(of: office, after: view.at), onDuty: view.slot.office)
    }
    return window.end
  }

  private static func inForce(
    _ named: RosterVersion, _ book: DutyBook, _ instant: Instant
  ) throws(DutyRefusal) {
    let version = book.inForce(at: instant)?.version ?? .none
    guard named == version else { throw .otherRoster(named: named, inForce: version) }
  }
}
