// Conditions of views: what each is taken for, and what is said of those that mean nothing.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct ConditionReaderTests {
  private static let now = Instant(seconds: 1_790_000_000)
  private static let hour: Int64 = 3_600_000
  private static let me = RowID(50_001)

  private static func reader(_ user: RowID = me, groups: [RowID] = [RowID(70_001), RowID(80_001)])
    -> ConditionReader
  {
    ConditionReader(
      actor: Actor(user: user, role: .agent, office: OfficeID("paris"), authority: nil),
      groups: groups, now: now)
  }

  private func read(_ condition: ViewCondition) throws -> [TicketFilter] {
    try Self.reader().filters(ViewConditions(all: [condition]))
  }

  private static func any(_ terms: TicketFilter.Term..., not: Bool = false) -> TicketFilter {
    TicketFilter(.anyOf(terms.map { TicketFilter($0) }), negated: not)
  }
  private static func all(_ terms: TicketFilter.Term...) -> TicketFilter {
    TicketFilter(.allOf(terms.map { TicketFilter($0) }))
  }

  /// A condition, and what it asks of tickets.
  struct Case: CustomStringConvertible {
    let condition: ViewCondition
    let filter: TicketFilter
    var description: String {
      "\(condition.field) \(condition.comparison) \(condition.value.texts)"
    }

    init(
      _ field: String, _ comparison: String, _ value: PlainJSON, _ filter: TicketFilter
    ) {
      condition = ViewCondition(field, comparison, value)
      self.filter = filter
    }
  }

  static let understood: [Case] = [
    Case("status", "is", .text("open"), any(.status(.equal, "open"))),
    Case("status", "is_not", .text("Open"), any(.status(.equal, "open"), not: true)),
    Case("status", "less_than", .text("solved"), all(.status(.less, "solved"))),
    Case("status", "greater_than_equal", .text("hold"), all(.status(.greaterOrEqual, "hold"))),
    Case(
      "status", "includes", .list([.text("new"), .text("hold")]),
      any(.status(.equal, "new"), .status(.equal, "hold"))),
    Case("custom_status_id", "is", .text("103"), any(.status(.equal, "pending"))),
    Case("priority", "greater_than", .text("normal"), all(.priority(.greater, "normal"))),
    Case("priority", "is", .text(""), any(.without(.priority))),
    Case("type", "not_includes", .list([.text("task")]), any(.type("task"), not: true)),
    Case("type", "is", .null, any(.without(.type))),
    Case("group_id", "is", .text("60001"), any(.group(RowID(60_001)))),
    Case("group_id", "is", .null, any(.group(nil))),
    Case(
      "group_id", "is", .text("current_groups"),
      any(.group(RowID(70_001)), .group(RowID(80_001)))),
    Case("assignee_id", "is", .text("current_user"), any(.assignee(me))),
    Case("assignee_id", "is_not", .number(90_001), any(.assignee(RowID(90_001)), not: true)),
    Case("assignee_id", "is", .text(""), any(.assignee(nil))),
    Case("requester_id", "is", .text("current_user"), any(.requester(me))),
    Case("organization_id", "is", .text(""), any(.organization(nil))),
    Case(
      "current_tags", "includes", .text("VIP  gold,blue"),
      any(.tag("vip"), .tag("gold"), .tag("blue"))),
    Case("current_tags", "not_includes", .text("vip"), any(.tag("vip"), not: true)),
    Case("helio_home", "is", .text("tokyo"), any(.home(OfficeID("tokyo")))),
    Case("helio_home", "is", .text("current_office"), any(.home(OfficeID("paris")))),
    // An office of which nothing is known owns nothing.
    Case("helio_owner", "is", .text("tokyo"), any(.ids([]))),
    Case(
      "custom_fields_10001", "is", .text("7"),
      any(.field(RowID(10_001), .text("7")), .field(RowID(10_001), .integer(7)))),
    Case(
      "custom_fields_10001", "is", .flag(true),
      any(.field(RowID(10_001), .text("true")), .field(RowID(10_001), .integer(1)))),
    Case(
      "custom_fields_10001", "present", .null,
      TicketFilter(.field(RowID(10_001), .null), negated: true)),
    Case("custom_fields_10001", "not_present", .null, any(.field(RowID(10_001), .null))),
    Case(
      "custom_fields_10001", "less_than", .text("10"),
      all(.fieldBound(RowID(10_001), .less, .integer(10)))),
    // Less than two hours ago is later than two hours before now.
    Case("created_at", "less_than", .text("2"), all(.created(.greater, now + -2 * hour))),
    Case("NEW", "greater_than", .number(2), all(.created(.less, now + -2 * hour))),
    Case("updated_at", "less_than_equal", .text("1"), all(.updated(.greaterOrEqual, now + -hour))),
    Case(
      "updated_at", "is", .text("1"),
      all(.updated(.lessOrEqual, now + -hour), .updated(.greater, now + -2 * hour))),
    Case(
      "SOLVED", "greater_than", .text("24"),
      all(.status(.greaterOrEqual, "solved"), .statusSince(.less, now + -24 * hour))),
    Case(
      "PENDING", "less_than", .text("3"),
      all(.status(.equal, "pending"), .statusSince(.greater, now + -3 * hour))),
    Case("assigned_at", "less_than", .text("1"), all(.assigned(.greater, now + -hour))),
    Case(
      "due_date", "less_than", .text("1"),
      all(.due(.greater, now + -hour), .due(.lessOrEqual, now))),
    Case(
      "until_due_date", "less_than", .text("1"),
      all(.due(.greaterOrEqual, now), .due(.less, now + hour))),
    Case(
      "created_at", "less_than", .text("2026-09-18"),
      all(.created(.less, Instant(seconds: 1_789_689_600)))),
  ]

  @Test(arguments: understood)
  func aConditionAsksWhatItSays(_ each: Case) throws {
    #expect(try read(each.condition) == [each.filter])
  }

  @Test(arguments: [("status", "not_includes, less_than"), ("custom_fields_5", "not_present")])
  func theErrorNamesEveryOperator(_ field: String, _ words: String) {
    let condition = ViewCondition(field, "resembles", .text("open"))
    do {
      _ = try read(condition)
      Issue.record("it was understood")
    } catch Refusal.invalid(let problems) {
      #expect(problems.first?.message.contains(words) == true, "\(problems)")
    } catch {
      Issue.record(error)
    }
  }

  static let misunderstood: [(String, String, PlainJSON, String)] = [
    ("colour", "is", .text("red"), "all[0].field"),
    ("status", "is", .text("galactic"), "all[0].value"),
    ("status", "less_than", .list([.text("new"), .text("open")]), "all[0].value"),
    ("status", "present", .null, "all[0].operator"),
    ("group_id", "less_than", .number(60_001), "all[0].operator"),
    ("group_id", "is", .text("support"), "all[0].value"),
    ("requester_id", "is", .text(""), "all[0].value"),
    ("organization_id", "is", .text("current_user"), "all[0].value"),
    ("current_tags", "includes", .text(" "), "all[0].value"),
    ("current_tags", "less_than", .text("a"), "all[0].operator"),
    ("helio_owner", "is", .text("no office!"), "all[0].value"),
    ("created_at", "is_not", .text("2"), "all[0].operator"),
    ("created_at", "less_than", .text("soon"), "all[0].value"),
    ("created_at", "less_than", .number(-1), "all[0].value"),
    ("created_at", "less_than", .number(.max), "all[0].value"),
    ("custom_fields_x", "is", .text("1"), "all[0].field"),
    ("custom_status_id", "is", .text("1"), "all[0].value"),
  ]

  @Test(arguments: misunderstood)
  func aConditionThatMeansNothingIsNamed(
    _ field: String, _ comparison: String, _ value: PlainJSON, _ place: String
  ) {
    let found = problems { _ = try read(ViewCondition(field, comparison, value)) }
    #expect(found == ["\(place):InvalidValue"])
  }

  @Test func everyFaultIsToldAtOnceAndNoneIsNoView() throws {
    let conditions = ViewConditions(
      all: [ViewCondition("x", "is"), ViewCondition("status", "is", .text("open"))],
      any: [ViewCondition("priority", "is", .text("none"))])
    #expect(
      problems { _ = try Self.reader().filters(conditions) } == [
        "all[0].field:InvalidValue", "any[0].value:InvalidValue",
      ])
    #expect(
      problems { _ = try Self.reader().filters(ViewConditions()) } == ["conditions:BlankValue"])
    let many = ViewConditions(
      all: Array(repeating: ViewCondition("status", "is", .text("open")), count: 101))
    #expect(problems { _ = try Self.reader().filters(many) } == ["conditions:TooLong"])
  }

  /// Each value is a piece of a question to the database, which has its own limits.
  @Test func valuesAreCounted() {
    func list(_ count: Int) -> ViewCondition {
      ViewCondition("assignee_id", "includes", .list((1...count).map { .number(Int64($0)) }))
    }
    func said(_ conditions: ViewConditions) -> [String] {
      problems { _ = try Self.reader().filters(conditions) }
    }
    #expect(said(ViewConditions(all: [list(100)])) == [])
    #expect(said(ViewConditions(any: [list(101)])) == ["any[0].value:InvalidValue"])
    #expect(said(ViewConditions(all: Array(repeating: list(30), count: 100))) == [])
    #expect(
      said(ViewConditions(all: Array(repeating: list(31), count: 100))) == ["conditions:TooLong"])
    let tags = ViewCondition(
      "current_tags", "includes", .text((0...300).map { "t\($0)" }.joined(separator: " ")))
    #expect(said(ViewConditions(all: [tags])) == ["all[0].value:InvalidValue"])
  }

  @Test func anyIsOneFilterBesideAll() throws {
    let conditions = ViewConditions(
      all: [ViewCondition("status", "is", .text("open"))],
      any: [
        ViewCondition("priority", "is", .text("high")), ViewCondition("type", "is", .text("task")),
      ])
    let filters = try Self.reader().filters(conditions)
    #expect(
      filters == [
        Self.any(.status(.equal, "open")),
        TicketFilter(
          .anyOf([Self.any(.priority(.equal, "high")), Self.any(.type("task"))])),
      ])
  }

  /// The node's operator is nobody, and who is in no group has no groups' tickets.
  @Test func whoIsNobodyFindsNothingOfTheirs() throws {
    let mine = ViewConditions(all: [ViewCondition("assignee_id", "is", .text("current_user"))])
    #expect(try Self.reader(.none).filters(mine) == [Self.any(.ids([]))])
    let ours = ViewConditions(all: [ViewCondition("group_id", "is", .text("current_groups"))])
    #expect(try Self.reader(groups: []).filters(ours) == [Self.any(.ids([]))])
  }

  @Test func whatIsStoredIsReadBack() throws {
    let conditions = ViewConditions(
      all: [
        ViewCondition("status", "is", .list([.text("a\"b/é"), .number(-3), .flag(false), .null]))
      ])
    #expect(ViewConditions(stored: conditions.stored) == conditions)
    #expect(ViewConditions(stored: "{}") == nil)
    let output = ViewOutput(columns: ["status", "10001"], groupBy: "status", sortBy: nil)
    #expect(ViewOutput(stored: output.stored) == output)
  }
}
