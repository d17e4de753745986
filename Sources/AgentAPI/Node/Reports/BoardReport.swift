// What waits at a boundary, ticket by ticket.

/// What was promised to a customer, by the last note that promised something.
package struct PromiseReport: Hashable, Sendable, Codable {
  package var text: String
  /// Null: to the requester.
  @Nullable package var to: String?
  package var until: WireTime
  /// The time is over.
  package var passed: Bool

  package init(text: String, to: String?, until: WireTime, passed: Bool) {
    self.text = text
    self.to = to
    self.until = until
    self.passed = passed
  }
}

/// A line of the handoff board.
package struct HandoffLine: Hashable, Sendable, Codable {
  package var ticketID: Int64
  @Nullable package var subject: String?
  package var status: String
  @Nullable package var priority: String?
  @Nullable package var groupID: Int64?
  @Nullable package var assigneeID: Int64?
  package var assigneeOffShift: Bool
  /// The office that was on duty before the line's boundary, or that sent the ticket back.
  @Nullable package var from: String?
  @Nullable package var to: String?
  @Nullable package var note: String?
  @Nullable package var nextAction: String?
  /// Null where nothing was promised.
  @Nullable package var promise: PromiseReport?
  /// Outgoing: worked on in this shift, and without a note of it. Else: without any note.
  package var noteMissing: Bool
  @Nullable package var dueAt: WireTime?
  /// Seconds from the line's boundary to ``dueAt``: what the office after it has left. Below 0 it
  /// was due before. Null without a due time, or where no boundary is planned.
  @Nullable package var dueLeftSeconds: Int64?
  /// In transit: when it alarms if nobody accepts.
  @Nullable package var alarmAt: WireTime?

  package init(
    ticketID: Int64, subject: String?, status: String, priority: String?, groupID: Int64?,
    assigneeID: Int64?, assigneeOffShift: Bool, from: String?, to: String?, note: String?,
    nextAction: String?, promise: PromiseReport?, noteMissing: Bool, dueAt: WireTime?,
    dueLeftSeconds: Int64?, alarmAt: WireTime?
  ) {
    self.ticketID = ticketID
    self.subject = subject
    self.status = status
    self.priority = priority
    self.groupID = groupID
    self.assigneeID = assigneeID
    self.assigneeOffShift = assigneeOffShift
    self.from = from
    self.to = to
    self.note = note
    self.nextAction = nextAction
    self.promise = promise
    self.noteMissing = noteMissing
    self.dueAt = dueAt
    self.dueLeftSeconds = dueLeftSeconds
    self.alarmAt = alarmAt
  }
}

/// The handoff board of an office.
package struct BoardReport: Hashable, Sendable, Codable {
  package var office: String
  package var at: WireTime
  package var onDuty: Bool
  @Nullable package var slotStart: WireTime?
  @Nullable package var slotEnd: WireTime?
  @Nullable package var acceptedAt: WireTime?
  /// What moves on to the next office.
  package var outgoing: [HandoffLine]
  /// What has moved here and is not yet provably seen.
  package var inTransit: [HandoffLine]
  package var accepted: [HandoffLine]
  package var sentBack: [HandoffLine]
  /// Offices whose notes may be missing, in words: "paris unreachable since …".
  package var warnings: [String]
  /// Lists are cut at this many lines; the counts are whole.
  package var limit: Int
  package var counts: Counts

  package struct Counts: Hashable, Sendable, Codable {
    package var outgoing: Int
    package var inTransit: Int
    package var accepted: Int
    package var sentBack: Int

    package init(outgoing: Int, inTransit: Int, accepted: Int, sentBack: Int) {
      self.outgoing = outgoing
      self.inTransit = inTransit
      self.accepted = accepted
      self.sentBack = sentBack
    }
  }

  package init(
    office: String, at: WireTime, onDuty: Bool, slotStart: WireTime?, slotEnd: WireTime?,
    acceptedAt: WireTime?, outgoing: [HandoffLine], inTransit: [HandoffLine],
    accepted: [HandoffLine], sentBack: [HandoffLine], warnings: [String], limit: Int,
    counts: Counts
  ) {
    self.office = office
    self.at = at
    self.onDuty = onDuty
    self.slotStart = slotStart
    self.slotEnd = slotEnd
    self.acceptedAt = acceptedAt
    self.outgoing = outgoing
    self.inTransit = inTransit
    self.accepted = accepted
    self.sentBack = sentBack
    self.warnings = warnings
    self.limit = limit
    self.counts = counts
  }
}

/// What comes to an office at its next boundary, as things stand now.
package struct ArrivalReport: Hashable, Sendable, Codable {
  /// What one group's boundary brings.
  package struct Boundary: Hashable, Sendable, Codable {
    @Nullable package var groupID: Int64?
    package var group: String
    package var at: WireTime
    /// The office on duty before; null where nobody is.
    @Nullable package var from: String?
    /// Tickets that move on, or stay and will be awake by then. Those that a running grant holds
    /// back are counted too; they are not among the lines.
    package var count: Int

    package init(groupID: Int64?, group: String, at: WireTime, from: String?, count: Int) {
      self.groupID = groupID
      self.group = group
      self.at = at
      self.from = from
      self.count = count
    }
  }

  package var office: String
  package var at: WireTime
  /// The earliest boundary; null where the roster gives the office none within a week.
  @Nullable package var boundaryAt: WireTime?
  package var boundaries: [Boundary]
  package var tickets: [HandoffLine]
  package var count: Int
  package var limit: Int
  package var warnings: [String]

  package init(
    office: String, at: WireTime, boundaryAt: WireTime?, boundaries: [Boundary],
    tickets: [HandoffLine], count: Int, limit: Int, warnings: [String]
  ) {
    self.office = office
    self.at = at
    self.boundaryAt = boundaryAt
    self.boundaries = boundaries
    self.tickets = tickets
    self.count = count
    self.limit = limit
    self.warnings = warnings
  }
}

// Notes and promises are for colleagues who work, not for viewers.

extension HandoffLine {
  fileprivate mutating func hideNotes() {
    note = nil
    nextAction = nil
    promise = nil
  }
}

extension BoardReport {
  mutating func hideNotes() {
    for list in [\Self.outgoing, \Self.inTransit, \Self.accepted, \Self.sentBack] {
      for index in self[keyPath: list].indices { self[keyPath: list][index].hideNotes() }
    }
  }
}

extension ArrivalReport {
  mutating func hideNotes() {
    for index in tickets.indices { tickets[index].hideNotes() }
  }
}
