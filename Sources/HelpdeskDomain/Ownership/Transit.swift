// Whether the office on duty has provably seen a ticket, and when somebody must be alarmed.

package import ReplicaCore

/// Where a ticket stands in the hand-over of the running slot.
package struct Transit: Hashable, Sendable {
  package enum Status: Hashable, Sendable {
    /// Nobody has to accept it: it is at home, or held by a grant.
    case notAsked
    case accepted(Dot)
    case covered(by: OfficeID, Dot)
    /// The slot is not staffed yet: the timer waits.
    case waiting
    /// In transit: the timer runs.
    case running
    /// Nobody accepted it in time.
    case overdue
  }

  package var status: Status
  /// From when the staffed time counts.
  package var since: Instant
  /// Staffed time used so far, in milliseconds.
  package var used: Int64
  /// The alarm is due, if nobody accepts or covers before; nil where nothing is asked.
  package var alarmAt: Instant?
  /// The fallback may cover the ticket from here; nil where nothing is asked or there is none.
  package var coverFrom: Instant?

  /// Whether an alarm is due now.
  package func alarms(at instant: Instant) -> Bool { alarmAt.map { $0 <= instant } ?? false }
}

extension OwnershipView {
  /// How long before the end of a slot the alarm goes off at the latest, in milliseconds.
  private static let lastCall: Int64 = 1_000

  /// The hand-over of a ticket at this view's instant.
  ///
  /// The timer counts from the staffed start of the slot or, if later, from when the ticket was
  /// placed, woke, or its last grant ended; it never reaches past the slot.
  package func transit(of ticket: TicketFacts) -> Transit {
    let owner = owner(of: ticket)
    let since = transitStart(of: ticket)
    let used = max(0, at - since)
    switch owner.reason {
    case .grant, .stays, .noRoster, .removed:
      return Transit(status: .notAsked, since: since, used: 0)
    case .accepted(let dot):
      return Transit(status: .accepted(dot), since: since, used: used)
    case .covered(let dot):
      return Transit(status: .covered(by: owner.office, dot), since: since, used: used)
    case .onDuty: break
    }
    let due = transitDue(since: since)
    var alarm = due
    if ticket.isUrgent {
      // Urgent tickets do not wait for somebody to open.
      alarm = min(due, max(slot.start, ticket.placedAt) + slot.policy.acceptWithin)
    }
    let status: Transit.Status =
      at < slot.staffedStart ? .waiting : at < due ? .running : .overdue
    let fallback = slot.policy.fallback
    let mayCover = fallback != nil && fallback != slot.office
    return Transit(
      status: status, since: since, used: used, alarmAt: alarm, coverFrom: mayCover ? due : nil)
  }

  /// Until when the ticket had to be accepted, as if nobody had accepted or covered it, nor held it
  /// by a later act; nil where nothing was asked, or the time is not over.
  package func missedTime(of ticket: TicketFacts) -> Instant? {
    var facts = ticket
    (facts.touches, facts.grants) = ([], [])
    let bare = OwnershipView(at: at, table: table, board: BoardFacts(), offices: offices)
    for next in ticket.grants.sorted(by: { $0.at < $1.at }) {
      if let due = bare.overdueSince(facts), due < next.at { return due }
      facts.grants.append(next)
    }
    return bare.overdueSince(facts)
  }

  private func overdueSince(_ ticket: TicketFacts) -> Instant? {
    let transit = transit(of: ticket)
    return transit.status == .overdue ? transitDue(since: transit.since) : nil
  }

  private func transitStart(of ticket: TicketFacts) -> Instant {
    var since = max(slot.staffedStart, ticket.placedAt)
    if let woken = wokenAt(ticket) { since = max(since, woken) }
    for grant in ticket.grants where grant.counts(in: slot, group: ticket.placement.group) {
      if let until = grant.until, until <= at { since = max(since, until) }
    }
    return since
  }

  /// `accept_within` after `since`, or just before the slot ends.
  private func transitDue(since: Instant) -> Instant {
    let last = max(slot.start, slot.end + -OwnershipView.lastCall)
    return min(since + slot.policy.acceptWithin, last)
  }

  /// No ticket of this slot alarms before: urgent ones do not wait for somebody to open.
  package var firstAlarm: Instant {
    min(boardCoverFrom, slot.start + slot.policy.acceptWithin)
  }

  /// From when on the fallback may cover the whole board: nobody has accepted it in time.
  package var boardCoverFrom: Instant { transitDue(since: slot.staffedStart) }
}
