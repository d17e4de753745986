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

  /// A page by relevance (BM25 of the best matching text); nil where nothing is searched for.
  func relevant(_ query: TicketQuery) throws -> Page<RowID>? {
    let phrases = query.filters.flatMap { filter -> [String] in
      guard !filter.negated else { return [] }
      return switch filter.term {
      case .words(let text): SearchText.words(text)
      case .phrase(let text): SearchText.phrase(text).map { [$0] } ?? []
      default: []
      }
    }
    guard !phrases.isEmpty else { return nil }
    let window = try PageWindow(query.page, order: "relevance")
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
    let count = window.isOffset ? try countTickets(query.filters) : nil
    guard window.isBackward else { return window.page(found, order: "relevance", count: count) }
    var page = window.page(found.reversed(), order: "relevance", count: count)
    page.hasMore = skip > 0
    return page
  }
}
