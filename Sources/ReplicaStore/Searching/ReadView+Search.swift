// Full-text terms of a ticket list, and its order by relevance.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

extension ReadView {
  /// The tickets in which all words (or the phrase) occur, in subject or any comment.
  func searchPiece(_ term: TicketFilter.Term) throws -> SQLPiece {
    let phrases =
      switch term {
      case .words(let text): SearchText.words(text)
      case .phrase(let text): SearchText.phrase(text).map { [$0] } ?? []
      default: throw StoreError.badQuery("no full-text term")
      }
    // Punctuation alone is in no text.
    guard !phrases.isEmpty else { return SQLPiece("SELECT 0 WHERE 0") }
    let one = """
      SELECT ticket FROM search_document WHERE document IN
      (SELECT rowid FROM search_text WHERE search_text MATCH ?)
      """
    return SQLPiece(
      phrases.map { _ in one }.joined(separator: " INTERSECT "), phrases.map(\.databaseValue))
  }

  /// So many hits are ranked; of more, what changed last comes first: words that are in
  /// thousands of tickets tell little of them, and ranking takes three times as long as finding.
  static let rankedHits = 1_000

  /// A page by relevance (BM25 of the best matching text), or by the last change where more than
  /// ``rankedHits`` are found; nil where nothing is searched for.
  func relevant(_ query: TicketQuery) throws -> Page<RowID>? {
    let phrases = phrases(query.filters)
    guard !phrases.isEmpty else { return nil }
    let filter = try ticketFilter(query.filters)
    guard let window = try? PageWindow(query.page, order: "relevance") else {
      // A cursor of the other order goes on in it.
      return try recent(query, count: nil)
    }
    // A list that began ranked goes on ranked.
    let count = window.cursor == nil ? try count(filter) : nil
    if let count, count > Self.rankedHits { return try recent(query, count: count) }
    return try ranked(phrases, filter, window, count)
  }

  private func phrases(_ filters: [TicketFilter]) -> [String] {
    filters.filter { !$0.negated }.flatMap { filter -> [String] in
      return switch filter.term {
      case .words(let text): SearchText.words(text)
      case .phrase(let text): SearchText.phrase(text).map { [$0] } ?? []
      default: []
      }
    }
  }

  private func recent(_ query: TicketQuery, count: Int?) throws -> Page<RowID> {
    var query = query
    (query.order, query.ascending) = (.updatedAt, false)
    return try ordered(query, count: count)
  }

  private func ranked(
    _ phrases: [String], _ filter: SQLPiece, _ window: PageWindow, _ count: Int?
  ) throws -> Page<RowID> {
    // Relevance is no column: its cursor says how many rows came before.
    var (skip, size) = (window.skip, window.size + 1)
    if let cursor = window.cursor {
      skip = window.isBackward ? max(0, Int(cursor.key) - 1 - window.size) : Int(cursor.key)
      if window.isBackward { size = Int(cursor.key) - 1 - skip }
    }
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
    let count = window.isOffset ? count : nil
    guard window.isBackward else { return window.page(found, order: "relevance", count: count) }
    var page = window.page(found.reversed(), order: "relevance", count: count)
    page.hasMore = skip > 0
    return page
  }
}
