// How much of a day and week is staffed: gaps, overlaps and the promise, true across clock changes.

package import ReplicaCore

/// The staffing of one group over a stretch of time.
package struct Coverage: Hashable, Sendable {
  /// Several offices at once.
  package struct Overlap: Hashable, Sendable {
    package var range: Range<Instant>
    /// In roster order.
    package var offices: [OfficeID]
  }
  package struct Day: Hashable, Sendable {
    /// A UTC date.
    package var date: CivilDate
    /// Milliseconds within the range.
    package var covered: Int64
  }
  package struct OfficeShare: Hashable, Sendable {
    package var office: OfficeID
    /// Milliseconds in which the office is staffed.
    package var staffed: Int64
    /// Milliseconds in which the office is on duty (its slots, gaps included).
    package var onDuty: Int64
  }

  package var range: Range<Instant>
  /// Stretches with at least one office, ordered, none touching another.
  package var covered: [Range<Instant>]
  package var gaps: [Range<Instant>]
  package var overlaps: [Overlap]
  /// UTC days that the range touches.
  package var days: [Day]
  /// In roster order.
  package var offices: [OfficeShare]
  /// Milliseconds promised to be staffed, and of those the unstaffed ones.
  package var promised: Int64
  package var unkept: Int64

  /// Milliseconds.
  package var coveredTotal: Int64 { Coverage.length(covered) }
  package var unstaffedTotal: Int64 { range.upperBound - range.lowerBound - coveredTotal }
  package var keepsPromise: Bool { unkept == 0 }
  package var unstaffedMinutes: Int64 { unstaffedTotal / 60_000 }

  /// The covered time on a UTC date, in milliseconds.
  package func covered(on date: CivilDate) -> Int64 {
    days.first { $0.date == date }?.covered ?? 0
  }

  static func length(_ ranges: [Range<Instant>]) -> Int64 {
    ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
  }
}

extension Coverage {
  /// The coverage of an ISO week, Monday 00:00Z to Monday 00:00Z.
  package init(_ table: DutyTable, week: ISOWeek) { self.init(table, over: week.range) }

  /// The coverage of any stretch of time.
  package init(_ table: DutyTable, over range: Range<Instant>) {
    let presence = Presence(table, over: range)
    self.range = range
    covered = []
    overlaps = []
    for piece in presence.pieces where !piece.offices.isEmpty {
      Coverage.join(piece.range, to: &covered)
      if piece.offices.count > 1 {
        overlaps.append(Overlap(range: piece.range, offices: piece.offices))
      }
    }
    gaps = Coverage.complement(of: covered, in: range)
    days = Coverage.days(covered, in: range)
    offices = presence.offices.map { office in
      OfficeShare(
        office: office, staffed: Coverage.length(presence.windows[office] ?? []),
        onDuty: presence.onDuty[office] ?? 0)
    }
    promised = presence.promised.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
    var unkept: Int64 = 0
    for promise in presence.promised {
      unkept += Coverage.length(gaps.map { $0.clamped(to: promise) })
    }
    self.unkept = unkept
  }

  private static func join(_ range: Range<Instant>, to ranges: inout [Range<Instant>]) {
    if let last = ranges.last, last.upperBound >= range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
    } else {
      ranges.append(range)
    }
  }

  private static func complement(
    of ranges: [Range<Instant>], in whole: Range<Instant>
  ) -> [Range<Instant>] {
    var gaps: [Range<Instant>] = []
    var from = whole.lowerBound
    for range in ranges {
      if from < range.lowerBound { gaps.append(from..<range.lowerBound) }
      from = range.upperBound
    }
    if from < whole.upperBound { gaps.append(from..<whole.upperBound) }
    return gaps
  }

  private static func days(_ covered: [Range<Instant>], in range: Range<Instant>) -> [Day] {
    guard !range.isEmpty else { return [] }
    let first = CivilDate(utc: range.lowerBound).dayNumber
    let last = CivilDate(utc: range.upperBound + -1).dayNumber
    return (first...last).map { number in
      let date = CivilDate(dayNumber: number)
      let day = date.startUTC..<date.adding(days: 1).startUTC
      return Day(date: date, covered: length(covered.map { $0.clamped(to: day) }))
    }
  }
}

/// Which offices are present when.
private struct Presence {
  var offices: [OfficeID] = []
  /// Ordered, none touching another.
  var windows: [OfficeID: [Range<Instant>]] = [:]
  /// Milliseconds.
  var onDuty: [OfficeID: Int64] = [:]
  var promised: [Range<Instant>] = []
  /// Stretches with the same offices, without those that have none.
  var pieces: [(range: Range<Instant>, offices: [OfficeID])] = []

  init(_ table: DutyTable, over range: Range<Instant>) {
    for segment in table.segments {
      let part = (segment.start..<segment.end).clamped(to: range)
      guard !part.isEmpty else { continue }
      if segment.policy.promise == .always { promised.append(part) }
      guard let plan = segment.plan else { continue }
      for office in plan.offices where plan.staffed.contains(office) {
        if !offices.contains(office) { offices.append(office) }
        let spans = plan.windows(
          of: office, from: part.lowerBound.milliseconds, to: part.upperBound.milliseconds)
        for span in spans {
          let window = (Instant(milliseconds: span.start)..<Instant(milliseconds: span.end))
            .clamped(to: part)
          if !window.isEmpty { add(window, office) }
        }
      }
    }
    for slot in table.slots(from: range.lowerBound, to: range.upperBound) {
      guard let office = slot.office else { continue }
      let held = (slot.start..<slot.end).clamped(to: range)
      onDuty[office, default: 0] += held.upperBound - held.lowerBound
    }
    cut()
  }

  private mutating func add(_ window: Range<Instant>, _ office: OfficeID) {
    var list = windows[office] ?? []
    if let last = list.last, last.upperBound >= window.lowerBound {
      list[list.count - 1] = last.lowerBound..<max(last.upperBound, window.upperBound)
    } else {
      list.append(window)
    }
    windows[office] = list
  }

  /// Sweeps over all starts and ends.
  private mutating func cut() {
    var events: [(at: Instant, office: Int, begins: Bool)] = []
    for (index, office) in offices.enumerated() {
      for window in windows[office] ?? [] {
        events.append((window.lowerBound, index, true))
        events.append((window.upperBound, index, false))
      }
    }
    events.sort { ($0.at, $0.office) < ($1.at, $1.office) }
    var present: Set<Int> = []
    var from: Instant?
    for event in events {
      if let start = from, start < event.at, !present.isEmpty {
        pieces.append((start..<event.at, present.sorted().map { offices[$0] }))
      }
      if event.begins { present.insert(event.office) } else { present.remove(event.office) }
      from = event.at
    }
  }
}
