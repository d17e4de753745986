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
