// The search language: what each form of a term asks for, and what cannot be asked.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct SearchTests {
  /// 2026-09-18T12:00:00Z.
  let now = Instant(seconds: 1_789_732_800)
  let me = RowID(70_001)

  func filters(_ text: String, names: [SearchName: [RowID]] = [:]) throws -> [TicketFilter] {
    try query(text, names: names).filters
  }

  func query(_ text: String, names: [SearchName: [RowID]] = [:]) throws -> TicketQuery {
    let search = try Search.parse(text, me: me, now: now)
    let tickets = try #require(search.tickets)
    return tickets.query(names: names, page: .offset(page: 1, size: 100))
  }

  @Test func theUsualSearchIsUnderstood() throws {
    let found = try filters(
      """
      type:ticket status<solved priority:high tags:vip created>2026-01-01 assignee:me \
      "exact words" -word
      """)
    let firstAfter = try #require(CivilDate("2026-01-02")).startUTC
    #expect(
      found == [
        TicketFilter(.status(.less, "solved")), TicketFilter(.priority(.equal, "high")),
        TicketFilter(.tag("vip")), TicketFilter(.created(.greaterOrEqual, firstAfter)),
        TicketFilter(.assignee(me)), TicketFilter(.phrase("exact words")),
        TicketFilter(.words("word"), negated: true),
      ])
  }

  @Test(arguments: [
    ("created:2026-09-18", [Comparison.greaterOrEqual, .less], [1_789_689_600, 1_789_776_000]),
    ("created>=2026-09-18", [.greaterOrEqual], [1_789_689_600]),
    ("created<=2026-09-18", [.less], [1_789_776_000]),
    ("created<2026-09-18", [.less], [1_789_689_600]),
    ("created>2hours", [.greater], [1_789_725_600]),
    ("created<1week", [.less], [1_789_128_000]),
    ("created>2026-09-18T10:30:05Z", [.greater], [1_789_727_405]),
    ("created:today", [.greaterOrEqual, .less], [1_789_689_600, 1_789_776_000]),
  ])
  func timesBecomeBounds(_ text: String, _ comparisons: [Comparison], _ seconds: [Int64]) throws {
    let expected = zip(comparisons, seconds).map {
      TicketFilter(.created($0, Instant(seconds: $1)))
    }
    #expect(try filters(text) == expected)
  }

  @Test func namesAreResolvedByTheNode() throws {
    let text = "group:\"Second level\" requester:ana@example.com -assignee:\"Jo Doe\""
    let search = try Search.parse(text, me: nil, now: now)
    #expect(search.names == [.group("Second level"), .user("ana@example.com"), .user("Jo Doe")])
    let found = try filters(
      text, names: [.group("Second level"): [RowID(10_001), RowID(20_001)]])
    #expect(
      found == [
        TicketFilter(.group(RowID(10_001))), TicketFilter(.group(RowID(20_001))),
        TicketFilter(.ids([])),
      ])
  }

  @Test func noneAsksForNobody() throws {
    #expect(
      try filters("assignee:none -group:none organization:none") == [
        TicketFilter(.assignee(nil)), TicketFilter(.group(nil), negated: true),
        TicketFilter(.organization(nil)),
      ])
  }

  @Test func idsNeedNoName() throws {
    #expect(
      try filters("assignee:70001 group:30001 id:450001") == [
        TicketFilter(.assignee(RowID(70_001))), TicketFilter(.group(RowID(30_001))),
        TicketFilter(.ids([RowID(450_001)])),
      ])
  }

  @Test func orderIsTaken() throws {
    let query = try query("status:open order_by:updated sort:asc")
    #expect(query.order == .updatedAt)
    #expect(query.ascending)
    #expect(query.filters == [TicketFilter(.status(.equal, "open"))])
  }

  @Test func customFieldsAreFoundWhateverTheirType() throws {
    #expect(
      try filters("custom_field_360001:12") == [
        TicketFilter(.field(RowID(360_001), .text("12"))),
        TicketFilter(.field(RowID(360_001), .integer(12))),
      ])
  }

  @Test(arguments: [
    ("http://example.com/a", "http://example.com/a"), ("电话", "电话"), ("téléphone", "téléphone"),
    ("colour:red", "colour:red"), ("a<b", "a<b"), ("-", "-"),
  ])
  func whatIsNoPropertyIsAWord(_ text: String, _ word: String) throws {
    #expect(try filters(text) == [TicketFilter(.words(word))])
  }

  @Test func anUnclosedQuotationRunsToTheEnd() throws {
    #expect(try filters("\"half a phrase") == [TicketFilter(.phrase("half a phrase"))])
  }

  @Test func onlyWordsAlsoAskTheDirectory() throws {
    let search = try Search.parse("ana", me: nil, now: now)
    #expect(search.tickets != nil)
    #expect(search.directory.map(\.kind) == [.user, .organization, .group])
    #expect(try Search.parse("status:open ana", me: nil, now: now).directory.isEmpty)
  }

  @Test func usersAreAskedByType() throws {
    let search = try Search.parse(
      "type:user role:agent email:Ana@Example.com group:Support", me: nil, now: now)
    #expect(search.tickets == nil)
    let users = try #require(search.directory.first)
    #expect(
      users.filters.map(\.term) == [
        .role(.agent), .email("ana@example.com"), .groupNamed(.group("Support")),
      ])
    #expect(search.names == [.group("Support")])
  }

  @Test func aTicketTypeAsTypeAsksForTickets() throws {
    #expect(try filters("type:problem") == [TicketFilter(.type("problem"))])
  }

  @Test(arguments: [
    ("status:lost", "status"), ("priority>most", "priority"), ("created>soon", "created"),
    ("id:x", "id"), ("sort:up", "sort"), ("order_by:mood", "order_by"),
    ("requester:none", "requester"), ("-created:2026-01-01", "created"),
  ])
  func aKnownKeyWithABadValueIsAProblem(_ text: String, _ key: String) throws {
    let problem = #expect(throws: SearchProblem.self) {
      try Search.parse(text, me: nil, now: now)
    }
    guard case .badValue(let found, _, _)? = problem else {
      Issue.record("expected a bad value, got \(String(describing: problem))")
      return
    }
    #expect(found == key)
  }

  @Test func otherProblemsNameTheirRule() {
    #expect(throws: SearchProblem.noOrder(key: "tags")) {
      try Search.parse("tags<a", me: nil, now: now)
    }
    #expect(throws: SearchProblem.nobodyIsMe(key: "assignee")) {
      try Search.parse("assignee:me", me: nil, now: now)
    }
    #expect(throws: SearchProblem.unknownType("article")) {
      try Search.parse("type:article", me: nil, now: now)
    }
    #expect(throws: SearchProblem.tooManyTerms(65)) {
      try Search.parse(
        Array(repeating: "a", count: 65).joined(separator: " "), me: nil, now: now)
    }
    #expect(throws: SearchProblem.tooLong(bytes: 5_000)) {
      try Search.parse(String(repeating: "a", count: 5_000), me: nil, now: now)
    }
  }
}
