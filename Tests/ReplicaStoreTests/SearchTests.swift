// Full text: French, English and Chinese, words and phrases, behind a durable queue.

import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct SearchTests {
  private let bench = TestBench()
  private let store: ReplicaStore
  private let phone: RowID
  private let chinese: RowID
  private let english: RowID

  init() throws {
    store = try bench.open("a", slot: 1)
    phone = try store.makeTicket(1, subject: "Le téléphone chauffe")
    _ = try store.makeComment(2, phone, "Bonjour, depuis hier l'écran reste NOIR.")
    chinese = try store.makeTicket(3, subject: "客户打来电话")
    _ = try store.makeComment(4, chinese, "他说手机发热，话不多，请回电。VIP客户")
    english = try store.makeTicket(5, subject: "Printer on fire")
    _ = try store.makeComment(6, english, "The big red printer hums; please call back.")
    _ = try store.makeComment(7, english, "Nothing else.")
    while try store.indexPendingNow(limit: 3) == 3 {}
  }

  private func found(_ terms: TicketFilter.Term..., order: TicketOrder = .id) throws -> [RowID] {
    let query = TicketQuery(filters: terms.map { TicketFilter($0) }, order: order)
    return try store.readNow { try $0.tickets(query) }.rows.map(\.id)
  }

  @Test(arguments: ["telephone", "Téléphone", "TELEPHONE chauffe", "écran noir", "tele*"])
  func frenchIsFoundWithAndWithoutAccents(words: String) throws {
    #expect(try found(.words(words)) == [phone])
  }

  @Test(arguments: ["电话", "客户", "发热", "客户 发热", "ＶＩＰ", "vip客户"])
  func chineseWordsOfTwoCharactersAreFound(words: String) throws {
    #expect(try found(.words(words)) == [chinese])
  }

  @Test(arguments: ["话电", "电视", "户打电"])
  func charactersThatDoNotStandTogetherAreNoWord(words: String) throws {
    #expect(try found(.words(words)).isEmpty)
  }

  @Test func wordsMayStandInDifferentTexts() throws {
    #expect(try found(.words("fire hums")) == [english])
    #expect(try found(.words("fire"), .words("nothing")) == [english])
    #expect(try found(.words("fire telephone")).isEmpty)
  }

  @Test func aPhraseKeepsItsOrder() throws {
    #expect(try found(.phrase("red printer")) == [english])
    #expect(try found(.phrase("printer red")).isEmpty)
  }

  @Test(arguments: ["\"", "'; DROP TABLE ticket; --", "a\" OR \"b", "NEAR(", "*", "-", "  "])
  func syntaxIsInert(words: String) throws {
    #expect(try found(.words(words)).isEmpty)
    #expect(try found(.phrase(words)).isEmpty)
  }

  @Test func negatedWordsLeaveOut() throws {
    let filters = [TicketFilter(.words("printer"), negated: true)]
    let count = try store.readNow { try $0.countTickets(filters) }
    #expect(count == 2)
  }

  @Test func relevanceOrdersAndPages() throws {
    let all = try found(.words("printer"), order: .relevance)
    #expect(all == [english])
    let other = try store.makeTicket(50, subject: "printer printer printer")
    try store.indexPendingNow()
    let query = TicketQuery(
      filters: [TicketFilter(.words("printer"))], order: .relevance,
      page: .cursor(size: 1, after: nil, before: nil))
    let first = try store.readNow { try $0.tickets(query) }
    #expect(first.rows.map(\.id) == [other])
    #expect(first.hasMore)
    var next = query
    next.page = .cursor(size: 1, after: first.afterCursor, before: nil)
    let second = try store.readNow { try $0.tickets(next) }
    #expect(second.rows.map(\.id) == [english])
    #expect(!second.hasMore)
    next.page = .cursor(size: 1, after: nil, before: second.beforeCursor)
    #expect(try store.readNow { try $0.tickets(next) }.rows.map(\.id) == [other])
  }

  @Test("of more than a thousand hits, what changed last comes first, on every page")
  func manyHitsAreInTheOrderOfTheirLastChange() throws {
    let made = try (0...1_000).map { try store.makeTicket(100 + UInt64($0), subject: "mouse") }
    let dropped = try #require(made.first)
    try store.setTicket(2_000, dropped, TicketColumn.deleted, .integer(1))
    let query = TicketQuery(
      filters: [TicketFilter(.words("mouse"))], order: .relevance, page: .offset(page: 1, size: 3))
    while try store.indexPendingNow(limit: 500) == 500 {}
    let ranked = try store.readNow { try $0.tickets(query) }
    #expect(ranked.count == 1_000)
    #expect(ranked.rows.map(\.id) == Array(made[1...3]), "equal in rank, so by number")

    try store.setTicket(2_001, dropped, TicketColumn.deleted, .integer(0))
    try store.setTicket(2_002, made[7], TicketColumn.priority, .text("high"))
    let recent = try store.readNow { try $0.tickets(query) }
    #expect(recent.count == 1_001)
    #expect(recent.rows.map(\.id) == [made[7], dropped, made[1_000]])

    var next = query
    next.page = .cursor(size: 2, after: nil, before: nil)
    let first = try store.readNow { try $0.tickets(next) }
    next.page = .cursor(size: 2, after: first.afterCursor, before: nil)
    let second = try store.readNow { try $0.tickets(next) }
    #expect(first.rows.map(\.id) == [made[7], dropped])
    #expect(second.rows.map(\.id) == [made[1_000], made[999]])
    next.page = .cursor(size: 2, after: nil, before: second.beforeCursor)
    #expect(try store.readNow { try $0.tickets(next) }.rows.map(\.id) == [made[7], dropped])

    next = query
    next.filters.append(TicketFilter(.phrase("!?")))
    let none = try store.readNow { try $0.tickets(next) }
    #expect(none.rows.isEmpty && none.count == 0, "in no text, so in none with the word")
  }

  @Test("no hit is lost between pages where very many tickets have one status")
  func aWalkAlongEqualKeysLosesNothing() throws {
    let first = try store.makeTickets(3, subject: "mouse", at: 100)
    _ = try store.makeTickets(10_000, subject: "printer", at: 200)
    let last = try store.makeTickets(10_000, subject: "mouse", at: 3_000)
    for id in last.suffix(2) {
      try store.setTicket(9_000, id, TicketColumn.status, .text("hold"))
    }
    while try store.indexPendingNow(limit: 2_000) == 2_000 {}
    var query = TicketQuery(
      filters: [TicketFilter(.words("mouse"))], order: .status,
      page: .cursor(size: 1, after: nil, before: nil))
    query.ascending = true
    var read: [RowID] = []
    for _ in 0..<5 {
      let page = try store.readNow { try $0.tickets(query) }
      read += page.rows.map(\.id)
      query.page = .cursor(size: 1, after: page.afterCursor, before: nil)
    }
    #expect(read == first + last.prefix(2))
  }

  @Test("what is in more tickets than offset pages reach is met along the order of the list")
  func commonWordsAreNotLookedUpOneByOne() throws {
    let made = try store.makeTickets(10_001, subject: "mouse wheel", at: 100)
    while try store.indexPendingNow(limit: 2_000) == 2_000 {}
    try store.setTicket(3_000, made[7], TicketColumn.status, .text("hold"))
    var query = TicketQuery(
      filters: [TicketFilter(.words("wheel mouse"))], order: .relevance,
      page: .offset(page: 1, size: 2))
    let page = try store.readNow { try $0.tickets(query) }
    #expect(page.rows.map(\.id) == [made[7], made[10_000]])
    #expect(page.count == 10_000, "as far as offset pages reach")
    #expect(try store.readNow { try $0.countTickets(query.filters) } == 10_001)

    query.page = .cursor(size: 2, after: nil, before: nil)
    let first = try store.readNow { try $0.tickets(query) }
    query.page = .cursor(size: 2, after: first.afterCursor, before: nil)
    let second = try store.readNow { try $0.tickets(query) }
    #expect(second.rows.map(\.id) == [made[9_999], made[9_998]])
    #expect(second.count == nil)

    query.page = .offset(page: 1, size: 2)
    query.filters.append(TicketFilter(.status(.equal, "hold")))
    let held = try store.readNow { try $0.tickets(query) }
    #expect(held.rows.map(\.id) == [made[7]] && held.count == 1)
    query.filters = [
      TicketFilter(.words("wheel")), TicketFilter(.words("mouse"), negated: true),
    ]
    #expect(try store.readNow { try $0.tickets(query) }.rows.isEmpty)

    // What came last holds none of the words: the page begins behind it.
    _ = try store.makeTickets(200, subject: "printer", at: 4_000)
    while try store.indexPendingNow(limit: 2_000) == 2_000 {}
    query.filters = [TicketFilter(.words("wheel mouse"))]
    let behind = try store.readNow { try $0.tickets(query) }
    #expect(behind.rows.map(\.id) == [made[7], made[10_000]])
    #expect(behind.count == 10_000)
    query.filters.append(TicketFilter(.status(.equal, "new")))
    let new = try store.readNow { try $0.tickets(query) }
    #expect(new.rows.map(\.id) == [made[10_000], made[9_999]])
    #expect(new.count == 10_000)
  }

  @Test func aChangedSubjectIsFoundByItsNewWordsOnly() throws {
    let dot = Dot(Slot(1), 1)
    try store.commit(
      60,
      [
        RowChange(
          RowRef(Desk.ticket, phone),
          [set(TicketColumn.subject, .text("Écran fissuré"), replaces: [dot])])
      ])
    let lag = try store.readNow { try $0.searchLag() }
    #expect(lag.rows == 1)
    #expect(try found(.words("telephone")) == [phone], "not indexed yet")
    try store.indexPendingNow()
    #expect(try found(.words("telephone")).isEmpty)
    #expect(try found(.words("fissure")) == [phone])
    #expect(try store.readNow { try $0.searchLag() }.rows == 0)
  }

  @Test func theQueueSurvivesAClosing() throws {
    let ticket = try store.makeTicket(70, subject: "unindexed")
    try store.close()
    let again = try bench.open("a")
    #expect(try again.readNow { try $0.searchLag() }.rows == 1)
    try again.indexPendingNow()
    let query = TicketQuery(filters: [TicketFilter(.words("unindexed"))])
    #expect(try again.readNow { try $0.tickets(query) }.rows.map(\.id) == [ticket])
  }
}
