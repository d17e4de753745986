// Full-text terms of a ticket list, and its order by relevance.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

extension ReadView {
  /// Tickets that hold a phrase in a text of theirs, each as often as it has such texts.
  private static let holders = """
    SELECT d.ticket FROM search_text s JOIN search_document d ON d.document = s.rowid
    WHERE s.search_text MATCH ?
    """

  /// The tickets in which all words (or the phrase) occur, in subject or any comment.
  func searched(_ term: TicketFilter.Term) throws -> TicketCondition {
    let phrases = try phrases(term)
    return try searched(phrases, walked: try inOneText(phrases) == Self.countedHits)
  }

  /// The same for a reader that wants all of them.
  func searchedWhole(_ term: TicketFilter.Term) throws -> TicketCondition {
    try searched(phrases(term), walked: false)
  }

  private func searched(_ phrases: [String], walked: Bool) throws -> TicketCondition {
    // Punctuation alone is in no text.
    guard !phrases.isEmpty else { return TicketCondition(test: SQLPiece("0"), finder: nil) }
    let arguments = phrases.map(\.databaseValue)
    let finder = phrases.map { _ in Self.holders }.joined(separator: " INTERSECT ")
    let test = phrases.map { _ in "+id IN (\(Self.holders))" }.joined(separator: " AND ")
    return TicketCondition(
      test: SQLPiece(test, arguments), finder: SQLPiece(finder, arguments), isExact: true,
      walk: walked ? try walk(phrases) : nil)
  }

  /// So many texts are gathered in the time in which ``walkedRows`` tickets are tested one by one.
  private static let gatheredTexts = 50_000

  private func isInMoreTexts(_ phrases: [String]) throws -> Bool {
    let found = try db.numberOnce(
      "SELECT count(*) FROM (SELECT 1 FROM search_text WHERE search_text MATCH ? LIMIT ?)",
      [
        phrases.joined(separator: " AND ").databaseValue,
        Int64(Self.gatheredTexts).databaseValue,
      ])
    return found == Int64(Self.gatheredTexts)
  }

  /// The same as a test of one ticket.
  private func walk(_ phrases: [String]) throws -> TicketWalk {
    let one = """
      EXISTS (SELECT 1 FROM search_document d JOIN search_text s ON s.rowid = d.document
      WHERE d.ticket = ticket.id AND s.search_text MATCH ?)
      """
    let test = SQLPiece(
      phrases.map { _ in one }.joined(separator: " AND "), phrases.map(\.databaseValue))
    return TicketWalk(test: test, isWorthTesting: try isInMoreTexts(phrases))
  }

  /// How many tickets have all phrases in one text; ``countedHits`` may stand for more.
  private func inOneText(_ phrases: [String]) throws -> Int {
    guard !phrases.isEmpty else { return 0 }
    return try hits(Self.holders, [phrases.joined(separator: " AND ").databaseValue])
  }

  /// How many tickets have all phrases in any text of theirs; ``countedHits`` may stand for more.
  private func hits(_ phrases: [String]) throws -> Int {
    let least = try inOneText(phrases)
    guard phrases.count > 1, least < Self.countedHits else { return least }
    return try hits(
      phrases.map { _ in Self.holders }.joined(separator: " INTERSECT "),
      phrases.map(\.databaseValue))
  }

  private func hits(_ holders: String, _ arguments: [DatabaseValue]) throws -> Int {
    let found = try db.numberOnce(
      """
      SELECT count(*) FROM (SELECT DISTINCT ticket FROM (\(holders))
      WHERE ticket NOT IN (SELECT id FROM ticket WHERE deleted = 1) LIMIT ?)
      """, arguments + [Int64(Self.countedHits).databaseValue])
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
    let words = texts.flatMap(\.self)
    guard !words.isEmpty else { return nil }
    var recent = query
    (recent.order, recent.ascending) = (.updatedAt, false)
    // A cursor of the other order goes on in it, a list that began ranked goes on ranked.
    guard let window = try? PageWindow(query.page, order: "relevance") else {
      return try ordered(recent)
    }
    guard window.cursor == nil else { return try ranked(query, words, window) }
    // Punctuation alone is in no text, and so are words beside it.
    guard texts.count == query.filters.count, !texts.contains(where: \.isEmpty) else {
      let found = try ordered(recent, counting: true)
      let isFew = found.count.map { $0 <= Self.rankedHits } ?? false
      return isFew ? try ranked(query, words, window) : found
    }
    // Whether they are few is known of one phrase, of several once they are ranked.
    if try inOneText(words) <= Self.rankedHits {
      let page = try ranked(query, words, window)
      if words.count == 1 || page.count ?? 0 <= Self.rankedHits { return page }
    }
    return try ordered(
      recent, [try searched(words, walked: true)], known: try hits(words),
      counting: window.isOffset)
  }

  /// A page by BM25; it counts all hits, unless it begins after a cursor.
  private func ranked(
    _ query: TicketQuery, _ phrases: [String], _ window: PageWindow
  ) throws -> Page<RowID> {
    // Relevance is no column: its cursor says how many rows came before.
    var (skip, size) = (window.skip, window.size + 1)
    if let cursor = window.cursor {
      skip = window.isBackward ? max(0, Int(cursor.key) - 1 - window.size) : Int(cursor.key)
      if window.isBackward { size = Int(cursor.key) - 1 - skip }
    }
    let filter = try ticketFilter(query.filters)
    let rows = try db.rowsOnce(
      """
      WITH hit(ticket) AS MATERIALIZED (SELECT id FROM ticket WHERE \(filter.sql))
      SELECT d.ticket, min(s.rank) AS best, (SELECT count(*) FROM hit) FROM search_text s
      JOIN search_document d ON d.document = s.rowid
      WHERE search_text MATCH ? AND d.ticket IN (SELECT ticket FROM hit)
      GROUP BY d.ticket ORDER BY best, d.ticket LIMIT ? OFFSET ?
      """,
      filter.arguments + [
        phrases.joined(separator: " OR ").databaseValue, Int64(size).databaseValue,
        Int64(skip).databaseValue,
      ])
    var found: [(row: RowID, key: Int64, id: RowID)] = []
    var count = skip == 0 ? 0 : nil
    while let row = try rows.next() {
      found.append((RowID(row.int(0)), Int64(skip + found.count + 1), RowID(row.int(0))))
      count = Int(row.int(2))
    }
    // Beyond the last page no row tells.
    if window.isOffset, count == nil { count = try self.count(filter) }
    guard window.isBackward else { return window.page(found, order: "relevance", count: count) }
    var page = window.page(found.reversed(), order: "relevance", count: count)
    page.hasMore = skip > 0
    return page
  }
}
