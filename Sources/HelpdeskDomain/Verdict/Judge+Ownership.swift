// Which acts on ownership are lawful, on the facts of the delta's causal past.

internal import ReplicaCore

extension Judge {
  var facts: OwnershipFacts<Reading> { OwnershipFacts(view, drill: nil) }

  /// Whether the office owned the ticket at some instant of the slot whose start is the fence.
  ///
  /// Between two instants at which time alone changes the owner the answer is the same, so that
  /// asking at these is exact; the delta need not say when in the slot it was made.
  func checkOwner(
    _ office: OfficeID?, of id: RowID, _ state: RowState, fence: UInt64
  ) throws(VoidReason) {
    guard let office, fence <= UInt64(RosterLimits.latest.seconds) else { throw .notOwner }
    let facts = self.facts
    let ticket = facts.ticket(id, state)
    let offices = facts.namedOffices(ticket, besides: [office])
    let table = facts.book.table(forGroup: facts.name(ofGroup: ticket.placement.group))
    // A fence is in whole seconds: the slot begins within the second.
    let slot = table.slot(at: Instant(seconds: Int64(fence)) + 999)
    guard slot.start.seconds == Int64(fence) else { throw .fence }
    let board = facts.board(ofSlotsAt: [slot.start])
    var instant = slot.start
    var steps = 0
    while instant < slot.end, steps < Self.ownerSteps {
      let ownership = OwnershipView(at: instant, table: table, board: board, offices: offices)
      let owner = ownership.owner(of: ticket)
      if owner.office == office { return }
      guard owner.until > instant else { break }
      instant = owner.until
      steps += 1
    }
    throw .notOwner
  }

  /// More changes of the owner by time alone than a slot can hold for one ticket.
  private static var ownerSteps: Int { 1_000 }

  func checkRoster(_ change: RowChange) throws(VoidReason) {
    guard let text = change.text(RosterColumn.publication),
      text.utf8.count <= DeskLimits.publicationBytes
    else { throw .badRoster }
    do throws(RosterRefusal) {
      let content = try RosterContent(canonical: text)
      // Whether it came in time was its author's business: other clocks would not agree.
      try content.check(publishedAt: content.effectiveAt + -RosterLimits.notice)
    } catch {
      throw .badRoster
    }
  }

  func checkGrant(_ change: RowChange, _ author: Author) throws(VoidReason) {
    guard let office = author.office, let id = change.integer(GrantColumn.ticket) else {
      throw .incomplete
    }
    let facts = self.facts
    guard
      let grant = facts.grant(dot: delta.dot, { change.written($0) ?? .null })
    else { throw .incomplete }
    let state = view.row(Desk.ticket, RowID(id))
    guard state.exists else { throw .badGrant }
    let ticket = facts.ticket(RowID(id), state)
    guard grant.group == ticket.placement.group, grant.chain == ticket.nextChain else {
      throw .badGrant
    }
    let ownership = facts.ownership(
      ofGroup: ticket.placement.group, at: grant.at,
      offices: facts.namedOffices(ticket, besides: [office, grant.office]), earlier: true)
    do throws(DutyRefusal) {
      try DutyLaw.check(grant, by: office, ticket: ticket, in: ownership)
    } catch {
      throw Self.reason(error, otherwise: .badGrant)
    }
  }

  func checkAcceptance(_ change: RowChange, _ author: Author) throws(VoidReason) {
    let facts = self.facts
    let (slot, at) = try self.slot(
      of: change, roster: AcceptanceColumn.roster, at: AcceptanceColumn.at, facts)
    guard slot.office == author.office else { throw .otherOffice }
    guard let ticket = change.integer(AcceptanceColumn.ticket).map({ RowID($0) }) else {
      throw .incomplete
    }
    guard ticket == .none else {
      guard author.role.mayEdit else { throw .role }
      let seen = SeenVector.vector(change.written(AcceptanceColumn.vector))
      guard seen.map(past.covers) ?? true else { throw .unseenSibling }
      return try checkOnDuty(slot, at: at, group: group(of: ticket), facts)
    }
    guard author.role.mayLead else { throw .role }
    guard let vector = SeenVector.vector(change.written(AcceptanceColumn.vector)) else {
      throw .incomplete
    }
    guard past.covers(vector) else { throw .unseenSibling }
    try checkDuty(slot, at: at, facts)
  }

  func checkSeen(_ change: RowChange, _ author: Author) throws(VoidReason) {
    let facts = self.facts
    let (slot, at) = try self.slot(of: change, roster: SeenColumn.roster, at: SeenColumn.at, facts)
    guard slot.office == author.office else { throw .otherOffice }
    guard let vector = SeenVector.vector(change.written(SeenColumn.vector)) else {
      throw .incomplete
    }
    guard past.covers(vector) else { throw .unseenSibling }
    try checkDuty(slot, at: at, facts)
  }

  func checkCover(_ change: RowChange, _ author: Author) throws(VoidReason) {
    let facts = self.facts
    guard let cover = facts.cover(dot: delta.dot, { change.written($0) ?? .null }) else {
      throw .incomplete
    }
    guard cover.office == author.office else { throw .otherOffice }
    var reason: VoidReason?
    let ticket = cover.ticket.map { facts.ticket($0, view.row(Desk.ticket, $0)) }
    let tables =
      ticket.map { [facts.book.table(forGroup: facts.name(ofGroup: $0.placement.group))] }
      ?? facts.book.allTables.map(\.table)
    for table in tables {
      let start = table.slot(at: cover.at).start
      let ownership = OwnershipView(
        at: cover.at, table: table, board: facts.board(ofSlotsAt: [start]),
        offices: facts.namedOffices(ticket, besides: [cover.office]))
      do throws(DutyRefusal) {
        return try DutyLaw.check(cover, isLead: true, ticket: ticket, in: ownership)
      } catch {
        reason = reason ?? Self.reason(error, otherwise: .notFallback)
      }
    }
    throw reason ?? .notFallback
  }

  /// The slot that an acceptance or a *seen* entry names, and when it was made.
  private func slot(
    of change: RowChange, roster: UInt16, at: UInt16, _ facts: OwnershipFacts<Reading>
  ) throws(VoidReason) -> (SlotKey, Instant) {
    guard let office = change.text(AcceptanceColumn.office),
      let start = change.integer(AcceptanceColumn.slotStart), let at = change.integer(at),
      let version = facts.book.version(ofRoster: RowID(change.integer(roster) ?? 0))
    else { throw .incomplete }
    let key = SlotKey(
      version: version, start: Instant(milliseconds: start), office: OfficeID(office))
    return (key, Instant(milliseconds: at))
  }

  private func checkDuty(
    _ slot: SlotKey, at instant: Instant, _ facts: OwnershipFacts<Reading>
  ) throws(VoidReason) {
    do throws(DutyRefusal) {
      try DutyLaw.check(
        slot, acceptedBy: slot.office, isLead: true, at: instant, book: facts.book)
    } catch {
      throw Self.reason(error, otherwise: .notOnDuty)
    }
  }

  private func checkOnDuty(
    _ slot: SlotKey, at instant: Instant, group: RowID, _ facts: OwnershipFacts<Reading>
  ) throws(VoidReason) {
    let running = facts.book.table(forGroup: facts.name(ofGroup: group)).slot(at: instant)
    guard SlotKey(running) == slot else { throw .notOnDuty }
  }

  /// The group of a ticket after this delta.
  private func group(of ticket: RowID) -> RowID {
    let ref = RowRef(Desk.ticket, ticket)
    let written = delta.changes.lazy.filter { $0.row == ref }
      .compactMap { Placement($0.written(TicketColumn.placement)) }.first
    let placement =
      written ?? Placement(view.row(ref).value(TicketColumn.placement))
    return placement?.group ?? .none
  }

  private static func reason(
    _ refusal: DutyRefusal, otherwise reason: VoidReason
  ) -> VoidReason {
    switch refusal {
    case .notLead: .role
    case .notOnDuty: .notOnDuty
    case .notOwner: .notOwner
    case .notFallback, .tooEarly, .nothingToCover, .noFallback: .notFallback
    case .noDuty, .otherSlot, .otherRoster, .unknownOffice, .offShift, .noEarlierOwner: reason
    }
  }
}
