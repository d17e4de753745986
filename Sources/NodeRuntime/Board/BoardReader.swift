// The handoff board of an office: outgoing, in transit, accepted, sent back.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Reads the board of one office at one roster time.
struct BoardReader {
  /// Lines of each list that a board shows; the counts are whole.
  static let limit = 200
  /// For so long a ticket that was sent back is shown as such, in milliseconds: a week.
  private static let sentBackAge: Int64 = 7 * 86_400_000
  /// Grants that are looked at for them, the newest first.
  private static let grants = 5_000

  let duty: DutyReading
  let office: OfficeID
  let now: Instant

  private struct Lists {
    var outgoing: [HandoffLine] = []
    var inTransit: [HandoffLine] = []
    var accepted: [HandoffLine] = []
    var sentBack: [HandoffLine] = []
    var counts = BoardReport.Counts(outgoing: 0, inTransit: 0, accepted: 0, sentBack: 0)

    /// Whether a ticket of a board that is accepted, or is not yet, may still get a line.
    func hasRoom(isAccepted: Bool) -> Bool {
      outgoing.count < BoardReader.limit
        || (isAccepted ? accepted : inTransit).count < BoardReader.limit
    }
  }

  func report(warnings: [String]) throws -> BoardReport {
    var lists = Lists()
    var slot: DutySlot?
    var acceptedAt: Instant?
    for group in try duty.groups() {
      let view = duty.ownership(group.id, at: now)
      guard view.slot.office == office else { continue }
      slot = slot ?? view.slot
      acceptedAt = acceptedAt ?? view.board.acceptance?.at
      try add(group.id, view, to: &lists)
    }
    try addSentBack(to: &lists)
    return BoardReport(
      office: office.rawValue, at: WireTime(now), onDuty: slot != nil,
      slotStart: slot.map { WireTime($0.start) },
      slotEnd: slot.flatMap { WireTime(planned: $0.end) },
      acceptedAt: acceptedAt.map { WireTime($0) }, outgoing: lists.outgoing,
      inTransit: lists.inTransit, accepted: lists.accepted, sentBack: lists.sentBack,
      warnings: warnings, limit: Self.limit, counts: lists.counts)
  }

  /// Tickets of a group that move on or woke: they are this office's in this slot.
  private func add(_ group: RowID, _ view: OwnershipView, to lists: inout Lists) throws {
    let total = try duty.countAwake(group, view)
    guard total > 0 else { return }
    let isAccepted = view.board.acceptance != nil
    let unseen = isAccepted ? try duty.unseen(group, view) : []
    lists.counts.outgoing += total
    lists.counts.inTransit += isAccepted ? unseen.count : total
    lists.counts.accepted += isAccepted ? total - unseen.count : 0
    let missing = Set(unseen.map(\.0.id))
    let next = duty.facts.nextOffice(after: view.slot, group: group)
    let lines = lines(of: group, view.slot)
    for (record, transit) in unseen where lists.inTransit.count < Self.limit {
      lists.inTransit.append(lines.incoming(try lines.read(record), transit))
    }
    for id in try duty.awake(group, view, limit: Self.limit) {
      // Of many groups the first fill the lists; what has no room is not read.
      guard lists.hasRoom(isAccepted: isAccepted) else { break }
      guard let facts = duty.ticket(id), let record = try duty.view.ticket(id) else { continue }
      let transit = view.transit(of: facts)
      let read = try lines.read(record)
      if !missing.contains(id) {
        if case .accepted = transit.status {
          if lists.accepted.count < Self.limit {
            lists.accepted.append(lines.incoming(read, transit))
          }
        } else if lists.inTransit.count < Self.limit, !isAccepted {
          lists.inTransit.append(lines.incoming(read, transit))
        }
      }
      if lists.outgoing.count < Self.limit {
        lists.outgoing.append(lines.outgoing(read, transit, to: next))
      }
    }
  }

  private func lines(of group: RowID, _ slot: DutySlot) -> HandoffLines {
    HandoffLines(
      duty: duty, now: now, slot: slot,
      before: duty.facts.previousOffice(before: slot, group: group))
  }

  /// Tickets that a *send back* of the last week left with this office's next lead: until somebody
  /// takes them or hands them on.
  private func addSentBack(to lists: inout Lists) throws {
    let recent = try duty.view.rows(
      Desk.grant, column: GrantColumn.at, from: now.milliseconds - Self.sentBackAge,
      newest: Self.grants)
    for (_, state) in recent.reversed() where isSentBack(state) {
      guard let ticket = state.value(GrantColumn.ticket).integer,
        let facts = duty.ticket(RowID(ticket)), isLast(state, of: facts),
        let record = try duty.view.ticket(facts.id), record.isOpen
      else { continue }
      lists.counts.sentBack += 1
      guard lists.sentBack.count < Self.limit else { continue }
      let group = facts.placement.group
      let view = duty.ownership(group, at: now)
      let lines = lines(of: group, view.slot)
      var line = lines.incoming(try lines.read(record), view.transit(of: facts))
      line.from = try author(of: state)?.rawValue ?? line.from
      line.to = office.rawValue
      line.note = state.value(GrantColumn.note).text ?? line.note
      lists.sentBack.append(line)
    }
  }

  private func isSentBack(_ grant: RowState) -> Bool {
    grant.value(GrantColumn.kind) == .text(OwnershipGrant.Kind.sendBack.rawValue)
      && grant.value(GrantColumn.office) == .text(office.rawValue)
  }

  /// Whether no later act moved the ticket.
  private func isLast(_ grant: RowState, of ticket: TicketFacts) -> Bool {
    let dot = grant.cells[CellKey(GrantColumn.kind)]?.register?.winner?.stamp.dot
    return ticket.lastGrant?.dot == dot
  }

  /// The office of the agent who sent a ticket back.
  private func author(of grant: RowState) throws -> OfficeID? {
    let write = grant.cells[CellKey(GrantColumn.kind)]?.register?.winner
    guard let dot = write?.stamp.dot else { return nil }
    return try duty.view.user(try duty.view.author(dot))?.office
  }
}
