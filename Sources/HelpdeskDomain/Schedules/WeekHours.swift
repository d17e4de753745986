// The hours of a week in which a desk works, as business-hour schedules have them.

/// Intervals in minutes since Sunday 00:00 of the schedule's zone.
package struct WeekHours: Hashable, Sendable {
  package struct Interval: Hashable, Sendable {
    package var start: Int
    package var end: Int

    package init(start: Int, end: Int) {
      self.start = start
      self.end = end
    }
  }

  package static let day = 1_440
  package static let week = 7 * day

  package var intervals: [Interval]

  package init(_ intervals: [Interval]) { self.intervals = intervals }

  /// Monday to Friday, 9 to 17: what a schedule has that nobody gave hours.
  package static let usual = WeekHours(
    (1...5).map { Interval(start: $0 * day + 540, end: $0 * day + 1_020) })

  /// Reads `1980-2460,3420-3900`; nil where it is none.
  package init?(stored text: String) {
    var read: [Interval] = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-").map { Int($0) }
      guard ends.count == 2, let start = ends[0], let end = ends[1] else { return nil }
      read.append(Interval(start: start, end: end))
    }
    self.init(read)
  }

  /// As the column holds it.
  package var stored: String {
    intervals.map { "\($0.start)-\($0.end)" }.joined(separator: ",")
  }

  /// The intervals in order; problems are named by their place in the list as it was given.
  func checked(_ checks: inout FieldChecks) -> WeekHours {
    if intervals.count > DeskLimits.scheduleIntervals {
      checks.add(
        "intervals", .tooLong,
        "intervals: \(intervals.count) given, at most \(DeskLimits.scheduleIntervals)")
      return self
    }
    for (index, interval) in intervals.enumerated() {
      let place = "intervals[\(index)]"
      guard (0..<Self.week).contains(interval.start) else {
        checks.add(
          "\(place).start_time", .invalidValue,
          "\(place).start_time: must be 0 to \(Self.week - 1), minutes since Sunday 00:00")
        continue
      }
      guard interval.end > interval.start else {
        checks.add(
          "\(place).end_time", .invalidValue, "\(place).end_time: must be after start_time")
        continue
      }
      guard (interval.end - 1) / Self.day == interval.start / Self.day else {
        checks.add(
          "\(place).end_time", .invalidValue,
          "\(place).end_time: an interval ends on its day, at minute "
            + "\((interval.start / Self.day + 1) * Self.day) at the latest; split it at midnight")
        continue
      }
    }
    let order = intervals.indices.sorted { intervals[$0].start < intervals[$1].start }
    for (before, after) in zip(order, order.dropFirst())
    where intervals[before].end > intervals[after].start {
      checks.add(
        "intervals[\(after)].start_time", .invalidValue,
        "intervals[\(after)].start_time: overlaps intervals[\(before)]; join the two")
    }
    return WeekHours(order.map { intervals[$0] })
  }
}
