// The incident log: lines to snapshots, snapshots to steps, steps to tickets.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

/// Lines of a small log made up for these tests.
struct LogSketch {
  static let header = IncidentColumn.allCases.map(\.rawValue)

  /// A line; what is not named is unknown.
  static func line(_ values: [IncidentColumn: String]) -> [String] {
    IncidentColumn.allCases.map { values[$0] ?? "?" }
  }

  static func snapshot(
    _ number: String, count: Int, line: Int, _ more: [IncidentColumn: String] = [:]
  ) throws -> IncidentSnapshot {
    var values: [IncidentColumn: String] = [
      .number: number, .sysModCount: "\(count)", .incidentState: "New",
      .openedAt: "1/3/2016 08:00", .sysUpdatedAt: "1/3/2016 08:\(10 + count)",
      .sysUpdatedBy: "Updated by \(count)", .priority: "3 - Moderate",
      .assignmentGroup: "Pumps", .category: "Category 1",
    ]
    values.merge(more) { $1 }
    return try IncidentLayout(header: header).snapshot(Self.line(values), line: line)
  }
}

@Suite struct IncidentLogTests {
  let catalog = ImportCatalog(
    groups: ["Pumps": RowID(10_001), "Valves": RowID(20_001)],
    fields: Dictionary(
      uniqueKeysWithValues: IncidentColumn.allCases.enumerated().map {
        ($1, RowID(Int64($0 + 1) * 10_000 + 2))
      }),
    snapshotField: RowID(990_002))

  func rule() throws -> ImportOfficeRule {
    try #require(ImportOfficeRule(offices: [OfficeID("paris"), OfficeID("tokyo")]))
  }

  @Test func thereAre36Columns() {
    #expect(IncidentColumn.allCases.count == 36)
  }

  @Test func columnsAreFoundByNameInAnyOrder() throws {
    let layout = try IncidentLayout(header: LogSketch.header.reversed())
    var fields = Array(LogSketch.line([.number: "INC1", .sysModCount: "4"]).reversed())
    let snapshot = try layout.snapshot(fields, line: 2)
    #expect(snapshot.number == "INC1")
    #expect(snapshot.modCount == 4)
    #expect(snapshot[.vendor] == nil)
    fields.append("one more")
    #expect(throws: ImportProblem.self) { try layout.snapshot(fields, line: 3) }
  }

  @Test func aBadLineIsNamedWithItsNumber() throws {
    let layout = try IncidentLayout(header: LogSketch.header)
    let cases: [([IncidentColumn: String], ImportProblem.Reason)] = [
      ([.sysModCount: "1"], .noNumber),
      ([.number: "INC1"], .badNumber(.sysModCount, "?")),
      ([.number: "INC1", .sysModCount: "-1"], .badNumber(.sysModCount, "-1")),
      (
        [.number: "INC1", .sysModCount: "1", .openedAt: "31/2/2016 08:00"],
        .badTime(.openedAt, "31/2/2016 08:00")
      ),
    ]
    for (values, reason) in cases {
      #expect(throws: ImportProblem(line: 17, reason: reason)) {
        try layout.snapshot(LogSketch.line(values), line: 17)
      }
    }
    #expect(throws: ImportProblem(line: 1, reason: .missingColumn(.closedAt))) {
      try IncidentLayout(header: LogSketch.header.dropLast())
    }
  }

  @Test(arguments: [
    ("29/2/2016 01:16", 1_456_708_560), ("1/3/2016 00:00", 1_456_790_400),
    ("31/12/2016 23:59", 1_483_228_740),
  ])
  func timesAreDayFirstAndUTC(_ text: String, _ seconds: Int64) {
    #expect(IncidentTime.instant(text) == Instant(seconds: seconds))
  }

  @Test(arguments: ["2016-02-29 01:16", "30/2/2016 01:16", "1/3/2016 24:00", "1/3/2016", "?", ""])
  func otherTimesAreNone(_ text: String) {
    #expect(IncidentTime.instant(text) == nil)
  }

  @Test func snapshotsBecomeOneStepPerRealChange() throws {
    let history = IncidentHistory([
      try LogSketch.snapshot("INC1", count: 3, line: 4, [.incidentState: "Active"]),
      try LogSketch.snapshot("INC1", count: 0, line: 2),
      try LogSketch.snapshot("INC1", count: 1, line: 3),
      try LogSketch.snapshot("INC1", count: 4, line: 5, [.incidentState: "Active"]),
    ])
    let steps = history.steps(after: 0, catalog: catalog, offices: try rule())
    #expect(steps.map(\.from) == [0, 1, 3])
    #expect(steps.map(\.to) == [1, 3, 4])
    #expect(steps.map(\.status) == ["new", "open", nil])
    #expect(steps[0].occurredAt == IncidentTime.instant("1/3/2016 08:00"))
    #expect(steps[1].occurredAt == IncidentTime.instant("1/3/2016 08:13"))
    #expect(steps[1].opening == nil)
    // The bookkeeping of the skipped line comes with the next change, the last in a closing step.
    let changed = [IncidentColumn.incidentState, .sysModCount, .sysUpdatedBy, .sysUpdatedAt]
    #expect(Set(steps[1].fields.keys) == Set(changed.compactMap { catalog.fields[$0] }))
    let updated = try #require(catalog.fields[.sysUpdatedBy])
    #expect(steps[2].fields[updated] == .text("Updated by 4"))
  }

  @Test func stepsGoOnWhereTheyStopped() throws {
    let history = IncidentHistory([
      try LogSketch.snapshot("INC1", count: 0, line: 2),
      try LogSketch.snapshot("INC1", count: 1, line: 3, [.assignmentGroup: "Valves"]),
      try LogSketch.snapshot("INC1", count: 2, line: 4, [.assignmentGroup: "?"]),
    ])
    let rest = history.steps(after: 1, catalog: catalog, offices: try rule())
    #expect(rest.map(\.from) == [1, 2])
    #expect(rest.map(\.group) == [.set(RowID(20_001)), .clear])
    #expect(history.steps(after: 3, catalog: catalog, offices: try rule()).isEmpty)
    #expect(history.groupNames == ["Pumps", "Valves"])
  }

  @Test func theOfficeRuleIsStable() throws {
    let rule = try rule()
    #expect(ImportOfficeRule(offices: []) == nil)
    // FNV-1a 64 of "a" is af63dc4c8601ec8c: even, hence the first of two offices.
    #expect(rule.office(named: "a") == OfficeID("paris"))
    #expect(rule.office(named: "b") == OfficeID("tokyo"))
    let mapped = try #require(
      ImportOfficeRule(offices: rule.offices, explicit: ["a": OfficeID("tokyo")]))
    #expect(mapped.office(named: "a") == OfficeID("tokyo"))
    let nowhere = try LogSketch.snapshot(
      "a", count: 0, line: 2, [.assignmentGroup: "?", .location: "?"])
    #expect(rule.office(of: nowhere) == OfficeID("paris"))
  }
}
