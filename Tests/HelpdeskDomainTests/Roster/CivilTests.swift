// Dates, weeks and times of day: all of them, not samples.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct CivilTests {
  @Test func everyDateFrom1600To2400SurvivesItsText() {
    var previous = Weekday.friday  // 1599-12-31
    for number in -135_140...157_053 {
      let date = CivilDate(dayNumber: number)
      #expect(CivilDate(date.description)?.dayNumber == number)
      #expect(date.weekday.rawValue == previous.rawValue % 7 + 1)
      previous = date.weekday
    }
    #expect(CivilDate(dayNumber: -135_140).description == "1600-01-01")
    #expect(CivilDate(dayNumber: 157_053).description == "2399-12-31")
  }

  @Test(arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "", "x"])
  func whatIsNoDateIsRefused(text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test(arguments: [
    ("2026-W01", "2025-12-29"), ("2026-W53", "2026-12-28"), ("2020-W53", "2020-12-28"),
    ("2027-W01", "2027-01-04"), ("2026-W12", "2026-03-16"),
  ])
  func weeksBeginOnTheirMonday(text: String, monday: String) throws {
    let week = try #require(ISOWeek(text))
    #expect(week.monday == day(monday))
    #expect(week.description == text)
    #expect(ISOWeek(day(monday).adding(days: 6)) == week)
    #expect(week.range == utc(monday)..<utc(monday) + 7 * 24 * hour)
  }

  @Test(arguments: ["2025-W53", "2026-W00", "2026-W54", "2026W12", "2026-12"])
  func whatIsNoWeekIsRefused(text: String) {
    #expect(ISOWeek(text) == nil)
  }

  @Test func timesOfDay() {
    #expect(ClockTime("7:05")?.minutes == 425)
    #expect(ClockTime("24:00")?.minutes == 1_440)
    for text in ["24:01", "12:60", "8", "08:5", "-1:00", "08:00:00", ""] {
      #expect(ClockTime(text) == nil)
    }
  }

  @Test func instantsReadAsUTC() {
    #expect(utc("2026-01-14T08:30Z").utcText == "2026-01-14T08:30:00Z")
    #expect((utc("2026-01-14") + -1).utcText == "2026-01-13T23:59:59Z")
    #expect(Instant(milliseconds: -1).utcText == "1969-12-31T23:59:59Z")
  }

  @Test func weekdaysBySpan() {
    #expect(Weekday.days(in: "mon-fri")?.count == 5)
    #expect(Weekday.days(in: "sat-tue") == [.saturday, .sunday, .monday, .tuesday])
    #expect(Weekday.days(in: "Sun") == [.sunday])
    #expect(Weekday.days(in: "daily")?.count == 7)
    for text in ["", "monday", "mon-", "mon-fri-sun", "1"] {
      #expect(Weekday.days(in: text) == nil)
    }
  }
}
