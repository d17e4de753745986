// Where the system has no zone files, the rules that Foundation carries have to do.

internal import Foundation
package import ReplicaCore

extension ZoneOffsets {
  /// The changes as Foundation knows them; nil for an unknown zone.
  ///
  /// For publication only: nothing looks a zone up after that.
  package init?(
    foundation name: String, from: Instant = RosterLimits.zonesFrom,
    until: Instant = RosterLimits.zonesUntil
  ) {
    guard let zone = TimeZone(identifier: name) else { return nil }
    let end = Date(timeIntervalSince1970: Double(until.seconds))
    var date = Date(timeIntervalSince1970: Double(from.seconds))
    let initial = zone.secondsFromGMT(for: date)
    var changes: [Change] = []
    while changes.count < RosterLimits.offsetChanges,
      let next = zone.nextDaylightSavingTimeTransition(after: date), next > date, next < end
    {
      changes.append(
        Change(
          at: Instant(seconds: Int64(next.timeIntervalSince1970.rounded())),
          seconds: zone.secondsFromGMT(for: next)))
      date = next
    }
    self.init(initial: initial, changes: changes)
  }
}
