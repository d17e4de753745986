// Checks while the world runs: owners, tokens, alarms, fingerprints and clocks.

internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore

/// What one node says of one ticket at one instant.
private struct Sighting {
  var ticket: RowID
  var owner: Ownership
  var slotOffice: OfficeID?
  /// Staffed time that the ticket has waited for somebody, by a reckoning of our own; nil where
  /// that does not apply.
  var waited: Int64?
  var acceptWithin: Int64
  var alarms: Bool
  var isProvablySeen: Bool
  var acceptedAfterCover: Bool
  /// The alarm that the node derives; nil where none is due.
  var alarm: HandoverAlarm?
}

extension World {
  /// Invariant 19.
  func checkClock(of node: SimNode) throws {
    let stamp = node.replica.hlc
    checks.hit(19)
    guard stamp >= node.lastHLC else {
      throw Violation(19, "hybrid time of \(node.office) went from \(node.lastHLC) to \(stamp)")
    }
    node.lastHLC = stamp
    let limit = node.clock.read(at: now).now + Int64(HybridClock.maximumDrift)
    guard stamp.instant <= limit else {
      throw Violation(19, "hybrid time \(stamp) of \(node.office) is beyond \(limit)")
    }
  }

  /// Looks at owners and alarms on all nodes that are up: invariants 3, 10, 11, 12, 14 and 17.
  func observe() throws {
    let chosen = observed()
    var offices: [RowID: Set<OfficeID>] = [:]
    for node in nodes where node.isReadable {
      let instant = node.clock.read(at: now).now
      for sighting in try look(node, chosen, instant) {
        try check(sighting, node, instant)
        offices[sighting.ticket, default: []].insert(sighting.owner.office)
        if let alarm = sighting.alarm { try tell(alarm, node) }
      }
    }
    try checkTellers()
    if offices.values.contains(where: { $0.count > 1 }) { sometimes.hit(.twoOwnersWhileApart) }
    try compareEqualNodes(Array(chosen.prefix(3)))
  }

  /// Some of the newest tickets and some others.
  private func observed() -> [RowID] {
    var chosen = tickets.suffix(SimLimits.observedTickets / 2).map(\.id)
    while chosen.count < min(SimLimits.observedTickets, tickets.count) {
      guard let other = random.pick(tickets)?.id else { break }
      chosen.append(other)
    }
    return chosen
  }

  private func check(_ sighting: Sighting, _ node: SimNode, _ instant: Instant) throws {
    let (ticket, owner) = (sighting.ticket, sighting.owner)
    for invariant in [10, 12, 14] { checks.hit(invariant) }
    guard setting.offices.isKnown(owner.office) else {
      throw Violation(10, "ticket \(ticket) is owned by '\(owner.office)' on \(node.office)")
    }
    if let last = node.tokens[ticket], owner.token < last {
      throw Violation(
        12, "the token of ticket \(ticket) went from \(last) to \(owner.token) on \(node.office)")
    }
    node.tokens[ticket] = owner.token
    if let waited = sighting.waited, waited >= sighting.acceptWithin, !sighting.alarms {
      throw Violation(
        14, "ticket \(ticket) waits \(waited) ms on \(node.office) and nobody is alarmed")
    }
    if case .accepted(let dot) = owner.reason {
      guard sighting.isProvablySeen else {
        throw Violation(14, "ticket \(ticket) counts as accepted by \(dot) and was not seen")
      }
      sometimes.hit(sighting.acceptedAfterCover ? .lateAcceptBeatsCover : .acceptInTime)
    }
    if sighting.alarms { sometimes.hit(.inTransitAlarmed) }
  }

  /// Equal vectors: equal fingerprints, owners and tokens.
  private func compareEqualNodes(_ tickets: [RowID]) throws {
    let up = nodes.filter(\.isReadable)
    for (position, left) in up.enumerated() {
      for right in up.dropFirst(position + 1)
      where left.replica.local.headed.vector == right.replica.local.headed.vector
        && left.members.digest == right.members.digest
      {
        checks.hit(3)
        checks.hit(11, tickets.count)
        guard left.replica.local == right.replica.local else {
          throw Violation(
            3, "\(left.office) and \(right.office) hold the same deltas, not the same state")
        }
        let mine = try look(left, tickets, now).map(\.owner)
        let theirs = try look(right, tickets, now).map(\.owner)
        guard mine == theirs else {
          throw Violation(
            11,
            "\(left.office) and \(right.office) hold the same deltas and name other owners: "
              + "\(mine) \(theirs)")
        }
      }
    }
  }

  private func look(
    _ node: SimNode, _ tickets: [RowID], _ instant: Instant
  ) throws -> [Sighting] {
    try node.replica.read { World.look($0, tickets, instant) }
  }

  private static func look(
    _ reading: some DeskReading, _ tickets: [RowID], _ instant: Instant
  ) -> [Sighting] {
    let facts = OwnershipFacts(DeskView(reading), drill: 0)
    let rosters = facts.book.publications.map(\.id)
    var views: [RowID: OwnershipView] = [:]
    return tickets.compactMap { id in
      let state = reading.row(RowRef(Desk.ticket, id))
      guard state.exists else { return nil }
      let ticket = facts.ticket(id, state)
      let group = ticket.placement.group
      let view =
        views[group]
        ?? facts.ownership(ofGroup: group, at: instant, offices: facts.presentOffices)
      views[group] = view
      var sighting = sighting(ticket, view, instant)
      if sighting.alarms { sighting.alarm = alarm(ticket, view, rosters) }
      return sighting
    }
  }

  private static func alarm(
    _ ticket: TicketFacts, _ view: OwnershipView, _ rosters: [RowID]
  ) -> HandoverAlarm? {
    guard let office = view.slot.office, let teller = AlarmTeller(ofHandoverIn: view.slot) else {
      return nil
    }
    let group = ticket.placement.group
    let cause =
      view.board.acceptance == nil
      ? AlarmCause.board(ofGroup: group, in: view.slot)
      : AlarmCause.ticket(ticket.id, ofGroup: group, in: view.slot)
    return HandoverAlarm(cause: cause, teller: teller, onDuty: office, rosters: rosters)
  }

  private static func sighting(
    _ ticket: TicketFacts, _ view: OwnershipView, _ instant: Instant
  ) -> Sighting {
    let owner = view.owner(of: ticket)
    let touched = ticket.touches.contains {
      $0.slotStart == view.slot.start && $0.office == view.slot.office
        && $0.saw(ticket.placementDot)
    }
    let cover = view.board.cover(of: ticket.id)
    var waited: Int64?
    if owner.reason == .onDuty, ticket.placement.mode == .movesOn,
      ticket.grants.allSatisfy({ ($0.until ?? .zero) <= view.slot.staffedStart })
    {
      waited = instant - max(view.slot.staffedStart, ticket.placedAt)
    }
    return Sighting(
      ticket: ticket.id, owner: owner, slotOffice: view.slot.office, waited: waited,
      acceptWithin: view.slot.policy.acceptWithin,
      alarms: view.transit(of: ticket).alarms(at: instant),
      isProvablySeen: touched
        || (view.board.acceptance != nil && view.board.seen.contains(ticket.placementDot)),
      acceptedAfterCover: cover.map { cover in
        view.board.acceptance.map { $0.at > cover.at } ?? touched
      } ?? false)
  }
}
