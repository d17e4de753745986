// Messages to people name instants as they read them.

package import ReplicaCore

extension Instant {
  /// `2026-01-14T08:30:00Z`, to the second, within what ``RosterLimits/latest`` allows.
  package var utcText: String {
    let latest = RosterLimits.latest.milliseconds
    let shown = Instant(milliseconds: Swift.min(Swift.max(milliseconds, -latest), latest))
    let date = CivilDate(utc: shown)
    let second = Int(shown.seconds - date.startUTC.seconds)
    let time = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, 2) }
    return "\(date)T\(time.joined(separator: ":"))Z"
  }
}
