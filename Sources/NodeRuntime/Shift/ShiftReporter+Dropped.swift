// What fell down between two offices: not accepted, promised and not kept, given and not touched.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension ShiftReporter {
  /// Tickets of the office's boards, or due in the shift, that are looked at one by one; beyond,
  /// they are counted alone.
  private static let visited = 2_000
  /// Notes this much older than the shift still speak to it, in milliseconds.
  private static let noteAge: Int64 = 86_400_000

  func addDropped(_ tally: ShiftTally, to report: inout ShiftReport) throws {
    // Those for whom somebody asked this office to do something.
    var asked: [RowID: String] = [:]
    for act in tally.received {
      if let ticket = act.ticket { asked[ticket] = "\(act.kind.rawValue) by \(act.by)" }
    }
    var room = Self.visited
    for group in try duty.groups() {
      let view = duty.ownership(group.id, at: last)
      guard view.slot.office == office else { continue }
      try lookAtBoard(group.id, view, &room, &asked, &report)
    }
    if room == 0 {
      report.warnings.append(
        "of boards of more than \(Self.visited) tickets the first \(Self.visited) were looked at")
    }
    try addPromises(to: &report)
    let due = try duty.view.openTickets(
      dueFrom: from + -duty.drill, to: to + -duty.drill, limit: Self.visited)
    for ticket in due { asked[ticket] = asked[ticket] ?? "due in this shift" }
    try addUntouched(asked, tally, to: &report)
  }

  /// What moved here or came in and nobody accepted in time, whatever came later, and what came with
  /// a note; `room`: how many tickets may still be looked at.
  private func lookAtBoard(
    _ group: RowID, _ view: OwnershipView, _ room: inout Int, _ asked: inout [RowID: String],
    _ report: inout ShiftReport
  ) throws {
    let total = try duty.countAwake(group, view)
    var (seen, overdue) = (Set<RowID>(), 0)
    let before = duty.facts.previousOffice(before: view.slot, group: group)
    let most = room
    func look(_ ticket: TicketFacts) throws {
      guard ticket.placedAt < to, let due = duty.missedTime(ticket, view) else { return }
      overdue += 1
      // What came in, or into the group, while the office was on duty crossed no boundary.
      let moved = ticket.placedAt < view.slot.start
      try drop(
        "not_accepted", ticket.id, at: due, from: moved ? before : nil, to: office,
        (moved ? "moved here" : "came in during the shift") + " and was not accepted in time",
        &report)
    }
    try duty.visitAwake(group, view) { ticket in
      guard seen.count < most else { return false }
      seen.insert(ticket.id)
      try look(ticket)
      let notes = try HandoffLines.Notes(of: ticket.id, duty)
      if let at = notes.at, at >= from + -Self.noteAge, at < to, notes.office != office {
        asked[ticket.id] =
          asked[ticket.id] ?? "noted by \(notes.office?.rawValue ?? "another office")"
      }
      return true
    }
    let looked = seen.count
    // What was done since had to be accepted all the same.
    let done = try duty.view.ticketsDone(
      in: group, since: from + -duty.drill, limit: max(0, most - looked))
    for id in done where seen.insert(id).inserted {
      guard let ticket = duty.ticket(id) else { continue }
      if try wasDone(after: duty.missedTime(ticket, view), id) { try look(ticket) }
    }
    room -= seen.count
    // Where nobody accepted the board in time, what was not looked at waits like the rest.
    let then = duty.ownership(group, asOf: min(last, view.boardCoverFrom)).board
    let isLeft = then.acceptance == nil && then.cover == nil && last >= view.firstAlarm
    let rest = isLeft && (overdue > 0 || looked == 0) ? total - looked : 0
    report.counts.notAccepted += overdue + max(0, rest)
  }

  /// Whether a ticket that is done by now was so only after an instant.
  private func wasDone(after due: Instant?, _ id: RowID) throws -> Bool {
    guard let due, let record = try duty.view.ticket(id), !record.deleted, !record.isOpen else {
      return false
    }
    return (record.statusSince ?? record.updatedAt) + duty.drill > due
  }

  /// Promises whose time came in this shift, without a public word before it.
  private func addPromises(to report: inout ShiftReport) throws {
    for (_, note) in try duty.view.promises(from: from, to: to, limit: Self.visited) {
      guard let ticket = note.value(HandoffNoteColumn.ticket).integer.map({ RowID($0) }),
        let until = note.value(HandoffNoteColumn.promisedUntil).integer,
        let made = note.value(HandoffNoteColumn.at).integer,
        let facts = duty.ticket(ticket), let record = try duty.view.ticket(ticket),
        !record.deleted
      else { continue }
      let time = Instant(milliseconds: until)
      let holder = duty.ownership(facts.placement.group, at: time).owner(of: facts).office
      let maker = note.value(HandoffNoteColumn.office).text.map { OfficeID($0) }
      guard holder == office || maker == office else { continue }
      let since = record.statusSince ?? record.updatedAt
      let isSolved = !record.isOpen && since + duty.drill <= time
      let word = try duty.view.publicWord(
        on: ticket, from: Instant(milliseconds: made) + -duty.drill, to: time + (1 - duty.drill))
      guard !isSolved, word == nil else { continue }
      report.counts.promisesPassed += 1
      try drop(
        "promise_passed", ticket, at: time, from: maker, to: holder,
        note.value(HandoffNoteColumn.promise).text, &report)
    }
  }

  /// What somebody asked for, and no agent of the office touched.
  private func addUntouched(
    _ asked: [RowID: String], _ tally: ShiftTally, to report: inout ShiftReport
  ) throws {
    for (ticket, why) in asked.sorted(by: { $0.key < $1.key }) where tally.touched[ticket] == nil {
      guard let facts = duty.ticket(ticket), let record = try duty.view.ticket(ticket),
        record.isOpen
      else { continue }
      let view = duty.ownership(facts.placement.group, at: last)
      guard view.owner(of: facts).office == office else { continue }
      report.counts.nothingDone += 1
      try drop("nothing_done", ticket, at: nil, from: nil, to: office, why, &report)
    }
  }

  private func drop(
    _ kind: String, _ ticket: RowID, at: Instant?, from: OfficeID?, to: OfficeID?,
    _ note: String?, _ report: inout ShiftReport
  ) throws {
    guard report.dropped.filter({ $0.kind == kind }).count < Self.limit else { return }
    report.dropped.append(
      ShiftReport.Line(
        kind: kind, at: at.map { WireTime($0) }, ticketID: ticket.rawValue,
        subject: try duty.view.ticket(ticket)?.subject, from: from?.rawValue, to: to?.rawValue,
        note: note))
  }
}
