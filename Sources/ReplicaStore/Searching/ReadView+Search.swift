// Full-text terms of a ticket list, and its order by relevance.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

extension ReadView {
  /// The tickets in which all words (or the phrase) occur, in subject or any comment.
  func searched(_ term: TicketFilter.Term) throws -> TicketCondition {
    let phrases = try phrases(term)
    // Punctuation alone is in no text.
    guard !phrases.isEmpty else { return TicketCondition(test: SQLPiece("0"), finder: nil) }
    let one = """
      SELECT ticket FROM search_document WHERE document IN
      (SELECT rowid FROM search_text WHERE search_text MATCH ?)
      """
    let finder = SQLPiece(
      phrases.map { _ in one }.joined(separator: " INTERSECT "), phrases.map(\.databaseValue))
    return TicketCondition(
      test: SQLPiece("+id IN (\(finder.sql))", finder.arguments), finder: finder, isExact: true,
      walk: try isCommon(phrases) ? walk(phrases) : nil)
  }

  /// The same as a test of one ticket.
  private func walk(_ phrases: [String]) -> SQLPiece {
    let one = """
      EXISTS (SELECT 1 FROM search_document d JOIN search_text s ON s.rowid = d.document
      WHERE d.ticket = ticket.id AND s.search_text MATCH ?)
      """
    return SQLPiece(
      phrases.map { _ in one }.joined(separator: " AND "), phrases.map(\.databaseValue))
  }

  /// Whether at least ``StoreLimits/offsetRows`` tickets have all phrases in one text.
  private func isCommon(_ phrases: [String]) throws -> Bool {
    let limit = Int64(StoreLimits.offsetRows)
    let count = try db.numberOnce(
      """
      SELECT count(*) FROM (SELECT DISTINCT d.ticket FROM search_text s
      JOIN search_document d ON d.document = s.rowid WHERE s.search_text MATCH ? LIMIT ?)
      """,
      [phrases.joined(separator: " AND ").databaseValue, limit.databaseValue])
    return count == limit
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

  /// A page by relevance (BM25 of the best matching text), or by the last change where more than
  /// ``rankedHits`` are found; nil where nothing is searched for. The count of words that are in
  /// more tickets than offset pages reach is that bound.
  func relevant(_ query: TicketQuery) throws -> Page<RowID>? {
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
    if texts.count == query.filters.count, try isCommon(words) {
      return try ordered(recent, count: StoreLimits.offsetRows)
    }
    var found = try ordered(recent, counting: true)
    if let count = found.count, count <= Self.rankedHits {
      return try ranked(query, words, window)
    }
    if !window.isOffset { found.count = nil }
    return found
  }

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
      SELECT d.ticket, min(s.rank) AS best FROM search_text s
      JOIN search_document d ON d.document = s.rowid
      WHERE search_text MATCH ? AND d.ticket IN (SELECT id FROM ticket WHERE \(filter.sql))
      GROUP BY d.ticket ORDER BY best, d.ticket LIMIT ? OFFSET ?
      """,
      [phrases.joined(separator: " OR ").databaseValue] + filter.arguments + [
        Int64(size).databaseValue, Int64(skip).databaseValue,
      ])
    var found: [(row: RowID, key: Int64, id: RowID)] = []
    while let row = try rows.next() {
      found.append((RowID(row.int(0)), Int64(skip + found.count + 1), RowID(row.int(0))))
    }
    let count = window.isOffset ? try count(filter) : nil
    guard window.isBackward else { return window.page(found, order: "relevance", count: count) }
    var page = window.page(found.reversed(), order: "relevance", count: count)
    page.hasMore = skip > 0
    return page
  }
}
