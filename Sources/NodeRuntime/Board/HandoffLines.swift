// One ticket on a board: its note, what was promised, how much time is left at the boundary.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Writes the lines of one group's board in one duty slot.
struct HandoffLines {
  let duty: DutyReading
  /// Roster time.
  let now: Instant
  let slot: DutySlot
  /// The office on duty before.
  let before: OfficeID?

  /// What the lines of one ticket need, read once: it may be on two lists.
  struct Read {
    let record: TicketRecord
    let notes: Notes
    let isOffShift: Bool
  }

  func read(_ record: TicketRecord) throws -> Read {
    Read(
      record: record, notes: try Notes(of: record.id, duty),
      isOffShift: try duty.isOffShift(record.assignee, at: now))
  }

  /// A ticket that came over the boundary at which the slot began.
  func incoming(_ read: Read, _ transit: Transit) -> HandoffLine {
    var line = line(read, boundary: slot.start, transit)
    line.from = (before ?? read.notes.office)?.rawValue
    line.to = slot.office?.rawValue
    line.noteMissing = read.notes.last == nil
    return line
  }

  /// A ticket that moves on at the end of the slot.
  func outgoing(_ read: Read, _ transit: Transit, to next: OfficeID?) -> HandoffLine {
    let end = slot.end < RosterLimits.latest ? slot.end : nil
    var line = line(read, boundary: end, transit)
    line.from = slot.office?.rawValue
    line.to = next?.rawValue
    let isWorked = read.record.updatedAt + duty.drill >= slot.start
    line.noteMissing = isWorked && (read.notes.at ?? .zero) < slot.start
    return line
  }

  private func line(_ read: Read, boundary: Instant?, _ transit: Transit) -> HandoffLine {
    let (record, notes) = (read.record, read.notes)
    // A due time is by the clock, a boundary by roster time.
    let due = record.dueAt.map { $0 + duty.drill }
    let left = due.flatMap { due in boundary.map { (due - $0) / 1_000 } }
    return HandoffLine(
      ticketID: record.id.rawValue, subject: record.subject, status: record.status,
      priority: record.priority, groupID: record.group?.rawValue,
      assigneeID: record.assignee?.rawValue, assigneeOffShift: read.isOffShift, from: nil, to: nil,
      note: notes.last?.value(HandoffNoteColumn.text).text,
      nextAction: notes.last?.value(HandoffNoteColumn.nextAction).text,
      promise: notes.promise(at: now), noteMissing: false,
      dueAt: record.dueAt.map { WireTime($0) }, dueLeftSeconds: left,
      alarmAt: transit.alarmAt.map { WireTime($0) })
  }

  /// The hand-off notes of a ticket.
  struct Notes {
    let all: [RowState]

    init(of ticket: RowID, _ duty: DutyReading) throws {
      // By id where two were made in one instant, so that every node shows the same last one.
      all = try duty.view.rows(
        Desk.handoffNote, column: HandoffNoteColumn.ticket, equals: .integer(ticket.rawValue)
      ).sorted { (Self.at($0.1), $0.0) < (Self.at($1.1), $1.0) }.map(\.1)
    }

    var last: RowState? { all.last }
    var office: OfficeID? {
      last?.value(HandoffNoteColumn.office).text.map { OfficeID($0) }
    }
    /// Roster time of the last one.
    var at: Instant? { last.map { Instant(milliseconds: Self.at($0)) } }

    /// The last thing that was promised.
    func promise(at now: Instant) -> PromiseReport? {
      let note = all.last { !$0.value(HandoffNoteColumn.promise).isNull }
      guard let note, let text = note.value(HandoffNoteColumn.promise).text,
        let until = note.value(HandoffNoteColumn.promisedUntil).integer
      else { return nil }
      return PromiseReport(
        text: text, to: note.value(HandoffNoteColumn.promisedTo).text,
        until: WireTime(Instant(milliseconds: until)), passed: until <= now.milliseconds)
    }

    private static func at(_ note: RowState) -> Int64 {
      note.value(HandoffNoteColumn.at).integer ?? 0
    }
  }
}
