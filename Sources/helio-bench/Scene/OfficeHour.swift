// When the clock of an office next shows an hour.

internal import Foundation

enum OfficeHour {
  /// Unix seconds of the first instant after `now` at which the zone's clock shows `hour`:00.
  static func next(_ hour: Int, in zone: String, after now: Int64) throws -> Int64 {
    var calendar = Calendar(identifier: .gregorian)
    guard let zone = TimeZone(identifier: zone) else {
      throw BenchFailure("this machine does not know the zone \(zone)")
    }
    calendar.timeZone = zone
    let found = calendar.nextDate(
      after: Date(timeIntervalSince1970: Double(now)),
      matching: DateComponents(hour: hour, minute: 0, second: 0), matchingPolicy: .nextTime)
    guard let found else { throw BenchFailure("no \(hour):00 in \(zone.identifier)") }
    return Int64(found.timeIntervalSince1970)
  }
}
