// Days of the week as people write them in a roster file.

/// A day of the ISO week, Monday first.
package enum Weekday: Int, Hashable, Comparable, Sendable, CaseIterable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday

  /// `mon` … `sun`.
  package var code: String {
    switch self {
    case .monday: "mon"
    case .tuesday: "tue"
    case .wednesday: "wed"
    case .thursday: "thu"
    case .friday: "fri"
    case .saturday: "sat"
    case .sunday: "sun"
    }
  }

  package init?(code: String) {
    guard let day = Weekday.allCases.first(where: { $0.code == code.lowercased() }) else {
      return nil
    }
    self = day
  }

  package static func < (left: Weekday, right: Weekday) -> Bool { left.rawValue < right.rawValue }

  /// The days that a text names: `mon`, a span such as `mon-fri` or `sat-tue`, or `daily`.
  package static func days(in text: String) -> [Weekday]? {
    if text.lowercased() == "daily" { return Weekday.allCases }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard let first = ends.first.flatMap(Weekday.init(code:)) else { return nil }
    if ends.count == 1 { return [first] }
    guard ends.count == 2, let last = Weekday(code: ends[1]) else { return nil }
    var days = [first]
    var day = first.rawValue
    while day != last.rawValue {
      day = day % 7 + 1
      days.append(Weekday.allCases[day - 1])
    }
    return days
  }
}
