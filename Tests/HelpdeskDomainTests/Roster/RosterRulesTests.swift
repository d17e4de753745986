// The roster file: what may be left out, and what is told about mistakes.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct RosterRulesTests {
  func decode(_ json: String) throws -> RosterRules {
    try JSONDecoder().decode(RosterRules.self, from: Data(json.utf8))
  }

  @Test func everythingThatMayBeLeftOutHasADefault() throws {
    let rules = try decode(
      """
      {"shifts": [{"office": "paris", "zone": "Europe/Paris", "start": "08:00", "hours": 9}]}
      """)
    #expect(rules.acceptWithin == 15)
    #expect(rules.maxStay == 12)
    #expect(rules.handover == .afterStart(minutes: 30))
    #expect(rules.fallback == nil)
    #expect(rules.groups.map(\.name) == ["*"])
    #expect(rules.groups[0].shifts[0].days.count == 7)
    #expect(rules.groups[0].shifts[0].hours.minutes == 540)
    #expect(rules.validate { _ in true }.isEmpty)
  }

  @Test func aWholeFile() throws {
    let rules = try decode(
      """
      {"name": "all", "accept_within": 20, "max_stay": 24, "handover": "end", "fallback": "a",
       "promise": "24/7", "offices": [{"code": "a", "zone": "Etc/UTC", "lead": "l@a.example",
       "languages": ["fr"]}, {"code": "b", "zone": "Etc/UTC"}],
       "shifts": [{"office": "a", "days": ["mon-fri", "sun"], "starts": ["07:00", "09:00"],
       "hours": 7.5}],
       "groups": [{"name": "Billing", "handover": "start+10", "accept_within": 5,
       "shifts": [{"office": "b", "start": "22:00", "end": "06:00", "lead": "x@b.example"}]}],
       "holidays": [{"office": "a", "date": "2026-12-25", "name": "Noël"}],
       "overrides": [{"office": "a", "date": "2026-12-24", "kind": "replaced", "start": "08:00",
       "end": "12:00"}, {"office": "a", "date": "2026-12-31", "kind": "swap", "with": "b",
       "with_date": "2027-01-01", "note": "agreed"}]}
      """)
    #expect(rules.validate { _ in true }.isEmpty)
    #expect(rules.rules(forGroup: "Billing")?.shifts.first?.office == "b")
    #expect(rules.rules(forGroup: "Other")?.name == "*")
    #expect(rules.groups[0].shifts[0].days.count == 6)
    #expect(rules.groups[0].shifts[0].hours.minutes == 450)
    let again = try JSONDecoder().decode(
      RosterRules.self, from: try JSONEncoder().encode(rules))
    #expect(again == rules)
  }

  @Test(arguments: [
    #"{"shifts": [{"office": "a", "start": "8 o'clock", "hours": 8}]}"#,
    #"{"shifts": [{"office": "a", "days": ["weekdays"], "start": "08:00", "hours": 8}]}"#,
    #"{"handover": "later"}"#, #"{"holidays": [{"office": "a", "date": "25.12.2026"}]}"#,
    #"{"overrides": [{"office": "a", "date": "2026-12-25", "kind": "moved"}]}"#,
    #"{"shifts": [{"start": "08:00", "hours": 8}]}"#,
  ])
  func malformedValuesAreNamed(json: String) {
    #expect(throws: DecodingError.self) { try decode(json) }
  }

  static let mistakes: [(RosterProblem.Kind, String)] = [
    (.noGroups, "{}"),
    (.noDefaultGroup, #"{"groups": [{"name": "B", "shifts": [SHIFT]}]}"#),
    (.duplicateGroup, #"{"groups": [{"shifts": [SHIFT]}, {"shifts": [SHIFT]}]}"#),
    (.emptyGroup, #"{"groups": [{"name": "*"}]}"#),
    (
      .invalidOffice,
      #"{"shifts": [{"office": "Paris!", "zone": "Z", "start": "1:00", "hours": 8}]}"#
    ),
    (.duplicateOffice, #"{"offices": [{"code": "a"}, {"code": "a"}], "shifts": [SHIFT]}"#),
    (.unknownOffice, #"{"offices": [{"code": "b"}], "shifts": [SHIFT]}"#),
    (.unknownOffice, #"{"fallback": "nowhere", "shifts": [SHIFT]}"#),
    (.missingZone, #"{"shifts": [{"office": "a", "start": "1:00", "hours": 8}]}"#),
    (
      .invalidZone,
      #"{"shifts": [{"office": "a", "zone": "../x", "start": "1:00", "hours": 8}]}"#
    ),
    (
      .unknownZone,
      #"{"shifts": [{"office": "a", "zone": "No/Zone", "start": "1:00", "hours": 8}]}"#
    ),
    (
      .noDays,
      #"{"shifts": [{"office": "a", "zone": "Z", "days": [], "start": "1:00", "hours": 8}]}"#
    ),
    (.noStart, #"{"shifts": [{"office": "a", "zone": "Z", "hours": 8}]}"#),
    (
      .duplicateStart,
      #"{"shifts": [{"office": "a", "zone": "Z", "starts": ["1:00", "01:00"], "hours": 8}]}"#
    ),
    (
      .startAtMidnightsEnd,
      #"{"shifts": [{"office": "a", "zone": "Z", "start": "24:00", "hours": 8}]}"#
    ),
    (.noEnd, #"{"shifts": [{"office": "a", "zone": "Z", "start": "1:00"}]}"#),
    (
      .endAndLength,
      #"{"shifts": [{"office": "a", "zone": "Z", "start": "1:00", "end": "2:00", "hours": 1}]}"#
    ),
    (.badLength, #"{"shifts": [{"office": "a", "zone": "Z", "start": "1:00", "hours": 25}]}"#),
    (.badLength, #"{"shifts": [{"office": "a", "zone": "Z", "start": "1:00", "hours": -1}]}"#),
    (.outOfRange, #"{"accept_within": 0, "shifts": [SHIFT]}"#),
    (.outOfRange, #"{"max_stay": 1000, "shifts": [SHIFT]}"#),
    (.outOfRange, #"{"handover": "start+9999", "shifts": [SHIFT]}"#),
    (
      .unknownGroup,
      #"{"shifts": [SHIFT], "overrides": [{"office": "a", "date": "2026-01-01", "kind": "cancelled", "group": "X"}]}"#
    ),
    (
      .needlessHours,
      #"{"shifts": [SHIFT], "overrides": [{"office": "a", "date": "2026-01-01", "kind": "cancelled", "start": "1:00", "hours": 3}]}"#
    ),
    (
      .noPartner,
      #"{"shifts": [SHIFT], "overrides": [{"office": "a", "date": "2026-01-01", "kind": "swap"}]}"#
    ),
    (
      .noPartner,
      #"{"shifts": [SHIFT], "overrides": [{"office": "a", "date": "2026-01-01", "kind": "swap", "with": "a"}]}"#
    ),
    (
      .needlessPartner,
      #"{"shifts": [SHIFT], "overrides": [{"office": "a", "date": "2026-01-01", "kind": "cancelled", "with": "a"}]}"#
    ),
    (
      .duplicateHoliday,
      #"{"shifts": [SHIFT], "holidays": [{"office": "a", "date": "2026-01-01"}, {"office": "a", "date": "2026-01-01", "name": "x"}]}"#
    ),
    (
      .emptyLead,
      #"{"shifts": [{"office": "a", "zone": "Z", "start": "1:00", "hours": 8, "lead": "Ann"}]}"#
    ),
  ]

  @Test(arguments: mistakes) func mistakesAreToldWithPlaceAndAdvice(
    kind: RosterProblem.Kind, json: String
  ) throws {
    let shift = #"{"office": "a", "zone": "Z", "start": "1:00", "hours": 8}"#
    let rules = try decode(json.replacingOccurrences(of: "SHIFT", with: shift))
    let problems = rules.validate { $0 == "Z" }
    let found = try #require(problems.first { $0.kind == kind }, "\(problems)")
    #expect(!found.place.isEmpty && !found.what.isEmpty && !found.advice.isEmpty)
  }

  @Test func everyKindOfProblemHasItsTest() throws {
    var reached = Set(Self.mistakes.map(\.0))
    let many = RosterRules(
      offices: (0...RosterLimits.offices).map { RosterOffice(OfficeID("o\($0)"), zone: "Z") },
      groups: [GroupRules(shifts: [Shift(office: "o0", hours: WorkHours("01:00", for: 8))])])
    reached.formUnion(many.validate { _ in true }.map(\.kind))
    #expect(reached == Set(RosterProblem.Kind.allCases))
  }

  @Test func templatesCoverEveryMinuteOfTheirYears() throws {
    func office(_ code: OfficeID, _ zone: String) throws -> RosterRules.TemplateOffice {
      .init(code, zone: zone, offsets: try #require(SystemZones.offsets(zone)))
    }
    let three = try RosterRules.threeByEight(
      office("paris", "Europe/Paris"), office("san-francisco", "America/Los_Angeles"),
      office("singapore", "Asia/Singapore"))
    let two = try RosterRules.twoByTwelve(
      office("new-york", "America/New_York"), office("tokyo", "Asia/Tokyo"))
    for rules in [three, two] {
      #expect(rules.validate { _ in true }.isEmpty)
      let coverage = Coverage(
        .of(rules, from: "2026-01-01"), over: utc("2026-01-01")..<utc("2028-01-01"))
      #expect(coverage.keepsPromise)
      #expect(coverage.unstaffedTotal == 0)
      for shift in rules.groups[0].shifts {
        let start = try #require(shift.hours.starts.first)
        #expect((5 * 60...11 * 60).contains(start.minutes), "\(shift.office) \(start)")
      }
    }
    #expect(three.offices.map(\.code) == ["paris", "san-francisco", "singapore"])
  }
}
