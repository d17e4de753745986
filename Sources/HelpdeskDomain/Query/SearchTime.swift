// Times in searches: days, instants, and spans back from now.

internal import ReplicaCore

/// The time a term is compared with.
enum SearchTime: Hashable, Sendable {
  /// A whole day.
  case day(start: Instant)
  case instant(Instant)

  private static let daySpan: Int64 = 86_400_000

  /// Reads `2026-01-31`, `2026-01-31T08:00:00Z`, `2hours`, `3days`, `1week`, `today`.
  init?(_ text: String, now: Instant) {
    if let date = CivilDate(text) {
      self = .day(start: date.startUTC)
    } else if text.lowercased() == "today" {
      self = .day(start: Instant(seconds: now.seconds - Self.modulo(now.seconds, 86_400)))
    } else if let instant = Self.stamp(text) {
      self = .instant(instant)
    } else if let span = Self.span(text) {
      self = .instant(now + -span)
    } else {
      return nil
    }
  }

  /// The half-open bounds that a comparison stands for.
  func bounds(_ comparison: Comparison) -> [(Comparison, Instant)] {
    switch self {
    case .day(let start):
      let end = start + Self.daySpan
      return switch comparison {
      case .equal: [(.greaterOrEqual, start), (.less, end)]
      case .less: [(.less, start)]
      case .lessOrEqual: [(.less, end)]
      case .greater: [(.greaterOrEqual, end)]
      case .greaterOrEqual: [(.greaterOrEqual, start)]
      }
    case .instant(let instant):
      return [(comparison, instant)]
    }
  }

  private static func modulo(_ value: Int64, _ by: Int64) -> Int64 {
    let rest = value % by
    return rest < 0 ? rest + by : rest
  }

  private static func stamp(_ text: String) -> Instant? {
    let parts = text.uppercased().split(separator: "T", omittingEmptySubsequences: false)
    guard parts.count == 2, let date = CivilDate(String(parts[0])), parts[1].hasSuffix("Z") else {
      return nil
    }
    let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(clock.count), let hour = Digits.number(clock[0]),
      let minute = Digits.number(clock[1]),
      let second = clock.count == 3 ? Digits.number(clock[2]) : 0
    else { return nil }
    return date.at(hour: hour, minute: minute, second: second)
  }

  /// A span in milliseconds; months count 30 days, years 365.
  private static func span(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Digits.number(digits), count <= 100_000 else { return nil }
    let units: [(String, Int64)] = [
      ("minute", 60_000), ("hour", 3_600_000), ("day", daySpan), ("week", 7 * daySpan),
      ("month", 30 * daySpan), ("year", 365 * daySpan),
    ]
    var unit = text.dropFirst(digits.count).lowercased()
    if unit.hasSuffix("s") { unit.removeLast() }
    return units.first { $0.0 == unit }.map { $0.1 * Int64(count) }
  }
}
