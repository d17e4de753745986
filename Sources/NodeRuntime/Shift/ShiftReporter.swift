// The shift report: who did what from the log, what stood on the board, what was dropped.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Reads the report of one office. It costs what was done in the shift, not what the desk holds.
struct ShiftReporter {
  /// Lines of each list.
  static let limit = 200
  /// Deltas that one report reads.
  static let deltas = 50_000
  /// Groups whose slots are looked at.
  private static let slots = 200

  let duty: DutyReading
  let office: OfficeID
  /// Roster time.
  let now: Instant
  let from: Instant
  /// The end of the shift, or now while it runs.
  let to: Instant
  let names: PeopleNames

  init(
    duty: DutyReading, office: OfficeID, now: Instant, span: (from: Instant, to: Instant)
  ) {
    self.duty = duty
    self.office = office
    self.now = now
    from = span.from
    to = min(span.to, now)
    names = PeopleNames(duty.view)
  }

  func report(warnings: [String]) throws -> ShiftReport {
    var report = ShiftReport(
      office: office.rawValue, from: WireTime(from), to: WireTime(to), at: WireTime(now),
      limit: Self.limit, warnings: warnings)
    let tally = try tally(&report)
    report.slots = try slots()
    try add(agents: tally, to: &report)
    report.held = try held(by: report.agents.filter { $0.openTickets > 0 })
    report.accepted = try lines(tally.accepted)
    report.covered = try lines(tally.covered)
    report.taken = try lines(tally.taken)
    report.handedOn = try lines((tally.handedOn + tally.received).sorted { $0.at < $1.at })
    report.notes = try lines(tally.notes)
    report.alarmed = try alarms()
    report.counts.workedTickets = tally.touched.count
    report.counts.acceptedByAct = tally.acceptedByAct.count
    report.counts.openTickets = try openTickets()
    try addDropped(tally, to: &report)
    return report
  }

  /// What was done, from the log.
  private func tally(_ report: inout ShiftReport) throws -> ShiftTally {
    var tally = ShiftTally(of: office)
    let entries = try duty.view.log(
      from: from + -duty.drill, to: to + -duty.drill, limit: Self.deltas)
    report.truncated = entries.count > Self.deltas
    for entry in entries.prefix(Self.deltas) where entry.void == nil {
      let header = entry.delta.header
      let author = try header.actor == .none ? nil : names.user(header.actor)?.office
      tally.add(entry.delta, by: author, at: header.hlc.instant + duty.drill)
    }
    return tally
  }

  private func slots() throws -> [ShiftReport.Slot] {
    var found: [ShiftReport.Slot] = []
    for (group, table) in duty.book.allTables {
      for slot in table.slots(from: from, to: to) where slot.office == office {
        guard found.count < Self.slots else { return found }
        let acceptance = duty.facts.board(ofSlotsAt: [slot.start]).board(of: slot).acceptance
        found.append(
          .init(
            group: group, start: WireTime(slot.start), end: WireTime(planned: slot.end),
            acceptedAt: acceptance.map { WireTime($0.at) },
            acceptedBy: try acceptance.flatMap { try names.user($0.agent)?.name }))
      }
    }
    return found
  }

  private func add(agents tally: ShiftTally, to report: inout ShiftReport) throws {
    let open = try duty.view.openTicketsByAssignee()
    let holders = try open.keys.filter { try names.user($0)?.office == office }
    var worked: [RowID: Int] = [:]
    for agents in tally.touched.values {
      for agent in agents { worked[agent, default: 0] += 1 }
    }
    for agent in Set(tally.acts.keys).union(holders).sorted() {
      let acts = tally.acts[agent] ?? [:]
      report.agents.append(
        .init(
          agentID: agent.rawValue, agent: try names.user(agent)?.name ?? "\(agent)",
          openTickets: open[agent] ?? 0, workedTickets: worked[agent] ?? 0,
          acts: Dictionary(uniqueKeysWithValues: acts.map { ($0.key.rawValue, $0.value) })))
      report.counts.acts += acts.values.reduce(0, +)
    }
    report.agents.sort {
      ($0.workedTickets, $0.openTickets) > ($1.workedTickets, $1.openTickets)
    }
    report.agents = Array(report.agents.prefix(Self.limit))
  }

  private func held(by agents: [ShiftReport.Agent]) throws -> [ShiftReport.Line] {
    let ids = agents.map { RowID($0.agentID) }
    return try duty.view.openTickets(assignedTo: ids, limit: Self.limit).compactMap { id in
      guard let ticket = try duty.view.ticket(id), let agent = ticket.assignee else { return nil }
      let note = try HandoffLines.Notes(of: id, duty).last
      return ShiftReport.Line(
        kind: ticket.status, ticketID: id.rawValue, subject: ticket.subject,
        agent: try names.user(agent)?.name, to: office.rawValue,
        note: note?.value(HandoffNoteColumn.text).text)
    }
  }

  private func lines(_ acts: [ShiftAct]) throws -> [ShiftReport.Line] {
    try acts.prefix(Self.limit).map { act in
      ShiftReport.Line(
        kind: act.kind.rawValue, at: WireTime(act.at), ticketID: act.ticket?.rawValue,
        subject: try act.ticket.flatMap { try duty.view.ticket($0)?.subject },
        agent: try names.user(act.agent)?.name, from: act.by.rawValue, to: act.to?.rawValue,
        note: act.note)
    }
  }

  /// Alarms about the office, as this node saw them.
  private func alarms() throws -> [ShiftReport.Line] {
    try duty.view.alarms(about: office, from: from, to: to, limit: Self.limit).map { alarm in
      let ended = alarm.endedAt.map { "ended at \(WireTime($0))" } ?? "stands"
      return ShiftReport.Line(
        kind: alarm.kind, at: WireTime(alarm.raisedAt), ticketID: alarm.ticket?.rawValue,
        subject: try alarm.ticket.flatMap { try duty.view.ticket($0)?.subject },
        to: alarm.office?.rawValue, note: "\(alarm.message) (\(ended))")
    }
  }

  /// The last instant that the report is about.
  var last: Instant { max(from, to + -1) }

  /// What the office answers for at the end, as far as it is open now.
  private func openTickets() throws -> Int {
    try duty.groups().reduce(0) { sum, group in
      let view = duty.ownership(group.id, at: last)
      return view.slot.office == office ? sum + (try duty.countAwake(group.id, view)) : sum
    }
  }
}

/// Users by id, each read once.
final class PeopleNames {
  private let view: ReadView
  private var known: [RowID: UserRecord?] = [:]

  init(_ view: ReadView) { self.view = view }

  /// Nil where there is none.
  func user(_ id: RowID) throws -> UserRecord? {
    if let known = known[id] { return known }
    let user = try view.user(id)
    known[id] = .some(user)
    return user
  }
}
