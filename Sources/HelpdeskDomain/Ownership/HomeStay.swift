// A staying ticket wakes when its home stays closed for too long.

internal import ReplicaCore

/// What the hours of a home office mean for its staying tickets, at an instant in a slot.
struct HomeStay: Hashable, Sendable {
  /// From here on tickets are awake, for the rest of the slot.
  var wokenAt: Instant?
  /// The next instant at which they wake.
  var nextWake: Instant?

  /// How far ahead the next wake is looked for, in milliseconds.
  private static let ahead: Int64 = 16 * 86_400_000

  /// Tickets wake `max_stay` after the home office closed, unless it opened before, and sleep
  /// again from the first slot that begins while it is open, or closed for not so long: never in
  /// the middle of a slot, so that the token does not go back.
  init(home: OfficeID, slot: DutySlot, at instant: Instant, in segment: DutyTable.Segment) {
    guard let plan = segment.plan, slot.office != nil else { return }
    let hours = [plan, segment.officeHours].compactMap { $0 }.first { $0.staffed.contains(home) }
    let start = slot.start.milliseconds
    let windows =
      hours?.windowsWithPrevious(of: home, from: start, to: instant.milliseconds + HomeStay.ahead)
      ?? []
    func consider(_ from: Int64, _ to: Int64) {
      let wake = from + slot.policy.maxStay
      guard wake < to, to > start else { return }
      let effective = Instant(milliseconds: max(wake, start))
      if effective <= instant {
        wokenAt = wokenAt ?? effective
      } else {
        nextWake = nextWake ?? effective
      }
    }
    // Before the first known window, the home counts as closed since the roster took effect.
    var closed = segment.start.milliseconds
    for window in windows {
      consider(closed, window.start)
      closed = window.end
    }
    consider(closed, .max)
  }
}
