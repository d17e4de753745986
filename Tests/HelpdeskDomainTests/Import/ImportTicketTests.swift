// Import steps through decide: tickets that equal the log's last snapshot, once and only once.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

/// Makes the fields and groups an import needs, and runs histories.
struct ImportRun {
  let node: DeskNode
  let catalog: ImportCatalog
  let rule: ImportOfficeRule

  init(_ node: DeskNode, groups: [String]) throws {
    self.node = node
    var fields: [IncidentColumn: RowID] = [:]
    var snapshotField = RowID.none
    for draft in ImportCatalog.fieldDrafts {
      let id = try node.act(.createTicketField(draft), by: node.console).created ?? .none
      if let column = draft.key.flatMap(IncidentColumn.init(rawValue:)) {
        fields[column] = id
      } else {
        snapshotField = id
      }
    }
    var known: [String: RowID] = [:]
    for name in groups {
      known[name] = try node.act(.createGroup(GroupDraft(name: name)), by: node.console).created
    }
    catalog = ImportCatalog(groups: known, fields: fields, snapshotField: snapshotField)
    rule = try #require(ImportOfficeRule(offices: node.memory.offices.order))
  }

  /// Runs the steps that are not in yet; returns the number of deltas.
  func run(_ history: IncidentHistory, from applied: Int? = nil) throws -> Int {
    let applied = try applied ?? self.applied(history)
    var deltas = 0
    for step in history.steps(after: applied, catalog: catalog, offices: rule) {
      if !(try node.act(.importTicket(step), by: node.console)).isEmpty { deltas += 1 }
    }
    return deltas
  }

  func ticket(_ number: String) -> RowID? {
    node.memory.rows(of: Tables.ticket, column: TicketColumn.externalID, equals: .text(number))
      .first
  }

  func applied(_ history: IncidentHistory) throws -> Int {
    let number = try #require(history.snapshots.first).number
    guard let id = ticket(number) else { return 0 }
    let cell = CellKey(TicketColumn.fields, key: catalog.snapshotField.rawValue)
    return Int(node.ticket(id).value(cell).integer ?? 0)
  }

  /// Whether every column of the ticket equals the snapshot.
  func equals(_ snapshot: IncidentSnapshot) -> Bool {
    guard let id = ticket(snapshot.number) else { return false }
    let state = node.ticket(id)
    return IncidentColumn.allCases.allSatisfy { column in
      guard let field = catalog.fields[column] else { return false }
      return state.value(CellKey(TicketColumn.fields, key: field.rawValue)).text
        == snapshot[column]
    }
  }
}

@Suite struct ImportTicketTests {
  let scene: DeskScene
  let run: ImportRun

  init() throws {
    scene = try DeskScene()
    run = try ImportRun(scene.paris, groups: ["Motors", "Valves"])
  }

  func history(_ count: Int) throws -> IncidentHistory {
    let changes: [[IncidentColumn: String]] = [
      [:], [.incidentState: "Active", .assignedTo: "Resolver 1"], [.incidentState: "Active"],
      [.incidentState: "Awaiting Vendor", .assignmentGroup: "Valves", .priority: "1 - Critical"],
      [.incidentState: "Closed", .assignmentGroup: "Valves", .closedAt: "5/3/2016 12:00"],
      [.incidentState: "Closed", .assignmentGroup: "Valves", .closedAt: "5/3/2016 12:00"],
    ]
    return IncidentHistory(
      try changes.prefix(count).enumerated().map { index, more in
        try LogSketch.snapshot(
          "INC7", count: index, line: index + 2,
          more.merging([.assignmentGroup: "Motors"]) { own, _ in own })
      })
  }

  @Test func everyColumnEqualsTheLastSnapshot() throws {
    let history = try history(6)
    // Assigned, unassigned, moved, closed, and the bookkeeping that is left over.
    #expect(try run.run(history) == 6)
    let id = try #require(run.ticket("INC7"))
    let last = try #require(history.snapshots.last)
    #expect(run.equals(last))
    let state = scene.paris.ticket(id)
    #expect(state.value(TicketColumn.status) == .text("closed"))
    #expect(state.value(TicketColumn.priority) == .text("normal"))
    #expect(state.value(TicketColumn.type) == .text("incident"))
    #expect(
      state.value(TicketColumn.group) == .integer(run.catalog.groups["Valves"]?.rawValue ?? 0))
    let placement = Placement(state.value(TicketColumn.placement))
    #expect(placement?.group == run.catalog.groups["Valves"])
    #expect(placement?.home == run.rule.office(named: "Motors"))
    let dates = scene.paris.memory.log.suffix(6).map(\.delta.header.occurredAt)
    #expect(dates.first == IncidentTime.instant("1/3/2016 08:00"))
    #expect(dates == dates.sorted { ($0 ?? .zero) < ($1 ?? .zero) })
    #expect(scene.paris.memory.log.suffix(6).allSatisfy { $0.delta.header.via == .imported })
    #expect(scene.paris.memory.voids.isEmpty)
  }

  @Test func twiceAddsNothing() throws {
    let history = try history(6)
    _ = try run.run(history)
    #expect(try run.run(history) == 0)
    // Steps computed as if nothing were in are recognised as well.
    #expect(try run.run(history, from: 0) == 0)
  }

  @Test func aLongerLogGoesOnWhereItStopped() throws {
    let short = try run.run(try history(3))
    let rest = try run.run(try history(6))
    #expect(short == 3)
    #expect(rest == 3)
    #expect(run.equals(try #require(try history(6).snapshots.last)))
  }

  @Test func aStepOutOfOrderIsRefused() throws {
    let steps = try history(6).steps(after: 0, catalog: run.catalog, offices: run.rule)
    #expect(
      problems { try scene.paris.act(.importTicket(steps[1]), by: scene.paris.console) }
        == ["snapshot:InvalidValue"])
    #expect(throws: Refusal.self) {
      try scene.paris.act(.importTicket(steps[0]), by: scene.agent)
    }
  }

  @Test func importedTicketsMergeEverywhere() throws {
    _ = try run.run(try history(6))
    scene.sync()
    #expect(scene.tokyo.memory.states == scene.paris.memory.states)
    #expect(scene.tokyo.memory.voids.isEmpty)
  }
}

/// The whole real log, where HELIO_SHARED_DATA names the folder that holds it.
@Suite struct RealLogTests {
  static let folder = ProcessInfo.processInfo.environment["HELIO_SHARED_DATA"]
  static let isHere = folder != nil

  /// Splits a line of this log, whose fields hold neither quotes nor line ends.
  static func lines(_ path: String) throws -> [[String]] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = ["-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test(.enabled(if: isHere, "HELIO_SHARED_DATA does not name the folder of the real log"))
  func stepsOfTheRealLogReplayEveryColumn() throws {
    let folder = try #require(Self.folder)
    let lines = try Self.lines("\(folder)/servicenow/incident_event_log.csv.gz")
    let layout = try IncidentLayout(header: try #require(lines.first))
    var snapshots: [String: [IncidentSnapshot]] = [:]
    for (index, fields) in lines.enumerated().dropFirst() {
      let snapshot = try layout.snapshot(fields, line: index + 1)
      snapshots[snapshot.number, default: []].append(snapshot)
    }
    #expect(snapshots.count == 24_918)
    let catalog = ImportCatalog(
      groups: [:],
      fields: Dictionary(
        uniqueKeysWithValues: IncidentColumn.allCases.enumerated().map {
          ($1, RowID(Int64($0 + 1) * 10_000 + 1))
        }),
      snapshotField: RowID(990_001))
    let rule = try #require(
      ImportOfficeRule(offices: [OfficeID("paris"), OfficeID("tokyo"), OfficeID("oslo")]))
    var steps = 0
    var homes: [OfficeID: Int] = [:]
    for list in snapshots.values {
      let history = IncidentHistory(list)
      var fields: [RowID: Value] = [:]
      var at = 0
      for step in history.steps(after: 0, catalog: catalog, offices: rule) {
        #expect(step.from == at)
        at = step.to
        steps += 1
        fields.merge(step.fields) { $1 }
        if let home = step.opening?.home { homes[home, default: 0] += 1 }
      }
      let last = try #require(history.snapshots.last)
      for column in IncidentColumn.allCases {
        let field = try #require(catalog.fields[column])
        let value = fields[field]?.text
        if value != last[column] { Issue.record("\(last.number): \(column) differs") }
      }
    }
    // 141,712 lines less 28,426 that change only bookkeeping; 44 incidents end with such lines.
    #expect(steps == 141_712 - 28_426 + 44)
    #expect(homes.values.reduce(0, +) == 24_918)
    #expect(homes.count == 3)
  }
}
