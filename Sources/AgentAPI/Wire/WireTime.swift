// Times on the wire are whole seconds in UTC: 2026-09-18T23:25:58Z.

internal import Foundation
internal import HelpdeskDomain
package import ReplicaCore

/// A time as JSON shows it.
package struct WireTime: Hashable, Sendable, Codable, CustomStringConvertible {
  package var instant: Instant

  package init(_ instant: Instant) { self.instant = instant }

  /// Nil for the end of time, which stands where nothing is planned.
  package init?(planned instant: Instant) {
    guard instant < RosterLimits.latest else { return nil }
    self.init(instant)
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let instant = Self.parse(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "not a time: write \(Self.example)"))
    }
    self.init(instant)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package var description: String { Self.text(instant) }

  static let example = "2026-09-18T23:25:58Z"
  /// What is read: 1600-01-01T00:00:00Z, from where on Foundation has the calendar of ISO 8601, to
  /// 9999-12-31T23:59:59Z.
  static let seconds: ClosedRange<Int64> = -11_676_096_000...253_402_300_799

  /// The instant in ISO 8601, UTC, whole seconds. What a delta holds beyond ``seconds`` shows as
  /// their end: nobody could read it back.
  package static func text(_ instant: Instant) -> String {
    let shown = min(max(instant.seconds, seconds.lowerBound), seconds.upperBound)
    return Date(timeIntervalSince1970: Double(shown)).formatted(.iso8601)
  }

  /// Reads ISO 8601 with an offset, with or without seconds and their fraction, or a plain date
  /// (midnight UTC).
  package static func parse(_ text: String) -> Instant? {
    let text = withSeconds(text)
    guard isShaped(text), isOnTheClock(text) else { return nil }
    let styles: [Date.ISO8601FormatStyle] = [
      .iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true),
      Date.ISO8601FormatStyle().year().month().day(),
    ]
    // A plain date must not be read out of the beginning of something longer.
    let usable = text.utf8.count == 10 ? styles[2...] : styles[..<2]
    for style in usable {
      if let date = try? style.parse(text) {
        let instant = Instant(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
        return seconds.contains(instant.seconds) ? instant : nil
      }
    }
    return nil
  }

  /// `2026-09-18T23:25Z` as `2026-09-18T23:25:00Z`; all else as it is.
  private static func withSeconds(_ text: String) -> String {
    let characters = Array(text)
    guard characters.count > 16, characters[10] == "T", characters[13] == ":",
      ["Z", "+", "-"].contains(characters[16])
    else { return text }
    return String(characters[..<16]) + ":00" + String(characters[16...])
  }

  /// Whether it is a date, or a date, a time of day, perhaps a fraction, and Z or an offset, and
  /// nothing else. Foundation reads `23:25:509-18T23:25:58Z` as 509 seconds and an offset.
  private static func isShaped(_ text: String) -> Bool {
    let shape = String(text.map { $0.isASCII && $0.isWholeNumber ? "0" : $0 })
    guard shape != "0000-00-00" else { return true }
    guard shape.hasPrefix("0000-00-00T00:00:00") else { return false }
    var zone = shape.dropFirst(19)
    if zone.hasPrefix(".0") { zone = zone.dropFirst().drop { $0 == "0" } }
    return ["Z", "+00:00", "-00:00", "+0000", "-0000", "+00", "-00"].contains(zone)
  }

  /// Foundation reads 31 February as 3 March, 99 o'clock as four days later, and years that
  /// cannot be written back.
  private static func isOnTheClock(_ text: String) -> Bool {
    guard CivilDate(String(text.prefix(10))) != nil else { return false }
    let clock = text.dropFirst(11).prefix(8).split(separator: ":")
    return zip(clock, [23, 59, 60]).allSatisfy { (UInt8($0) ?? .max) <= $1 }
  }
}
