// Who owns what, and what waits at the boundary.

/// Who is on duty for a group.
package struct DutyReport: Hashable, Sendable, Codable {
  @Nullable package var groupID: Int64?
  package var group: String
  package var office: String
  package var since: WireTime
  /// Null where the roster plans no other office.
  @Nullable package var until: WireTime?
  /// The slot began in a gap of the roster; its timers count from `staffedFrom`.
  package var staffedFrom: WireTime
  package var accepted: Bool
  @Nullable package var next: String?

  package init(
    groupID: Int64?, group: String, office: String, since: WireTime, until: WireTime?,
    staffedFrom: WireTime, accepted: Bool, next: String?
  ) {
    self.groupID = groupID
    self.group = group
    self.office = office
    self.since = since
    self.until = until
    self.staffedFrom = staffedFrom
    self.accepted = accepted
    self.next = next
  }
}

/// The owner of a ticket at a time.
package struct OwnershipReport: Hashable, Sendable, Codable {
  package var ticketID: Int64
  package var at: WireTime
  package var office: String
  /// `grant`, `home`, `accepted`, `covered` or `duty`.
  package var reason: String
  /// The ticket moves on at the boundary; false: it stays at home.
  package var movesOn: Bool
  package var home: String
  @Nullable package var wakeAt: WireTime?
  @Nullable package var assigneeID: Int64?
  /// The assignee's office is off shift.
  package var assigneeOffShift: Bool
  /// Not yet provably seen by the office on duty.
  package var inTransit: Bool
  /// When the owner changes if nobody acts; null where nothing is planned.
  @Nullable package var until: WireTime?
  /// The fencing token, comparable as text on equal nodes only.
  package var token: String

  package init(
    ticketID: Int64, at: WireTime, office: String, reason: String, movesOn: Bool, home: String,
    wakeAt: WireTime?, assigneeID: Int64?, assigneeOffShift: Bool, inTransit: Bool,
    until: WireTime?, token: String
  ) {
    self.ticketID = ticketID
    self.at = at
    self.office = office
    self.reason = reason
    self.movesOn = movesOn
    self.home = home
    self.wakeAt = wakeAt
    self.assigneeID = assigneeID
    self.assigneeOffShift = assigneeOffShift
    self.inTransit = inTransit
    self.until = until
    self.token = token
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
  @Nullable package var from: String?
  @Nullable package var to: String?
  @Nullable package var note: String?
  @Nullable package var nextAction: String?
  /// Worked on in this shift, moves on, and has no note.
  package var noteMissing: Bool
  @Nullable package var dueAt: WireTime?
  /// In transit: when it alarms if nobody accepts.
  @Nullable package var alarmAt: WireTime?

  package init(
    ticketID: Int64, subject: String?, status: String, priority: String?, groupID: Int64?,
    assigneeID: Int64?, assigneeOffShift: Bool, from: String?, to: String?, note: String?,
    nextAction: String?, noteMissing: Bool, dueAt: WireTime?, alarmAt: WireTime?
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
    self.noteMissing = noteMissing
    self.dueAt = dueAt
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

extension BoardReport {
  /// Notes are for colleagues who work, not for viewers.
  mutating func hideNotes() {
    for list in [\Self.outgoing, \Self.inTransit, \Self.accepted, \Self.sentBack] {
      for index in self[keyPath: list].indices {
        self[keyPath: list][index].note = nil
        self[keyPath: list][index].nextAction = nil
      }
    }
  }
}
