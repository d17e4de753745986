// The owner of every ticket of one group at one instant, as a pure function of facts.

package import ReplicaCore

/// Made once for a group and an instant, then asked for as many tickets as there are.
package struct OwnershipView: Sendable {
  /// Roster time.
  package let at: Instant
  package let slot: DutySlot
  package let board: SlotBoard
  package let offices: OfficeDirectory
  let table: DutyTable
  let facts: BoardFacts
  private let segment: DutyTable.Segment
  private let homes: [OfficeID: HomeStay]

  package init(at: Instant, table: DutyTable, board: BoardFacts, offices: OfficeDirectory) {
    let at = DutyTable.clamped(at)
    self.at = at
    self.table = table
    self.offices = offices
    facts = board
    slot = table.slot(at: at)
    self.board = board.board(of: slot)
    let segment = table.segment(at: at)
    self.segment = segment
    var homes: [OfficeID: HomeStay] = [:]
    for office in offices.active {
      homes[office] = HomeStay(home: office, slot: slot, at: at, in: segment)
    }
    self.homes = homes
  }

  /// Pure and total. First the greatest running grant of this ticket; then home, if it stays;
  /// else, in this slot, accept beats cover beats the plain office on duty.
  package func owner(of ticket: TicketFacts) -> Ownership {
    var running: OwnershipGrant?
    var steps: Int64 = 0
    for grant in ticket.grants where grant.counts(in: slot, group: ticket.placement.group) {
      steps += 1
      if isRunning(grant) {
        if let best = running, OwnershipGrant.precedes(grant, best) { continue }
        running = grant
      } else {
        steps += 1
      }
    }
    if let grant = running {
      return Ownership(
        office: grant.office, agent: grant.agent,
        token: token(ticket, .grant, chain: steps * 8, dot: grant.dot),
        reason: .grant(grant.kind, grant.dot),
        until: min(grant.until ?? slot.end, slot.office == nil ? slot.end : RosterLimits.latest))
    }
    let base = base(of: ticket)
    guard steps > 0 else { return base }
    var ended = base
    ended.token.chain = steps * 8 + Int64(base.token.rank.rawValue)
    ended.token.rank = .grant
    return ended
  }

  func isRunning(_ grant: OwnershipGrant) -> Bool {
    guard let until = grant.until else { return false }
    return at < until && offices.isActive(grant.office)
  }

  private func token(
    _ ticket: TicketFacts, _ rank: OwnershipToken.Rank, chain: Int64 = 0, dot: Dot
  ) -> OwnershipToken {
    OwnershipToken(
      epoch: ticket.epoch, version: slot.version, slotStart: slot.start,
      membership: offices.records, rank: rank, chain: chain, dot: dot)
  }

  /// The owner apart from grants.
  private func base(of ticket: TicketFacts) -> Ownership {
    let home = ticket.placement.home
    if ticket.placement.mode == .stays, wokenAt(ticket) == nil {
      let stay = homeStay(home)
      let until = [ticket.placement.wake, stay.nextWake].compactMap { $0 }.reduce(slot.end, min)
      return resting(ticket, home, .home, .stays, until: until)
    }
    guard let office = slot.office else {
      return resting(ticket, home, .plain, .noRoster, until: slot.end)
    }
    if offices.isActive(office), let dot = acceptance(of: ticket) {
      return Ownership(
        office: office, token: token(ticket, .accept, dot: dot), reason: .accepted(dot),
        until: slot.end)
    }
    if let cover = board.cover(of: ticket.id), offices.isActive(cover.office) {
      return Ownership(
        office: cover.office, token: token(ticket, .cover, dot: cover.dot),
        reason: .covered(cover.dot), until: slot.end)
    }
    guard offices.isActive(office) else {
      return resting(ticket, home, .plain, .removed(office), until: slot.end)
    }
    return Ownership(
      office: office, token: token(ticket, .plain, dot: ticket.placementDot), reason: .onDuty,
      until: slot.end)
  }

  private func resting(
    _ ticket: TicketFacts, _ home: OfficeID, _ rank: OwnershipToken.Rank,
    _ reason: Ownership.Reason, until: Instant
  ) -> Ownership {
    Ownership(
      office: offices.resting(home: home),
      token: token(ticket, rank, dot: ticket.placementDot),
      reason: offices.isActive(home) ? reason : .removed(home), until: until)
  }

  private func homeStay(_ home: OfficeID) -> HomeStay {
    homes[home] ?? HomeStay(home: home, slot: slot, at: at, in: segment)
  }

  /// Whether the staying tickets of this home are awake, since it is closed for too long.
  package func isClosedForLong(_ home: OfficeID) -> Bool { homeStay(home).wokenAt != nil }

  /// From when on, in this slot, a staying ticket is awake; nil where it sleeps, or moves on.
  func wokenAt(_ ticket: TicketFacts) -> Instant? {
    guard ticket.placement.mode == .stays else { return nil }
    let byItself = ticket.placement.wake.flatMap { $0 <= at ? max($0, slot.start) : nil }
    return [byItself, homeStay(ticket.placement.home).wokenAt].compactMap { $0 }.min()
  }

  /// The delta by which the office on duty has accepted the ticket: a touch, or an acceptance of
  /// the board; either with the placement provably seen.
  func acceptance(of ticket: TicketFacts) -> Dot? {
    guard let office = slot.office else { return nil }
    var dot: Dot?
    for touch in ticket.touches
    where touch.slotStart == slot.start && touch.office == office && touch.version == slot.version
      && touch.saw(ticket.placementDot)
    {
      dot = max(dot ?? touch.dot, touch.dot)
    }
    if let acceptance = board.acceptance, board.seen.contains(ticket.placementDot) {
      dot = max(dot ?? acceptance.dot, acceptance.dot)
    }
    return dot
  }

  /// The office that owned the ticket before the present owner: what *send back* sends it to.
  /// Nil where it was the same.
  package func previousOffice(of ticket: TicketFacts) -> OfficeID? {
    let now = owner(of: ticket)
    var before = ticket
    let instant: Instant
    if case .grant(_, let dot) = now.reason,
      let grant = ticket.grants.first(where: { $0.dot == dot }
      )
    {
      before.grants.removeAll { !OwnershipGrant.precedes($0, grant) }
      instant = min(grant.at, at)
    } else {
      instant = max(.zero, slot.start + -1)
    }
    let view = OwnershipView(at: instant, table: table, board: facts, offices: offices)
    let office = view.owner(of: before).office
    return office == now.office ? nil : office
  }
}
