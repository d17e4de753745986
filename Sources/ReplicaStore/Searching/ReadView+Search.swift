// Full-text terms of a ticket list, and its order by relevance.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

extension ReadView {
  /// Texts that match.
  private static let texts = "SELECT rowid FROM search_text WHERE search_text MATCH ?"

  /// Tickets that hold what matches in a text of theirs, each as often as it has such texts.
  private static let holders = """
    SELECT d.ticket FROM search_text s JOIN search_document d ON d.document = s.rowid
    WHERE s.search_text MATCH ?
    """

  /// The same, each once.
  private static let distinctHolders = holders.replacing("SELECT", with: "SELECT DISTINCT")

  /// Phrases that a ticket must hold, all of them.
  private struct Wanted {
    /// How tickets that hold them in several texts, and not in one, are looked for.
    enum Apart {
      /// There are none.
      case none
      /// One by one: few texts hold the first phrase without the others.
      case few
      /// By gathering all texts of each phrase.
      case many
    }

    /// The rarest first.
    var phrases: [String]
    var apart = Apart.none
    /// Whether the first is known to be in fewer than ``gatheredTexts``.
    var isRare = false

    /// Matches a text that holds them all.
    var together: DatabaseValue { phrases.joined(separator: " AND ").databaseValue }

    /// Matches a text that holds the first, but not all others.
    var firstAlone: DatabaseValue {
      "\(phrases[0]) NOT (\(phrases.dropFirst().joined(separator: " AND ")))".databaseValue
    }
  }

  /// So many texts are gathered in the time in which ``walkedRows`` tickets are tested one by one; so
  /// far they are counted, also to learn which phrase is the rarest.
  private static let gatheredTexts: Int64 = 50_000
  /// So many tickets are tested one by one in the time in which all texts of a common word are
  /// gathered.
  private static let testedTickets: Int64 = 20

  private func wanted(_ phrases: [String]) throws -> Wanted {
    // Said twice is said once.
    let distinct = Set(phrases)
    var wanted = Wanted(phrases: Array(distinct))
    guard distinct.count > 1 else { return wanted }
    let counted = try distinct.sorted().map {
      (phrase: $0, texts: try texts($0.databaseValue, limit: Self.gatheredTexts))
    }.sorted { $0.texts < $1.texts }
    wanted.phrases = counted.map(\.phrase)
    wanted.isRare = counted[0].texts < Self.gatheredTexts
    switch try texts(wanted.firstAlone, limit: Self.testedTickets + 1) {
    case 0: wanted.apart = .none
    // All words that begin so are looked up for each ticket that is tested.
    case ...Self.testedTickets where !distinct.contains { $0.hasSuffix("*") }: wanted.apart = .few
    default: wanted.apart = .many
    }
    return wanted
  }

  /// How many texts match, counted up to a limit.
  private func texts(_ match: DatabaseValue, limit: Int64) throws -> Int64 {
    try db.numberOnce(
      "SELECT count(*) FROM (\(Self.texts) LIMIT ?)", [match, limit.databaseValue]) ?? 0
  }

  /// The tickets in which all words (or the phrase) occur, in subject or any comment.
  func searched(_ term: TicketFilter.Term) throws -> TicketCondition {
    let wanted = try wanted(phrases(term))
    let isInVeryMany = try inOneText(wanted) == Self.countedHits
    return searched(wanted, walk: isInVeryMany ? try walk(wanted, isInVeryMany: true) : nil)
  }

  /// The same for a reader that wants all of them.
  func searchedWhole(_ term: TicketFilter.Term) throws -> TicketCondition {
    searched(try wanted(phrases(term)), walk: nil)
  }

  private func searched(_ wanted: Wanted, walk: TicketWalk?) -> TicketCondition {
    // Punctuation alone is in no text.
    guard !wanted.phrases.isEmpty else { return TicketCondition(test: SQLPiece("0"), finder: nil) }
    let finder = finder(wanted)
    return TicketCondition(
      test: SQLPiece("+id IN (\(finder.sql))", finder.arguments), finder: finder, isExact: true,
      walk: walk)
  }

  /// Finds the tickets with a text that holds all phrases, and those that hold them apart.
  private func finder(_ wanted: Wanted) -> SQLPiece {
    let together = SQLPiece(Self.holders, [wanted.together])
    guard let apart = apart(wanted) else { return together }
    return SQLPiece(
      "\(together.sql) UNION ALL \(apart.sql)", together.arguments + apart.arguments)
  }

  /// Finds the tickets of which one text holds the first phrase but not all, and other texts the
  /// others.
  private func apart(_ wanted: Wanted) -> SQLPiece? {
    guard wanted.phrases.count > 1, wanted.apart != .none else { return nil }
    let tests = wanted.phrases.dropFirst().map { holds("a.ticket", $0.databaseValue, wanted) }
      .joined(by: " AND ")
    // Each ticket is tested once, not once for each text.
    return SQLPiece(
      "SELECT a.ticket FROM (\(Self.distinctHolders)) a WHERE \(tests.sql)",
      [wanted.firstAlone] + tests.arguments)
  }

  /// Whether a text of a ticket holds what matches, in the way that is the quicker one.
  private func holds(_ ticket: String, _ match: DatabaseValue, _ wanted: Wanted) -> SQLPiece {
    wanted.apart == .few ? Self.holdsAlone(ticket, match) : Self.holds(ticket, match)
  }

  /// Whether a text of one ticket holds what matches. All such texts are gathered once, for the first
  /// ticket that is tested.
  private static func holds(_ ticket: String, _ match: DatabaseValue) -> SQLPiece {
    SQLPiece(
      """
      EXISTS (SELECT 1 FROM search_document o WHERE o.ticket = \(ticket)
      AND +o.document IN (\(texts)))
      """, [match])
  }

  /// The same by asking for the texts of that ticket alone.
  private static func holdsAlone(_ ticket: String, _ match: DatabaseValue) -> SQLPiece {
    SQLPiece(
      """
      EXISTS (SELECT 1 FROM search_document o JOIN search_text x ON x.rowid = o.document
      WHERE o.ticket = \(ticket) AND x.search_text MATCH ?)
      """, [match])
  }

  /// The same as tests of one ticket; `isInVeryMany`: no fewer than ``countedHits`` pass.
  private func walk(_ wanted: Wanted, isInVeryMany: Bool) throws -> TicketWalk {
    let isInMoreTexts =
      try isInVeryMany && !wanted.isRare
      && texts(wanted.together, limit: Self.gatheredTexts) == Self.gatheredTexts
    let alone = wanted.phrases.map { Self.holdsAlone("ticket.id", $0.databaseValue) }
    var gathered = [Self.holds("ticket.id", wanted.together)]
    if let apart = apart(wanted) {
      gathered.append(SQLPiece("ticket.id IN (\(apart.sql))", apart.arguments))
    }
    return TicketWalk(
      test: alone.joined(by: " AND "), gathered: gathered.joined(by: " OR "),
      isWorthTesting: isInMoreTexts)
  }

  /// How many tickets have all phrases in one text; ``countedHits`` may stand for more.
  private func inOneText(_ wanted: Wanted) throws -> Int {
    guard !wanted.phrases.isEmpty else { return 0 }
    return try hits(SQLPiece(Self.holders, [wanted.together]))
  }

  /// How many tickets have all phrases in any text of theirs, of which `least` have them in one;
  /// ``countedHits`` may stand for more.
  private func hits(_ wanted: Wanted, least: Int) throws -> Int {
    guard least < Self.countedHits, let apart = apart(wanted) else { return least }
    let together = holds("b.ticket", wanted.together, wanted)
    let more = try hits(
      SQLPiece(
        "SELECT ticket FROM (\(apart.sql)) b WHERE NOT \(together.sql)",
        apart.arguments + together.arguments))
    return min(least + more, Self.countedHits)
  }

  private func hits(_ finder: SQLPiece) throws -> Int {
    let found = try db.numberOnce(
      """
      SELECT count(*) FROM (SELECT DISTINCT ticket FROM (\(finder.sql))
      WHERE ticket NOT IN (SELECT id FROM ticket WHERE deleted = 1) LIMIT ?)
      """, finder.arguments + [Int64(Self.countedHits).databaseValue])
    return Int(found ?? 0)
  }

  private func phrases(_ term: TicketFilter.Term) throws -> [String] {
    switch term {
    case .words(let text): SearchText.words(text)
    case .phrase(let text): SearchText.phrase(text).map { [$0] } ?? []
    default: throw StoreError.badQuery("no full-text term")
    }
  }

  /// So many hits are ranked; of more, what changed last comes first: words that are in
  /// thousands of tickets tell little of them, and ranking takes three times as long as finding.
  static let rankedHits = 1_000

  /// Hits are counted so far: offset pages reach no further.
  static let countedHits = StoreLimits.offsetRows

  /// No ranked list is so long.
  private static let lastPlace: Int64 = 1 << 32

  /// A page by relevance (BM25 of the best matching text), or by the last change where more than
  /// ``rankedHits`` are found; nil where nothing is searched for. The count of words that are in
  /// more tickets than offset pages reach is that bound.
  func relevant(_ query: TicketQuery) throws -> Page<RowID>? {
    var page = try counted(query)
    if case .cursor = query.page { page?.count = nil }
    return page
  }

  private func counted(_ query: TicketQuery) throws -> Page<RowID>? {
    let texts = query.filters.filter { !$0.negated }.compactMap { try? phrases($0.term) }
    guard texts.contains(where: { !$0.isEmpty }) else { return nil }
    let wanted = try wanted(texts.flatMap(\.self))
    var recent = query
    (recent.order, recent.ascending) = (.updatedAt, false)
    // A cursor of the other order goes on in it, a list that began ranked goes on ranked.
    guard let window = try? PageWindow(query.page, order: "relevance") else {
      return try ordered(recent)
    }
    guard window.cursor == nil else {
      return try ranked(wanted, ticketFilter(query.filters), window)
    }
    // Other terms are tested beside the words. A phrase of punctuation alone is in no text.
    guard texts.count == query.filters.count, !texts.contains(where: \.isEmpty) else {
      let found = try ordered(recent, counting: true)
      let isFew = found.count.map { $0 <= Self.rankedHits } ?? false
      return isFew ? try ranked(wanted, ticketFilter(query.filters), window) : found
    }
    return try wordsAlone(wanted, recent, window)
  }

  /// A page of what holds the words, where nothing else is asked for.
  private func wordsAlone(
    _ wanted: Wanted, _ recent: TicketQuery, _ window: PageWindow
  ) throws -> Page<RowID> {
    var wanted = wanted
    let least = try inOneText(wanted)
    let hits = try hits(wanted, least: least)
    if hits == least, hits < Self.countedHits { wanted.apart = .none }
    guard hits > Self.rankedHits else {
      return try ranked(wanted, filter(searched(wanted, walk: nil)), window)
    }
    let walk = try walk(wanted, isInVeryMany: least == Self.countedHits)
    return try ordered(
      recent, [searched(wanted, walk: walk)], known: hits, counting: window.isOffset)
  }

  /// A page by BM25 of what passes a filter, with the count of all that does. A ticket of which one
  /// text holds all phrases comes before one that holds them in several: the best of these is sought
  /// only where a page reaches so far, since that ranks every text that holds any of the phrases.
  private func ranked(
    _ wanted: Wanted, _ filter: SQLPiece, _ window: PageWindow
  ) throws -> Page<RowID> {
    // Relevance is no column: its cursor says how many rows came before.
    var (skip, size) = (window.skip, window.size + 1)
    if let cursor = window.cursor {
      guard (1...Self.lastPlace).contains(cursor.key) else {
        throw StoreError.badCursor(cursor.text)
      }
      skip = window.isBackward ? max(0, Int(cursor.key) - 1 - window.size) : Int(cursor.key)
      if window.isBackward { size = Int(cursor.key) - 1 - skip }
    }
    var (order, count) = try ranking(wanted.together, filter, first: skip + size)
    if wanted.apart != .none, order.count < skip + size, count.map({ $0 > order.count }) ?? true {
      let any = wanted.phrases.joined(separator: " OR ").databaseValue
      let (rest, all) = try ranking(any, filter, first: skip + size + order.count)
      let first = Set(order)
      order += rest.filter { !first.contains($0) }
      count = all
    }
    let rows = order.dropFirst(skip).prefix(size)
    let found = rows.enumerated().map { (row: $1, key: Int64(skip + $0 + 1), id: $1) }
    guard window.isBackward else {
      return window.page(found, order: "relevance", count: count ?? 0)
    }
    var page = window.page(found.reversed(), order: "relevance", count: nil)
    page.hasMore = skip > 0
    return page
  }

  /// The first tickets by the best of their texts that match, and how many pass the filter; nil where
  /// none of these has such a text.
  private func ranking(
    _ match: DatabaseValue, _ filter: SQLPiece, first: Int
  ) throws -> (order: [RowID], count: Int?) {
    let rows = try db.rowsOnce(
      """
      WITH hit(ticket) AS MATERIALIZED (SELECT id FROM ticket WHERE \(filter.sql))
      SELECT d.ticket, min(s.rank) AS best, (SELECT count(*) FROM hit) FROM search_text s
      JOIN search_document d ON d.document = s.rowid
      WHERE search_text MATCH ? AND d.ticket IN (SELECT ticket FROM hit)
      GROUP BY d.ticket ORDER BY best, d.ticket LIMIT ?
      """, filter.arguments + [match, Int64(first).databaseValue])
    var (order, count): ([RowID], Int?) = ([], nil)
    while let row = try rows.next() {
      order.append(RowID(row.int(0)))
      count = Int(row.int(2))
    }
    return (order, count)
  }
}
