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

  @Test func noneAsksForWhatHasNone() throws {
    #expect(
      try filters("tags:none -priority:none ticket_type:none due_date:None") == [
        TicketFilter(.without(.tags)), TicketFilter(.without(.priority), negated: true),
        TicketFilter(.without(.type)), TicketFilter(.without(.dueAt)),
      ])
    #expect(try filters("type:none") == [TicketFilter(.without(.type))])
    let users = try Search.parse("type:user tags:none group:none", me: nil, now: now)
    #expect(users.directory.first?.filters.map(\.term) == [.tag(nil), .group(nil)])
    #expect(throws: SearchProblem.self) { try Search.parse("priority<none", me: nil, now: now) }
  }

  @Test func aSearchOfOneKindLooksThroughNoOther() throws {
    for text in ["ana", "type:user ana", "tags:vip", "created>2026-01-01"] {
      let search = try Search.parse(text, me: nil, now: now, only: .user)
      #expect(search.tickets == nil, "\(text)")
      #expect(search.directory.map(\.kind) == [.user], "\(text)")
    }
    for (text, other) in [("type:ticket ana", "ticket"), ("type:group type:user", "group")] {
      let problem = SearchProblem.badValue(key: "type", value: other, expected: "user")
      #expect(throws: problem) { try Search.parse(text, me: nil, now: now, only: .user) }
    }
    #expect(throws: SearchProblem.self) {
      try Search.parse("status:open", me: nil, now: now, only: .user)
    }
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
    ("10:30", "10:30"), ("re: x", "re:"), (#"C:\path"#, #"C:\path"#),
    ("std::vector", "std::vector"),
    ("colour:", "colour:"), ("<b>", "<b>"), ("-", "-"),
  ])
  func whatIsNoPropertyIsAWord(_ text: String, _ word: String) throws {
    #expect(try filters(text).first == TicketFilter(.words(word)))
  }

  @Test(arguments: [
    ("colour:red", "colour"), ("type:ticket solvd>2020-01-01", "solvd"), ("-colour:red", "colour"),
    ("status:open email:ana@example.com", "email"), ("type:user status:open", "status"),
    ("type:group email:ana@example.com", "email"), ("custom_field_x:1", "custom_field_x"),
  ])
  func anUnknownKeyIsNamedBesideTheKnownOnes(_ text: String, _ key: String) throws {
    let problem = #expect(throws: SearchProblem.self) {
      try Search.parse(text, me: nil, now: now)
    }
    guard case .unknownKey(let found, let known)? = problem else {
      Issue.record("expected an unknown key, got \(String(describing: problem))")
      return
    }
    #expect(found == key)
    #expect(known.contains("created"))
    #expect(!known.contains(key))
    #expect(problem?.message.contains(key) == true)
    #expect(problem?.message.contains("created, ") == true)
  }

  @Test func aKeyOfPeopleAloneAsksForPeople() throws {
    let search = try Search.parse("email:ana@example.com", me: nil, now: now)
    #expect(search.tickets == nil)
    #expect(search.directory.map(\.kind) == [.user])
    #expect(try filters("\"colour:red\"") == [TicketFilter(.phrase("colour:red"))])
  }

  @Test func solvedIsSinceWhenItIsSolved() throws {
    let after = try #require(CivilDate("2020-01-02")).startUTC
    let solved = TicketFilter(.status(.greaterOrEqual, "solved"))
    let since = TicketFilter(.statusSince(.greaterOrEqual, after))
    #expect(try filters("solved>2020-01-01") == [TicketFilter(.allOf([solved, since]))])
    #expect(
      try filters("-solved>2020-01-01") == [TicketFilter(.allOf([solved, since]), negated: true)])
  }

  @Test func copiesFilesAndChannelsAreAskedFor() throws {
    #expect(
      try filters(
        "cc:70002 cc:me -cc:claire@example.com",
        names: [.user("claire@example.com"): [RowID(70_003)]]) == [
          TicketFilter(.collaborator(RowID(70_002))), TicketFilter(.collaborator(me)),
          TicketFilter(.collaborator(RowID(70_003)), negated: true),
        ])
    #expect(
      try filters("has_attachment:true -has_attachment:true") == [
        TicketFilter(.hasAttachment), TicketFilter(.hasAttachment, negated: true),
      ])
    #expect(
      try filters("has_attachment:false via:web -via:import") == [
        TicketFilter(.hasAttachment, negated: true), TicketFilter(.via(.console)),
        TicketFilter(.via(.imported), negated: true),
      ])
    #expect(
      try filters("via:mail -via:email") == [
        TicketFilter(.via(.mail)), TicketFilter(.via(.mail), negated: true),
      ])
  }

  @Test(arguments: ["200001", "#200001", "type:ticket 200001 status:open"])
  func aNumberAloneIsThatOfATicketToo(_ text: String) throws {
    guard case .anyOf(let either)? = try filters(text).first?.term else {
      Issue.record("no alternative")
      return
    }
    #expect(either.first == TicketFilter(.ids([RowID(200_001)])))
    #expect(either.count == 2)
  }

  @Test func aNumberAmongWordsIsAWord() throws {
    #expect(
      try filters("windows 11") == [TicketFilter(.words("windows")), TicketFilter(.words("11"))])
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
    let agents: [DirectoryQuery.Term] = [
      .role(.viewer), .role(.auditor), .role(.lightAgent), .role(.agent), .role(.lead),
    ]
    #expect(
      users.filters.map(\.term)
        == agents + [.email("ana@example.com"), .groupNamed(.group("Support"))])
    let lead = try Search.parse("type:user role:lead helio_role:agent", me: nil, now: now)
    #expect(lead.directory.first?.filters.map(\.term) == [.role(.lead), .role(.agent)])
    #expect(search.names == [.group("Support")])
  }

  @Test func aTicketTypeAsTypeAsksForTickets() throws {
    #expect(try filters("type:problem") == [TicketFilter(.type("problem"))])
  }

  @Test(arguments: [
    ("status:lost", "status"), ("priority>most", "priority"), ("created>soon", "created"),
    ("id:x", "id"), ("sort:up", "sort"), ("order_by:mood", "order_by"),
    ("requester:none", "requester"), ("cc:none", "cc"), ("has_attachment:yes", "has_attachment"),
    ("via:pigeon", "via"), ("solved>soon", "solved"), ("role:foo", "role"),
    ("-created:2026-01-01", "created"),
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
    #expect(throws: SearchProblem.noOrder(key: "type")) {
      try Search.parse("type<user", me: nil, now: now)
    }
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
