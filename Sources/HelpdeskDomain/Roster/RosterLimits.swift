// The limits of rosters and ownership, in one place.

package import ReplicaCore

package enum RosterLimits {
  /// Publications carry the zones' offset changes from here …
  package static let zonesFrom = Instant(seconds: 1_704_067_200)  // 2024-01-01
  /// … to here; beyond it no roster holds and tickets are with their home office.
  package static let zonesUntil = Instant(seconds: 2_145_916_800)  // 2038-01-01
  /// The end of time: 100,000,000 days after 1970, as in ECMAScript.
  package static let latest = Instant(milliseconds: 8_640_000_000_000_000)
  /// Between publication and effect, unless it is an emergency, in milliseconds.
  package static let notice: Int64 = 24 * 3_600_000
  /// Added to the notice where no date is given, so that it is kept when the act is decided.
  package static let noticeMargin: Int64 = 10 * 60_000
  /// No publication may carry a later horizon.
  package static let farthestHorizon = Instant(seconds: 4_102_444_800)  // 2100-01-01
  /// Offices, groups, shifts in all, holidays, overrides of one roster.
  package static let offices = 200
  package static let groups = 1_000
  package static let shifts = 5_000
  package static let holidays = 20_000
  package static let overrides = 20_000
  /// `accept_within`, minutes.
  package static let acceptWithin = 1...1_440
  /// `max_stay`, hours.
  package static let maxStay = 1...336
  /// `start+N`, minutes.
  package static let handoverMinutes = 0...720
  /// The length of one shift, minutes.
  package static let shiftMinutes = 1...1_440
  /// The offset changes of one zone.
  package static let offsetChanges = 1_000
}
