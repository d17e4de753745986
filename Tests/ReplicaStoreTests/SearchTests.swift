// Full text: French, English and Chinese, words and phrases, behind a durable queue.

import Foundation
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

  /// Each ticket is held against its own texts, whichever word is the rarest and whoever counts.
  @Test(arguments: [
    ["red", "green"], ["green", "red"], ["blue", "red", "green"], ["red", "white"],
    ["red", "black"],
  ])
  func wordsInSeveralTextsAreFoundCountedAndNegated(words: [String]) throws {
    let texts = try colouredTickets()
    let holders = texts.filter { ticket in
      words.allSatisfy { word in ticket.value.contains { $0.contains(word) } }
    }.keys.sorted()
    let all = words.joined(separator: " ")
    #expect(try every([.words(all)], order: .id) == holders)
    let others = words.dropFirst().joined(separator: " ")
    #expect(try every([.words(words[0]), .phrase(others)], order: .id).count <= holders.count)
    let recent = try every([.words(words[0]), .words(others)], order: .updatedAt)
    #expect(recent.sorted() == holders)

    let ranked = try every([.words(all)], order: .relevance)
    #expect(ranked.sorted() == holders)
    let isInOne = ranked.map { texts[$0]?.contains { $0.isSuperset(of: words) } == true }
    #expect(isInOne == isInOne.filter(\.self) + isInOne.filter { !$0 }, "one text comes first")
    var pages: [RowID] = []
    for number in 1...26 {
      let query = TicketQuery(
        filters: [TicketFilter(.words(all))], order: .relevance,
        page: .offset(page: number, size: 10))
      let page = try store.readNow { try $0.tickets(query) }
      pages += page.rows.map(\.id)
      #expect(page.count == holders.count)
    }
    #expect(pages == ranked)
    let negated = [TicketFilter(.words(all), negated: true)]
    #expect(try store.readNow { try $0.countTickets(negated) } == 259 - holders.count)
  }

  /// The same page by page, each from the cursor of the one before.
  private func every(_ terms: [TicketFilter.Term], order: TicketOrder) throws -> [RowID] {
    var query = TicketQuery(
      filters: terms.map { TicketFilter($0) }, order: order,
      page: .cursor(size: 15, after: nil, before: nil))
    var found: [RowID] = []
    while true {
      let page = try store.readNow { try $0.tickets(query) }
      found += page.rows.map(\.id)
      guard page.hasMore else { return found }
      query.page = .cursor(size: 15, after: page.afterCursor, before: nil)
    }
  }

  /// Tickets with every choice of four words in subject and comment, and these words.
  private func colouredTickets() throws -> [RowID: [Set<String>]] {
    let colours = ["red", "green", "blue", "white"]
    var texts: [RowID: [Set<String>]] = [:]
    for number in 0..<256 as Range<UInt64> {
      let subject = Set(colours.indices.filter { number >> $0 & 1 == 1 }.map { colours[$0] })
      let body = Set(colours.indices.filter { number >> ($0 + 4) & 1 == 1 }.map { colours[$0] })
      let ticket = try store.makeTicket(1_000 + number, subject: Self.text(subject))
      _ = try store.makeComment(2_000 + number, ticket, Self.text(body))
      texts[ticket] = [subject, body]
    }
    while try store.indexPendingNow(limit: 500) == 500 {}
    return texts
  }

  /// Texts of one length, so that the number of words says nothing of it.
  private static func text(_ words: Set<String>) -> String {
    (words.sorted() + Array(repeating: "and", count: 4 - words.count)).joined(separator: " ")
  }

  @Test func aNumberOfNoTicketIsAWord() throws {
    let ticket = try store.makeTicket(60, subject: "error 491 491")
    let other = try store.makeTicket(61, subject: "error 491, and so on and on")
    try store.indexPendingNow()
    func number(_ id: RowID, _ word: String) -> TicketFilter.Term {
      .anyOf([TicketFilter(.ids([id])), TicketFilter(.words(word))])
    }
    let ranked = try found(number(RowID(491), "491"), order: .relevance)
    #expect(ranked == [ticket, other], "by relevance, like any word")
    #expect(try found(number(phone, "491")) == [phone, ticket, other].sorted())
    let count = try store.readNow {
      try $0.countTickets([TicketFilter(number(RowID(491), "491"), negated: true)])
    }
    #expect(count == 3)
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

  /// Cursors are not signed: anybody may write one.
  @Test(arguments: [-5, 0, Int64.max, Int64.min, 1 << 40])
  func anInventedPlaceInARankedListIsNoCursor(place: Int64) throws {
    let cursor = Data("relevance|\(place)|1".utf8).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    for words in ["printer", "red printer", "nowhere"] {
      for page in [
        PageRequest.cursor(size: 10, after: cursor, before: nil),
        .cursor(size: 10, after: nil, before: cursor),
      ] {
        let query = TicketQuery(
          filters: [TicketFilter(.words(words))], order: .relevance, page: page)
        #expect {
          try store.readNow { try $0.tickets(query) }
        } throws: { error in
          if case .badCursor? = error as? StoreError { true } else { false }
        }
      }
    }
  }

  @Test func punctuationBesideWordsIsPassedOver() throws {
    #expect(try found(.words("printer"), .words("&"), order: .relevance) == [english])
    #expect(try found(.words("&"), order: .relevance).isEmpty)
    #expect(try found(.words("printer printer fire"), order: .relevance) == [english])
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

  @Test("of more than a thousand hits some may hold one word here and another there")
  func manyHitsMayHoldTheirWordsInSeveralTexts() throws {
    let made = try store.makeTickets(1_100, subject: "mouse", at: 10_000)
    for (number, ticket) in made.enumerated() {
      let text = number % 2 == 0 ? "wheel" : "wheel of a mouse"
      if number != 7 { _ = try store.makeComment(20_000 + UInt64(number), ticket, text) }
    }
    while try store.indexPendingNow(limit: 500) == 500 {}
    var query = TicketQuery(
      filters: [TicketFilter(.words("mouse wheel"))], order: .relevance,
      page: .offset(page: 1, size: 100))
    var read: [RowID] = []
    for number in 1...11 {
      query.page = .offset(page: number, size: 100)
      let page = try store.readNow { try $0.tickets(query) }
      #expect(page.count == 1_099)
      read += page.rows.map(\.id)
    }
    #expect(Set(read) == Set(made).subtracting([made[7]]) && read.count == 1_099)
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
