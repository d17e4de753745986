// Who is on duty when: boundaries, gaps, exceptions, publications.

import Foundation
import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct DutyTableTests {
  /// `office start end [staffed]` of each slot within a stretch, by UTC time of day.
  func show(_ table: DutyTable, _ from: String, _ to: String) -> [String] {
    table.slots(from: utc(from), to: utc(to)).map { slot in
      func time(_ instant: Instant) -> String {
        let minutes = Int((instant - CivilDate(utc: instant).startUTC) / minute)
        return ClockTime(minutes: minutes)?.description ?? "?"
      }
      let gap = slot.staffedStart == slot.start ? "" : " staffed \(time(slot.staffedStart))"
      return "\(slot.office?.rawValue ?? "home") \(time(slot.start))-\(time(slot.end))\(gap)"
    }
  }

  @Test func dutyPassesHalfAnHourAfterTheIncomingOfficeBegan() {
    let table = DutyTable.of(Rosters.three)
    #expect(
      show(table, "2026-01-14T08:30Z", "2026-01-15T08:30Z") == [
        "paris 08:30-16:30", "san-francisco 16:30-00:30", "singapore 00:30-08:30",
      ])
    #expect(table.slot(at: utc("2026-01-14T08:29Z")).office == "singapore")
    #expect(table.slot(at: utc("2026-01-14T08:30Z")).office == "paris")
    #expect(table.slot(at: utc("2026-01-14T08:30Z")).windowEnd == utc("2026-01-14T17:00Z"))
    #expect(table.slot(at: utc("2026-01-14T08:30Z")).lead == "lead@paris.example")
  }

  @Test func neverPastTheOutgoingEnd() {
    // In summer San Francisco ends at 00:00Z, when Singapore begins.
    let table = DutyTable.of(Rosters.three)
    #expect(
      show(table, "2026-07-14T15:30Z", "2026-07-15T07:30Z") == [
        "san-francisco 15:30-00:00", "singapore 00:00-07:30",
      ])
  }

  @Test func theHandoverRuleMovesTheBoundary() {
    let windows: [(OfficeID, String, Int)] = [("a", "00:00", 14), ("b", "12:00", 14)]
    func boundaries(_ handover: Handover) -> [String] {
      show(
        .of(Rosters.plain(windows, handover: handover)), "2026-01-10T10:00Z", "2026-01-11T10:00Z")
    }
    #expect(boundaries(.start) == ["a 00:00-12:00", "b 12:00-00:00", "a 00:00-12:00"])
    #expect(boundaries(.end) == ["a 02:00-14:00", "b 14:00-02:00", "a 02:00-14:00"])
    #expect(boundaries(.usual) == ["a 00:30-12:30", "b 12:30-00:30", "a 00:30-12:30"])
    #expect(
      boundaries(.afterStart(minutes: 300)) == ["a 02:00-14:00", "b 14:00-02:00", "a 02:00-14:00"])
  }

  @Test func officesThatBeginTogetherGoByRosterOrderAndAGapJoinsTheNextSlot() {
    let table = DutyTable.of(Rosters.waves)
    // Standard time: the gap 14:00 to 15:00Z, then Colorado and California begin together.
    #expect(
      show(table, "2026-01-14T14:00Z", "2026-01-15T14:00Z") == [
        "colorado 14:00-23:00 staffed 15:00", "beijing 23:00-14:00",
      ])
    // In daylight time Beijing ends as Colorado begins.
    #expect(
      show(table, "2026-07-14T14:00Z", "2026-07-15T14:00Z") == [
        "colorado 14:00-22:00", "california 22:00-23:30", "beijing 23:30-14:00",
      ])
  }

  @Test func anOfficeThatIsAlwaysOpenHasDutyWhenNobodyElseHas() {
    let rules = Rosters.plain([("centre", "00:00", 24), ("day", "08:00", 8)])
    #expect(
      show(.of(rules), "2026-01-10T09:00Z", "2026-01-11T09:00Z") == [
        "day 08:30-16:00", "centre 16:00-08:30", "day 08:30-16:00",
      ])
    #expect(DutyTable.of(rules).slot(at: utc("2026-01-10")).windowEnd == RosterLimits.zonesUntil)
  }

  @Test func overnightShiftsEndOnTheNextDay() {
    let rules = RosterRules(
      offices: [RosterOffice("paris", zone: "Europe/Paris")],
      groups: [
        GroupRules(shifts: [
          Shift(office: "paris", days: [.monday], hours: WorkHours("22:00", until: "06:00"))
        ])
      ])
    let slot = DutyTable.of(rules).slot(at: utc("2026-01-06T03:00Z"))
    #expect(slot.staffedStart == utc("2026-01-05T21:00Z"))
    #expect(slot.end == utc("2026-01-06T05:00Z"))
  }

  @Test func anEndIsOnTheWallClockAndALengthIsTimeReallyWorked() {
    func end(_ hours: WorkHours) -> Instant {
      let rules = RosterRules(
        offices: [RosterOffice("paris", zone: "Europe/Paris")],
        groups: [GroupRules(shifts: [Shift(office: "paris", hours: hours)])])
      return DutyTable.of(rules).slot(at: utc("2026-03-28T22:00Z")).windowEnd
    }
    // The night of 29 March has one hour less.
    #expect(end(WorkHours("22:00", until: "06:00")) == utc("2026-03-29T04:00Z"))
    #expect(end(WorkHours("22:00", for: 8)) == utc("2026-03-29T05:00Z"))
  }

  @Test func holidaysLeaveTheirGapToTheNextOffice() {
    let rules = Rosters.plain(
      [("a", "00:00", 12), ("b", "12:00", 12)],
      holidays: [Holiday(office: "b", date: day("2026-01-10"), name: "rest")])
    #expect(
      show(.of(rules), "2026-01-10T01:00Z", "2026-01-11T12:00Z") == [
        "a 00:00-12:00", "a 12:00-12:00 staffed 00:00",
      ])
  }

  @Test func overridesReplaceAddAndCancel() {
    func slots(_ overrides: [RosterOverride]) -> [String] {
      show(
        .of(
          Rosters.plain(
            [("a", "08:00", 8), ("b", "16:00", 8)], overrides: overrides)),
        "2026-01-10T08:00Z", "2026-01-11T00:00Z")
    }
    let date = day("2026-01-10")
    #expect(slots([]).map { String($0.prefix(13)) } == ["a 00:00-16:00", "b 16:00-00:00"])
    #expect(
      slots([
        RosterOverride(
          office: "b", date: date, kind: .replaced, hours: WorkHours("12:00", until: "14:00"),
          zone: "Etc/UTC")
      ]) == [
        "a 00:00-12:30 staffed 08:00", "b 12:30-14:00", "a 14:00-16:00",
        "a 16:00-16:00 staffed 08:00",
      ])
    #expect(
      slots([
        RosterOverride(
          office: "a", date: date, kind: .added, hours: WorkHours("16:00", for: 3),
          zone: "Etc/UTC")
      ]) == ["a 00:00-16:30 staffed 08:00", "b 16:30-00:00"])
    #expect(
      slots([RosterOverride(office: "b", date: date, kind: .cancelled)])
        == ["a 00:00-16:00 staffed 08:00", "a 16:00-16:00 staffed 08:00"])
  }

  @Test func cancellingOneWaveLeavesTheOthersAndAnOverrideBeatsAHoliday() {
    var rules = Rosters.waves
    rules.overrides = [
      RosterOverride(
        office: "beijing", date: day("2026-01-14"), kind: .cancelled,
        hours: WorkHours(starts: [clock("07:00")], minutes: 1))
    ]
    rules.overrides[0].hours = WorkHours()
    rules.overrides[0].hours.starts = [clock("07:00")]
    rules.holidays = [Holiday(office: "colorado", date: day("2026-01-14"), name: "x")]
    rules.overrides.append(
      RosterOverride(
        office: "colorado", date: day("2026-01-14"), kind: .added,
        hours: WorkHours("09:00", for: 2)))
    let table = DutyTable.of(rules)
    // Beijing's first wave of the 14th began at 23:00Z of the 13th; the next at 01:00Z.
    #expect(
      table.window(of: "beijing", at: utc("2026-01-14T01:30Z"))?.start == utc("2026-01-14T01:00Z"))
    #expect(
      table.window(of: "colorado", at: utc("2026-01-14T16:30Z"))
        == OfficeWindow(
          office: "colorado", start: utc("2026-01-14T16:00Z"), end: utc("2026-01-14T18:00Z")))
  }

  @Test func aSwapExchangesTheHoursOfTwoOffices() {
    let rules = Rosters.plain(
      [("a", "00:00", 12), ("b", "12:00", 12)],
      overrides: [
        RosterOverride(office: "a", date: day("2026-01-10"), kind: .swap, with: "b"),
        RosterOverride(
          office: "a", date: day("2026-01-12"), kind: .swap, with: "b",
          withDate: day("2026-01-13")),
      ])
    #expect(
      show(.of(rules), "2026-01-09T12:00Z", "2026-01-11T12:00Z") == [
        "b 12:00-12:00", "a 12:00-12:00",
      ])
    #expect(
      show(.of(rules), "2026-01-12T00:00Z", "2026-01-14T00:00Z") == [
        "b 12:00-00:00", "a 00:00-12:00",
      ])
  }

  @Test func groupsHaveTheirOwnShiftsElseTheDefault() {
    var rules = Rosters.three
    rules.groups.append(
      GroupRules(
        "Billing", shifts: [Shift(office: "paris", hours: WorkHours("09:00", for: 9))],
        acceptWithin: 45, handover: .end))
    let book = DutyBook([RosterPublication(rules)])
    let billing = book.table(forGroup: "Billing").slot(at: utc("2026-01-14T20:00Z"))
    #expect(billing.office == "paris")
    #expect(billing.staffedStart == utc("2026-01-15T08:00Z"))
    #expect(billing.policy.acceptWithin == 45 * minute)
    let other = book.table(forGroup: "Other").slot(at: utc("2026-01-14T20:00Z"))
    #expect(other.office == "san-francisco")
    #expect(other.policy.acceptWithin == 15 * minute)
    // One act of the lead accepts both of Paris's slots.
    #expect(
      book.duties(of: "paris", at: utc("2026-01-15T09:00Z")).map(\.start)
        == [utc("2026-01-14T17:00Z"), utc("2026-01-15T08:30Z")])
  }

  @Test func publicationsFollowOneAnotherFromTheirInstants() {
    let first = RosterPublication(
      Rosters.plain([("a", "00:00", 24)]), number: 1, from: "2026-01-01")
    let second = RosterPublication(
      Rosters.plain([("b", "00:00", 24)]), number: 2, from: "2026-02-01", row: 20_001)
    let late = RosterPublication(
      Rosters.plain([("c", "00:00", 24)]), number: 1, from: "2026-03-01", row: 30_002)
    let book = DutyBook([second, late, first])
    let table = book.table(forGroup: "any")
    #expect(table.slot(at: utc("2025-12-31")).office == nil)
    #expect(table.slot(at: utc("2025-12-31")).version == .none)
    #expect(table.slot(at: utc("2026-01-15")).office == "a")
    #expect(table.slot(at: utc("2026-01-15")).end == utc("2026-02-01"))
    #expect(table.slot(at: utc("2026-02-01")).office == "b")
    #expect(table.slot(at: utc("2026-02-01")).start == utc("2026-02-01"))
    #expect(table.slot(at: utc("2026-04-01")).office == "b", "a lower version never follows")
    #expect(book.greatestNumber == 2)
    #expect(book.version(ofRoster: RowID(20_001)) == second.version)
    #expect(book.inForce(at: utc("2026-01-15"))?.id == first.id)
  }

  @Test func ofTwoPublicationsMadeApartTheLesserIsShownAsSuperseded() {
    var first = RosterPublication(Rosters.plain([("a", "00:00", 24)]), from: "2026-01-01")
    var second = RosterPublication(Rosters.plain([("b", "00:00", 24)]), from: "2026-01-01", row: 2)
    first.version = RosterVersion(number: 1, hlc: HLC(milliseconds: 5), slot: Slot(1))
    second.version = RosterVersion(number: 1, hlc: HLC(milliseconds: 5), slot: Slot(2))
    for book in [DutyBook([first, second]), DutyBook([second, first])] {
      #expect(book.table(forGroup: "x").slot(at: utc("2026-05-01")).office == "b")
      #expect(book.superseded.map(\.id) == [first.id])
    }
  }

  @Test func withoutARosterAndBeyondTheHorizonTicketsAreAtHome() {
    let none = DutyBook([]).table(forGroup: "x").slot(at: utc("2026-01-01"))
    #expect(none.office == nil && none.start == .zero && none.end == RosterLimits.latest)
    let table = DutyTable.of(Rosters.three)
    #expect(table.slot(at: utc("2037-12-31T23:59Z")).office != nil)
    let beyond = table.slot(at: utc("2090-01-01"))
    #expect(beyond.office == nil && beyond.start == RosterLimits.zonesUntil)
    // A group listed without any shift is at home too.
    let rules = RosterRules(groups: [GroupRules("Empty", shifts: [])])
    #expect(DutyTable.of(rules, group: "Empty").slot(at: utc("2026-06-01")).office == nil)
  }

  @Test func askingInAnyOrderGivesTheSameSlots() {
    let forward = DutyTable.of(Rosters.waves)
    let slots = forward.slots(from: utc("2026-01-01"), to: utc("2029-01-01"))
    #expect(slots.count > 2_000)
    var random = SeededGenerator(11)
    let scattered = DutyTable.of(Rosters.waves)
    for slot in slots.shuffled(using: &random) {
      #expect(scattered.slot(at: slot.start) == slot)
      #expect(scattered.slot(at: slot.end + -1) == slot)
    }
  }

  /// Real holidays: no office is on duty on its holiday, and time stays covered exactly once.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["HELIO_SHARED_DATA"] != nil,
      "HELIO_SHARED_DATA names no folder with holidays/public_holidays.csv"))
  func realHolidays() throws {
    let root = try #require(ProcessInfo.processInfo.environment["HELIO_SHARED_DATA"])
    let text = try String(
      contentsOfFile: root + "/holidays/public_holidays.csv", encoding: .utf8)
    var rules = Rosters.three
    let offices: [Substring: OfficeID] = ["FR": "paris", "US": "san-francisco", "SG": "singapore"]
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",", maxSplits: 3)
      guard cells.count == 4, let office = offices[cells[0]],
        let date = CivilDate(String(cells[1]))
      else { continue }
      rules.holidays.append(Holiday(office: office, date: date, name: String(cells[3])))
    }
    #expect(rules.holidays.count > 100)
    let table = DutyTable.of(rules, from: "2024-01-01")
    let slots = table.slots(from: utc("2024-01-01"), to: utc("2030-01-01"))
    for (slot, next) in zip(slots, slots.dropFirst()) { #expect(slot.end == next.start) }
    let zones = try Dictionary(
      uniqueKeysWithValues: rules.offices.map { office in
        (office.code, try #require(office.zone.flatMap(SystemZones.offsets)))
      })
    let free = Set(rules.holidays.map { "\($0.office) \($0.date)" })
    for slot in slots {
      let office = try #require(slot.office)
      let local = try #require(zones[office]).local(at: slot.staffedStart)
      let date = CivilDate(utc: Instant(seconds: local))
      #expect(!free.contains("\(office) \(date)"))
    }
  }
}
