// The one reader and writer of times as people and clients write them, strict where Foundation is not.

internal import Foundation
package import ReplicaCore

extension Instant {
  /// What is read and written, in seconds: 1600-01-01T00:00:00Z, from where on Foundation has the
  /// calendar of ISO 8601, to 9999-12-31T23:59:59Z.
  package static let writableSeconds: ClosedRange<Int64> = -11_676_096_000...253_402_300_799

  /// `2026-09-18T23:25:58Z`: ISO 8601, UTC, whole seconds. What lies beyond ``writableSeconds``
  /// shows as their end: nobody could read it back.
  package var iso8601: String {
    let range = Self.writableSeconds
    let shown = Swift.min(Swift.max(seconds, range.lowerBound), range.upperBound)
    return Date(timeIntervalSince1970: Double(shown)).formatted(.iso8601)
  }

  /// Reads ISO 8601 with Z or an offset, with or without seconds and their fraction, or a plain date
  /// (midnight UTC); nil for anything else, and for days and times of day that there are none of.
  package init?(iso8601 text: String) {
    let text = Self.withSeconds(text)
    guard Self.isShaped(text), Self.isOnTheClock(text) else { return nil }
    let styles: [Date.ISO8601FormatStyle] = [
      .iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true),
      Date.ISO8601FormatStyle().year().month().day(),
    ]
    // A plain date must not be read out of the beginning of something longer.
    let usable = text.utf8.count == 10 ? styles[2...] : styles[..<2]
    for style in usable {
      guard let date = try? style.parse(text) else { continue }
      self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
      if Self.writableSeconds.contains(seconds) { return }
      return nil
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
