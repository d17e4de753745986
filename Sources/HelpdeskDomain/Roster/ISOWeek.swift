// Coverage is asked for by ISO week.

package import ReplicaCore

/// A week of ISO 8601: Monday to Sunday, week 1 holds the year's first Thursday.
package struct ISOWeek: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let year: Int
  package let week: Int

  /// Nil where the year has no such week.
  package init?(year: Int, week: Int) {
    guard (1970...9_999).contains(year), week >= 1,
      let monday = ISOWeek.monday(year: year, week: week),
      ISOWeek.numbers(monday) == (year, week)
    else { return nil }
    self.year = year
    self.week = week
  }

  /// From `2026-W12`.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 8, bytes[4] == 0x2D, bytes[5] == 0x57 || bytes[5] == 0x77,
      let year = decimal(bytes[0..<4]), let week = decimal(bytes[6..<8])
    else { return nil }
    self.init(year: year, week: week)
  }

  /// The week that a date lies in.
  package init(_ date: CivilDate) {
    (year, week) = ISOWeek.numbers(date)
  }

  package var monday: CivilDate {
    ISOWeek.monday(year: year, week: week) ?? CivilDate(dayNumber: 0)
  }
  /// Monday 00:00Z to the next Monday 00:00Z.
  package var range: Range<Instant> { monday.startUTC..<monday.adding(days: 7).startUTC }
  package var description: String { "\(padded(year, 4))-W\(padded(week, 2))" }

  package static func < (left: ISOWeek, right: ISOWeek) -> Bool { left.monday < right.monday }

  private static func numbers(_ date: CivilDate) -> (Int, Int) {
    let thursday = date.adding(days: 4 - date.weekday.rawValue)
    let year = thursday.year
    let first = CivilDate(year: year, month: 1, day: 1) ?? thursday
    return (year, (thursday.dayNumber - first.dayNumber) / 7 + 1)
  }

  private static func monday(year: Int, week: Int) -> CivilDate? {
    // 4 January is always in week 1.
    guard let fourth = CivilDate(year: year, month: 1, day: 4) else { return nil }
    return fourth.adding(days: 1 - fourth.weekday.rawValue + (week - 1) * 7)
  }
}
