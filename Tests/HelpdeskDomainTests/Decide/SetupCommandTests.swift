// Views, macros, schedules and field options: what is kept, and what is refused by name.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct SetupCommandTests {
  let scene: DeskScene
  let node: DeskNode

  init() throws {
    scene = try DeskScene()
    node = scene.paris
  }

  private func view(_ change: (inout ViewDraft) -> Void = { _ in }) -> ViewDraft {
    var draft = ViewDraft()
    draft.title = "Unsolved"
    draft.conditions = ViewConditions(
      all: [ViewCondition("status", "less_than", .text("solved"))])
    change(&draft)
    return draft
  }

  private func macro(_ actions: MacroAction..., change: (inout MacroDraft) -> Void = { _ in })
    -> MacroDraft
  {
    var draft = MacroDraft()
    draft.title = "Close"
    draft.actions = actions.isEmpty ? [MacroAction("status", .text("solved"))] : actions
    change(&draft)
    return draft
  }

  private func made(_ command: DeskCommand, by user: RowID) throws -> RowID {
    try #require(try node.act(command, by: user).created)
  }

  @Test func aViewIsKeptChangedAndDeleted() throws {
    let id = try made(.view(.create(view { $0.description = .set("All") })), by: scene.lead)
    let row = node.row(Tables.view, id)
    #expect(row.value(ViewColumn.title) == .text("Unsolved"))
    #expect(row.value(ViewColumn.active) == .integer(1))
    #expect(row.value(ViewColumn.position) == .integer(1))
    #expect(row.value(ViewColumn.restriction).isNull)
    let output = row.value(ViewColumn.output).text.flatMap { ViewOutput(stored: $0) }
    #expect(output?.columns == ViewOutput.usual)
    var edit = ViewDraft()
    edit.active = false
    #expect(try node.act(.view(.update(id, edit)), by: scene.lead).changes.count == 1)
    #expect(try node.act(.view(.update(id, edit)), by: scene.lead).isEmpty)
    #expect(node.row(Tables.view, id).value(ViewColumn.title) == .text("Unsolved"))
    try node.act(.view(.delete([id])), by: scene.admin)
    #expect(throws: Refusal.notFound(kind: "desk_view", id: "\(id)")) {
      try node.act(.view(.delete([id])), by: scene.admin)
    }
  }

  @Test func manyAreDeletedTogetherOrNotAtAll() throws {
    let views = try (0..<3).map { _ in try made(.view(.create(view())), by: scene.lead) }
    let macros = try (0..<2).map { _ in try made(.macro(.create(macro())), by: scene.lead) }
    let strange = RowID(4_242_001)
    #expect(throws: Refusal.notFound(kind: "desk_view", id: "\(strange)")) {
      try node.act(.view(.delete([views[0], strange, views[1]])), by: scene.lead)
    }
    #expect(throws: Refusal.notFound(kind: "macro", id: "\(strange)")) {
      try node.act(.macro(.delete(macros + [strange])), by: scene.lead)
    }
    func isDeleted(_ id: RowID) -> Bool {
      node.row(Tables.view, id).value(ViewColumn.deleted) == .integer(1)
    }
    #expect(views.map(isDeleted) == [false, false, false])
    #expect(try node.act(.view(.delete([views[0], views[1]])), by: scene.lead).changes.count == 2)
    #expect(views.map(isDeleted) == [true, true, false])
  }

  @Test func nobodyKeepsOneForAnother() throws {
    for actor in [scene.admin, scene.lead] {
      let refusal = Refusal.forbidden(.ownerOnly(owner: scene.agent, actor: actor))
      #expect(throws: refusal) {
        try node.act(.view(.create(view { $0.restriction = .user(scene.agent) })), by: actor)
      }
      let shared = try made(.macro(.create(macro())), by: actor)
      var taken = MacroDraft()
      taken.restriction = .user(scene.agent)
      #expect(throws: refusal) { try node.act(.macro(.update(shared, taken)), by: actor) }
    }
  }

  @Test func aViewNamesOnlyWhatIsThere() throws {
    func refused(_ field: String, _ value: PlainJSON) -> [String] {
      problems {
        try node.act(
          .view(
            .create(
              view { $0.conditions = ViewConditions(any: [ViewCondition(field, "is", value)]) })),
          by: scene.lead)
      }
    }
    for field in [
      "group_id", "assignee_id", "requester_id", "submitter_id", "organization_id",
    ] {
      #expect(refused(field, .number(999)) == ["any[0].value:RecordNotFound"])
    }
    #expect(refused("custom_fields_999", .text("red")) == ["any[0].field:RecordNotFound"])
    #expect(refused("helio_owner", .text("mars")) == ["any[0].value:InvalidValue"])
    #expect(refused("helio_home", .text("mars")) == ["any[0].value:InvalidValue"])
    #expect(refused("helio_home", .list([.text("tokyo"), .text("current_office")])) == [])
    #expect(refused("group_id", .list([.number(scene.group.rawValue), .text("")])) == [])
    #expect(refused("group_id", .text("current_groups")) == [])
    #expect(refused("assignee_id", .text("current_user")) == [])
  }

  @Test func aViewThatCannotWorkIsRefusedByName() throws {
    func refused(_ change: (inout ViewDraft) -> Void) -> [String] {
      problems { try node.act(.view(.create(view(change))), by: scene.lead) }
    }
    #expect(refused { $0.title = " " } == ["title:BlankValue"])
    #expect(refused { $0.conditions = nil } == ["conditions:BlankValue"])
    #expect(
      refused { $0.conditions?.any = [ViewCondition("x", "is")] } == ["any[0].field:InvalidValue"])
    #expect(
      refused { $0.output = ViewOutput(columns: ["status", "smell", "10001"], groupBy: "smell") }
        == [
          "output.columns[1]:InvalidValue", "output.columns[2]:InvalidValue",
          "output.group_by:InvalidValue",
        ])
    #expect(refused { $0.restriction = .groups([RowID(7)]) } == ["restriction.id:RecordNotFound"])
    #expect(refused { $0.restriction = .unknown } == ["restriction:InvalidValue"])
  }

  @Test func anAgentKeepsTheirOwnAndNothingElse() throws {
    let agent = scene.agent
    let own = try made(.view(.create(view { $0.restriction = .user(agent) })), by: agent)
    #expect(throws: Refusal.self) { try node.act(.view(.create(view())), by: agent) }
    for other in [Restriction.user(scene.lead), .groups([scene.group]), .everybody] {
      var edit = ViewDraft()
      edit.restriction = other
      #expect(throws: Refusal.self) { try node.act(.view(.update(own, edit)), by: agent) }
    }
    var edit = ViewDraft()
    edit.title = "Mine"
    try node.act(.view(.update(own, edit)), by: agent)
    // To everybody else it is not there, to an admin neither.
    for user in [scene.admin, scene.tokyoAgent] {
      #expect(throws: Refusal.notFound(kind: "desk_view", id: "\(own)")) {
        try node.act(.view(.update(own, edit)), by: user)
      }
    }
    let shared = try made(.view(.create(view())), by: scene.lead)
    #expect(throws: Refusal.self) { try node.act(.view(.update(shared, edit)), by: agent) }
  }

  @Test func aMacroThatCannotWorkIsRefusedByName() throws {
    func refused(_ draft: MacroDraft) -> [String] {
      problems { try node.act(.macro(.create(draft)), by: scene.lead) }
    }
    #expect(refused(macro { $0.actions = [] }) == ["actions:BlankValue"])
    #expect(refused(macro { $0.title = nil }) == ["title:BlankValue"])
    let wrong = macro(
      MacroAction("smell", .text("x")), MacroAction("status", .text("new")),
      MacroAction("group_id", .text("7")), MacroAction("assignee_id", .text("me")),
      MacroAction("comment_value", .text(" ")), MacroAction("priority", .list([])),
      MacroAction("custom_fields_10001", .text("x")),
      MacroAction("assignee_id", .text("current_user")),
      MacroAction("group_id", .number(scene.group.rawValue)))
    #expect(
      refused(wrong) == [
        "actions[0].field:InvalidValue", "actions[1].value:InvalidValue",
        "actions[2].value:InvalidValue", "actions[3].value:InvalidValue",
        "actions[4].value:InvalidValue", "actions[5].value:InvalidValue",
        "actions[6].field:InvalidValue",
      ])
  }

  @Test func aScheduleHasTheUsualHoursUntilItIsGivenOthers() throws {
    let draft = ScheduleDraft(name: "Paris", timeZone: "Europe/Paris")
    let id = try made(.schedule(.create(draft)), by: scene.admin)
    let stored = node.row(Tables.schedule, id).value(ScheduleColumn.intervals).text
    #expect(stored == "1980-2460,3420-3900,4860-5340,6300-6780,7740-8220")
    let hours = WeekHours([.init(start: 3_420, end: 3_900), .init(start: 1_440, end: 2_880)])
    try node.act(.schedule(.update(id, ScheduleDraft(hours: hours))), by: scene.admin)
    let changed = node.row(Tables.schedule, id).value(ScheduleColumn.intervals).text
    #expect(changed == "1440-2880,3420-3900")
    #expect(throws: Refusal.self) { try node.act(.schedule(.delete(id)), by: scene.lead) }
  }

  static let schedules: [(String, [(Int, Int)], [String])] = [
    ("Mars/Olympus", [(0, 60)], ["time_zone:InvalidValue"]),
    ("", [(0, 60)], ["time_zone:BlankValue"]),
    ("../etc/passwd", [(0, 60)], ["time_zone:InvalidValue"]),
    ("UTC", [(-1, 60)], ["intervals[0].start_time:InvalidValue"]),
    ("UTC", [(10_080, 10_081)], ["intervals[0].start_time:InvalidValue"]),
    ("UTC", [(60, 60)], ["intervals[0].end_time:InvalidValue"]),
    ("UTC", [(1_380, 1_500)], ["intervals[0].end_time:InvalidValue"]),
    ("UTC", [(10_000, 10_090)], ["intervals[0].end_time:InvalidValue"]),
    ("UTC", [(600, 720), (0, 601)], ["intervals[0].start_time:InvalidValue"]),
    ("Asia/Kolkata", [(600, 720), (0, 600), (10_020, 10_080)], []),
  ]

  @Test(arguments: schedules)
  func aScheduleIsCheckedFieldByField(
    _ zone: String, _ intervals: [(Int, Int)], _ expected: [String]
  ) {
    let hours = WeekHours(intervals.map { WeekHours.Interval(start: $0.0, end: $0.1) })
    let draft = ScheduleDraft(name: "S", timeZone: zone, hours: hours)
    #expect(problems { try node.act(.schedule(.create(draft)), by: scene.admin) } == expected)
  }

  @Test func holidaysBelongToTheirSchedule() throws {
    let draft = ScheduleDraft(name: "Paris", timeZone: "Europe/Paris")
    let schedule = try made(.schedule(.create(draft)), by: scene.admin)
    let other = try made(.schedule(.create(draft)), by: scene.admin)
    let christmas = HolidayDraft(name: "Noël", startDate: "2026-12-25", endDate: "2026-12-26")
    let id = try made(
      .schedule(.createHoliday(schedule: schedule, christmas)), by: scene.admin)
    #expect(throws: Refusal.notFound(kind: "holiday", id: "\(id)")) {
      try node.act(.schedule(.deleteHoliday(schedule: other, id)), by: scene.admin)
    }
    func refused(_ holiday: HolidayDraft) -> [String] {
      problems {
        try node.act(.schedule(.createHoliday(schedule: schedule, holiday)), by: scene.admin)
      }
    }
    #expect(
      refused(HolidayDraft()) == [
        "name:BlankValue", "start_date:BlankValue", "end_date:BlankValue",
      ])
    #expect(
      refused(HolidayDraft(name: "x", startDate: "2026-02-30", endDate: "26-1-1")) == [
        "start_date:InvalidValue", "end_date:InvalidValue",
      ])
    #expect(
      refused(HolidayDraft(name: "x", startDate: "2026-12-26", endDate: "2026-12-25")) == [
        "end_date:InvalidValue"
      ])
    #expect(
      refused(HolidayDraft(name: "x", startDate: "2026-01-01", endDate: "2028-01-01")) == [
        "end_date:InvalidValue"
      ])
    let before = HolidayDraft(endDate: "2026-12-24")
    #expect(
      problems {
        try node.act(
          .schedule(.updateHoliday(schedule: schedule, id, before)), by: scene.admin)
      } == ["end_date:InvalidValue"])
    try node.act(.schedule(.deleteHoliday(schedule: schedule, id)), by: scene.admin)
  }
}
