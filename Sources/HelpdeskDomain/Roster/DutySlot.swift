// A duty slot: for one group, one office answers from one instant to another.

package import ReplicaCore

/// What a group's rules say about ownership, in force during a slot.
package struct DutyPolicy: Hashable, Sendable {
  /// Milliseconds.
  package var acceptWithin: Int64
  package var fallback: OfficeID?
  /// Milliseconds.
  package var maxStay: Int64
  package var handover: Handover
  package var promise: CoveragePromise

  init(_ rules: RosterRules, _ group: GroupRules) {
    // Held within the limits here too: a publication that breaks them must not trap a node.
    let accept = group.acceptWithin ?? rules.acceptWithin
    acceptWithin = Int64(RosterLimits.acceptWithin.nearest(to: accept)) * 60_000
    fallback = group.fallback ?? rules.fallback
    maxStay = Int64(RosterLimits.maxStay.nearest(to: group.maxStay ?? rules.maxStay)) * 3_600_000
    handover = group.handover ?? rules.handover
    promise = group.promise ?? rules.promise
  }

  private init() {
    acceptWithin = 0
    maxStay = 0
    handover = .usual
    promise = .none
  }

  /// Where no roster holds.
  static let none = DutyPolicy()
}

/// One slot of a group.
package struct DutySlot: Hashable, Sendable {
  /// ``RosterVersion/none`` where no roster holds.
  package var version: RosterVersion
  /// The publication's row; ``RowID/none`` where no roster holds.
  package var roster: RowID
  /// The office on duty; nil: each ticket's home office.
  package var office: OfficeID?
  package var start: Instant
  package var end: Instant
  /// From here on the office is staffed; before it, the slot is a gap.
  package var staffedStart: Instant
  /// End of the office's window, which may reach past the slot.
  package var windowEnd: Instant
  /// E-mail of the lead of the crew that takes over.
  package var lead: String?
  package var languages: [String]
  package var policy: DutyPolicy

  package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }
  package func isStaffed(at instant: Instant) -> Bool {
    office != nil && staffedStart <= instant && instant < windowEnd
  }
}

extension ClosedRange<Int> {
  func nearest(to value: Int) -> Int { Swift.min(Swift.max(value, lowerBound), upperBound) }
}
