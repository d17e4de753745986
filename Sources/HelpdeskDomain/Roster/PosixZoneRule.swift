// The last line of a zone file says how its clock goes on after the listed changes.

/// A POSIX `TZ` rule such as `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: IEEE Std 1003.1, Environment Variables; RFC 9636 section 3.3 (signed, longer times).
struct PosixZoneRule: Hashable, Sendable {
  /// When the clock changes in a year: a day and a local time.
  struct Turn: Hashable, Sendable {
    enum Day: Hashable, Sendable {
      /// 1 … 365, never counting 29 February.
      case julian(Int)
      /// 0 … 365, counting 29 February.
      case ordinal(Int)
      /// Month, week 1 … 5 (5 the last), weekday 0 … 6 from Sunday.
      case monthly(month: Int, week: Int, weekday: Int)
    }

    var day: Day
    /// Seconds after local midnight.
    var time: Int
  }

  struct Daylight: Hashable, Sendable {
    /// Seconds ahead of UTC.
    var seconds: Int
    var start: Turn
    var end: Turn
  }

  /// Seconds ahead of UTC.
  var standard: Int
  var daylight: Daylight?

  /// Nil where the text is not a rule.
  init?(_ text: String) {
    var reader = PosixReader(Array(text.utf8))
    guard reader.name(), let west = reader.time() else { return nil }
    standard = -west
    if reader.isAtEnd { return }
    guard reader.name() else { return nil }
    var summer = standard + 3_600
    if !reader.isNext(",") {
      guard let west = reader.time() else { return nil }
      summer = -west
    }
    guard reader.take(","), let start = reader.turn(), reader.take(","), let end = reader.turn(),
      reader.isAtEnd
    else { return nil }
    daylight = Daylight(seconds: summer, start: start, end: end)
  }

  /// The changes of one year as (UTC seconds, seconds ahead of UTC), in order.
  func changes(in year: Int) -> [(at: Int64, seconds: Int)] {
    guard let daylight else { return [] }
    let start = daylight.start.local(in: year) - Int64(standard)
    let end = daylight.end.local(in: year) - Int64(daylight.seconds)
    return [(start, daylight.seconds), (end, standard)].sorted { $0.0 < $1.0 }
  }
}

extension PosixZoneRule.Turn {
  /// Seconds since 1970-01-01T00:00 on the wall clock.
  func local(in year: Int) -> Int64 {
    let first = CivilDate(year: year, month: 1, day: 1) ?? CivilDate(dayNumber: 0)
    let date: CivilDate
    switch day {
    case .ordinal(let days): date = first.adding(days: days)
    case .julian(let number):
      let leap = CivilDate(year: year, month: 2, day: 29) != nil
      date = first.adding(days: number - 1 + (leap && number >= 60 ? 1 : 0))
    case .monthly(let month, let week, let weekday):
      let start = CivilDate(year: year, month: month, day: 1) ?? first
      let ahead = (weekday - start.weekday.rawValue % 7 + 7) % 7
      var found = start.adding(days: ahead + (week - 1) * 7)
      if found.parts.month != month { found = found.adding(days: -7) }
      date = found
    }
    return Int64(date.dayNumber) * 86_400 + Int64(time)
  }
}

private struct PosixReader {
  let bytes: [UInt8]
  var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }
  func isNext(_ character: Character) -> Bool {
    index < bytes.count && bytes[index] == character.asciiValue
  }
  mutating func take(_ character: Character) -> Bool {
    guard isNext(character) else { return false }
    index += 1
    return true
  }

  /// `CET` or `<+03>`.
  mutating func name() -> Bool {
    let start = index
    if take("<") {
      while index < bytes.count, !isNext(">") { index += 1 }
      return take(">") && index > start + 2
    }
    while index < bytes.count, (0x41...0x5A).contains(bytes[index] & 0xDF) { index += 1 }
    return index >= start + 3
  }

  mutating func number() -> Int? {
    let start = index
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
    return decimal(bytes[start..<index])
  }

  /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
  mutating func time() -> Int? {
    let negative = take("-")
    if !negative { _ = take("+") }
    guard var seconds = number().map({ $0 * 3_600 }) else { return nil }
    for unit in [60, 1] where take(":") {
      guard let part = number() else { return nil }
      seconds += part * unit
    }
    return negative ? -seconds : seconds
  }

  mutating func turn() -> PosixZoneRule.Turn? {
    let day: PosixZoneRule.Turn.Day
    if take("M") {
      guard let month = number(), take("."), let week = number(), take("."),
        let weekday = number(), (1...12).contains(month), (1...5).contains(week), weekday < 7
      else { return nil }
      day = .monthly(month: month, week: week, weekday: weekday)
    } else if take("J") {
      guard let number = number(), (1...365).contains(number) else { return nil }
      day = .julian(number)
    } else {
      guard let number = number(), number <= 365 else { return nil }
      day = .ordinal(number)
    }
    if take("/") {
      guard let time = time() else { return nil }
      return .init(day: day, time: time)
    }
    return .init(day: day, time: 7_200)
  }
}
