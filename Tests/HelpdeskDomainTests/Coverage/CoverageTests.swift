// Covered hours, gaps and overlaps, with the figures of real rosters.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct CoverageTests {
  func coverage(_ rules: RosterRules, _ week: String) throws -> Coverage {
    Coverage(.of(rules), week: try #require(ISOWeek(week)))
  }

  @Test func coloradoCaliforniaBeijingLackOneHourInStandardTime() throws {
    let week = try coverage(Rosters.waves, "2026-W03")
    for offset in 0..<7 {
      #expect(week.covered(on: day("2026-01-12").adding(days: offset)) == 23 * hour)
    }
    #expect(week.coveredTotal == 161 * hour)
    #expect(
      week.gaps
        == (0..<7).map { offset in
          let date = day("2026-01-12").adding(days: offset).startUTC
          return date + 14 * hour..<date + 15 * hour
        })
    #expect(week.unkept == 7 * hour)
    #expect(week.unstaffedMinutes == 420)
    #expect(!week.keepsPromise)
  }

  @Test func coloradoCaliforniaBeijingCoverTheDayInDaylightTime() throws {
    let week = try coverage(Rosters.waves, "2026-W29")
    for offset in 0..<7 {
      #expect(week.covered(on: day("2026-07-13").adding(days: offset)) == 24 * hour)
    }
    #expect(week.gaps.isEmpty)
    #expect(week.keepsPromise)
    #expect(week.promised == 168 * hour)
  }

  @Test(arguments: [
    ("2026-01-14", 18), ("2026-07-15", 18), ("2026-03-18", 17), ("2026-10-28", 17),
  ])
  func sanFranciscoAndBudapestLoseAnHourWhileOnlyOneHasChangedItsClock(date: String, hours: Int)
    throws
  {
    let coverage = Coverage(.of(Rosters.two), week: ISOWeek(day(date)))
    #expect(coverage.covered(on: day(date)) == Int64(hours) * hour)
    #expect(coverage.overlaps.isEmpty == (hours == 18))
  }

  @Test func overlapsNameTheirOffices() throws {
    let range = utc("2026-03-18")..<utc("2026-03-19")
    let coverage = Coverage(.of(Rosters.two), over: range)
    #expect(coverage.overlaps.count == 1)
    #expect(coverage.overlaps[0].range == utc("2026-03-18T16:00Z")..<utc("2026-03-18T17:00Z"))
    #expect(coverage.overlaps[0].offices == ["san-francisco", "budapest"])
  }

  @Test func sharesAddUp() throws {
    let week = try coverage(Rosters.three, "2026-W03")
    #expect(week.coveredTotal == 168 * hour)
    #expect(week.offices.map(\.office) == ["paris", "san-francisco", "singapore"])
    #expect(week.offices.map(\.staffed) == [63 * hour, 63 * hour, 63 * hour])
    #expect(week.offices.reduce(0) { $0 + $1.onDuty } == 168 * hour)
    #expect(Coverage.total(week.overlaps) == 21 * hour)
  }

  @Test func aWeekBeforeTheRosterHasNothingCoveredAndNothingPromised() throws {
    let week = try coverage(Rosters.three, "2025-W10")
    #expect(week.coveredTotal == 0)
    #expect(week.gaps == [week.range])
    #expect(week.promised == 0)
  }

  @Test(arguments: 100..<120) func coveredAndGapsMakeUpTheRange(seed: UInt64) {
    var random = SeededGenerator(seed)
    let rules = DutyPropertyTests.randomRules(&random)
    let table = DutyTable.of(rules, from: "2026-02-20")
    let range = utc("2026-03-01") + 17 * minute..<utc("2026-04-01") + 5 * hour
    let coverage = Coverage(table, over: range)
    let pieces = (coverage.covered + coverage.gaps).sorted { $0.lowerBound < $1.lowerBound }
    #expect(pieces.first?.lowerBound == range.lowerBound)
    #expect(pieces.last?.upperBound == range.upperBound)
    for (piece, next) in zip(pieces, pieces.dropFirst()) {
      #expect(piece.upperBound == next.lowerBound)
    }
    #expect(coverage.days.reduce(0) { $0 + $1.covered } == coverage.coveredTotal)
    // Independently: minute by minute through the windows.
    var minutes: Int64 = 0
    var at = range.lowerBound
    while at < range.upperBound {
      if rules.offices.contains(where: { table.window(of: $0.code, at: at) != nil }) {
        minutes += 15
      }
      at = at + 15 * minute
    }
    let edge: Int64 = 30  // The range does not begin on a quarter of an hour.
    #expect(abs(minutes - coverage.coveredTotal / minute) <= edge)
  }
}

extension Coverage {
  static func total(_ overlaps: [Overlap]) -> Int64 {
    overlaps.reduce(0) { $0 + ($1.range.upperBound - $1.range.lowerBound) }
  }
}
