// Acts on the whole board: publish a roster, accept, cover, and what a node has seen.

internal import ReplicaCore

extension Decider {
  func publishRoster(_ canonical: String) throws(Refusal) -> Decision {
    try require(.admin)
    guard canonical.utf8.count <= DeskLimits.publicationBytes else {
      throw .overLimit(
        limit: "bytes of a roster publication", value: Int64(canonical.utf8.count),
        maximum: Int64(DeskLimits.publicationBytes))
    }
    do throws(RosterRefusal) {
      let content = try RosterContent(canonical: canonical)
      try content.check(publishedAt: context.rosterNow)
      guard try content.canonicalJSON() == canonical else {
        throw .unreadable("the text is not in the canonical form")
      }
      guard content.number > facts.book.greatestNumber else { throw .badNumber(content.number) }
      let id = context.newID()
      var row = editor(Desk.roster, id)
      row.set(RosterColumn.number, .integer(content.number))
      row.set(RosterColumn.publication, canonical)
      return decision([row.change()], created: id)
    } catch {
      throw .invalid([FieldProblem("roster", .invalidValue, "roster: \(error)")])
    }
  }

  /// Accepts all groups' slots of the actor's office, with what this node has applied.
  func accept() throws(Refusal) -> Decision {
    try requireUser(.lead)
    try requireClock()
    let slots = try lawful { () throws(DutyRefusal) in
      try DutyLaw.mayAccept(
        office: actor.office, isLead: actor.role.mayLead, book: facts.book,
        at: context.rosterNow)
    }
    var changes: [RowChange?] = []
    for slot in slots {
      var row = acceptanceRow(of: slot)
      row.set(AcceptanceColumn.ticket, RowID.none)
      row.set(AcceptanceColumn.vector, SeenVector.value(view.reading.vector))
      changes.append(row.change())
    }
    return decision(changes)
  }

  func cover(_ ticket: RowID?) throws(Refusal) -> Decision {
    try requireUser(.lead)
    try requireClock()
    guard let ticket else { return try coverBoard() }
    let duty = self.duty(of: ticket, try liveTicket(ticket))
    try lawful { () throws(DutyRefusal) in
      try DutyLaw.mayCover(
        office: actor.office, isLead: actor.role.mayLead, ticket: duty.ticket, in: duty.view)
    }
    let touch = RowChange(RowRef(Desk.ticket, ticket), [])
    return decision([touch, coverRow(of: duty.view.slot, ticket: ticket).change()])
  }

  /// Covers the slots of all groups that wait for it.
  private func coverBoard() throws(Refusal) -> Decision {
    var changes: [RowChange?] = []
    var first: DutyRefusal?
    var known: Set<SlotKey> = []
    for (_, table) in facts.book.allTables {
      let slot = table.slot(at: context.rosterNow)
      let ownership = OwnershipView(
        at: context.rosterNow, table: table, board: facts.board(ofSlotsAt: [slot.start]),
        offices: facts.presentOffices)
      do throws(DutyRefusal) {
        try DutyLaw.mayCover(office: actor.office, isLead: actor.role.mayLead, in: ownership)
        if let key = SlotKey(slot), known.insert(key).inserted {
          changes.append(coverRow(of: slot, ticket: .none).change())
        }
      } catch {
        first = first ?? error
      }
    }
    if changes.isEmpty { throw refusal(first ?? .nothingToCover) }
    return decision(changes)
  }

  private func coverRow(of slot: DutySlot, ticket: RowID) -> RowEditor {
    var row = editor(Desk.cover, context.newID())
    row.set(CoverColumn.office, actor.office)
    row.set(CoverColumn.slotStart, slot.start)
    row.set(CoverColumn.roster, slot.roster)
    row.set(CoverColumn.ticket, ticket)
    row.set(CoverColumn.agent, actor.user)
    row.set(CoverColumn.at, context.rosterNow)
    row.set(CoverColumn.onDuty, slot.office)
    return row
  }

  /// What this node of the office on duty has applied, in each slot that was accepted; at most
  /// once a minute, and nothing where nothing came since.
  func recordSeen() throws(Refusal) -> Decision {
    guard isOperator else {
      throw .forbidden(.role(actor.role, needs: "the node itself"))
    }
    try requireClock()
    let duties = facts.book.duties(of: actor.office, at: context.rosterNow)
    let board = facts.board(ofSlotsAt: Set(duties.map(\.start)))
    let vector = view.reading.vector
    let own = context.dot.slot
    var changes: [RowChange?] = []
    for slot in duties {
      let known = board.board(of: slot)
      // The own entry before this one is nothing new.
      let isNew = vector.sorted.contains { entry in
        entry.seq > known.seen[entry.slot] + (entry.slot == own ? 1 : 0)
      }
      guard known.acceptance != nil, isNew, !wasSeenJustNow(slot.start) else { continue }
      var row = editor(Desk.seen, context.newID())
      row.set(SeenColumn.office, actor.office)
      row.set(SeenColumn.slotStart, slot.start)
      row.set(SeenColumn.at, context.rosterNow)
      row.set(SeenColumn.vector, SeenVector.value(vector))
      row.set(SeenColumn.roster, slot.roster)
      changes.append(row.change())
    }
    return decision(changes)
  }

  private func wasSeenJustNow(_ start: Instant) -> Bool {
    let entries = view.rows(of: Desk.seen, SeenColumn.slotStart, .integer(start.milliseconds))
    guard let last = entries.filter({ $0.slot == context.dot.slot }).max(),
      let at = view.row(Desk.seen, last).value(SeenColumn.at).integer
    else { return false }
    return context.rosterNow.milliseconds - at < DeskLimits.seenInterval
  }

  /// Accepting and covering rest on the time; a node that cannot trust its clock may not.
  private func requireClock() throws(Refusal) {
    if let drift = context.clockDrift { throw .clockUntrusted(driftMilliseconds: drift) }
  }

  func lawful<T>(_ body: () throws(DutyRefusal) -> T) throws(Refusal) -> T {
    do throws(DutyRefusal) {
      return try body()
    } catch {
      throw refusal(error)
    }
  }

  func refusal(_ duty: DutyRefusal) -> Refusal {
    duty.ownership.map { .ownership($0) }
      ?? .forbidden(.role(actor.role, needs: Need.lead.words))
  }
}
