// Shifts begin and end at a time on the wall clock of their office.

/// A wall clock time in minutes since midnight, 00:00 … 24:00.
package struct ClockTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let minutes: Int

  /// Nil outside 0 … 1,440.
  package init?(minutes: Int) {
    guard (0...1_440).contains(minutes) else { return nil }
    self.minutes = minutes
  }

  /// From `HH:MM` or `H:MM`; `24:00` is the end of the day.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 2, (1...2).contains(parts[0].count),
      let hour = decimal(ArraySlice(parts[0])), let minute = decimal(ArraySlice(parts[1])),
      minute < 60
    else { return nil }
    self.init(minutes: hour * 60 + minute)
  }

  /// The time of day `minutes` after midnight, wrapped into one day.
  static func wrapped(_ minutes: Int) -> ClockTime {
    ClockTime(within: (minutes % 1_440 + 1_440) % 1_440)
  }

  private init(within minutes: Int) { self.minutes = minutes }

  package var seconds: Int64 { Int64(minutes) * 60 }
  package var description: String { "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))" }

  package static func < (left: ClockTime, right: ClockTime) -> Bool {
    left.minutes < right.minutes
  }
}

extension ClockTime: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let time = ClockTime(text) else {
      throw malformed(decoder, "\"\(text)\" is no time of day; write it as \"08:30\"")
    }
    self = time
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
