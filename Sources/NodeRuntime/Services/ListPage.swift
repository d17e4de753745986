// Pages of lists that are at hand as a whole.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore

/// Cuts a page out of a list; a cursor of another list is refused.
enum ListPage {
  /// Cursors are positions.
  static func cut<Element: Sendable>(
    _ all: [Element], _ request: PageRequest
  ) throws(DeskFailure) -> Page<Element> {
    guard let page = Page(of: all, request) else { throw foreignCursor }
    return page
  }

  /// Cursors are ids, so that rows which come or go meanwhile move nothing.
  static func cut<Element: Sendable>(
    sortedByID all: [Element], _ request: PageRequest, id: (Element) -> RowID
  ) throws(DeskFailure) -> Page<Element> {
    guard let page = Page(of: all, request, by: id) else { throw foreignCursor }
    return page
  }

  /// Which rows of a list of so many a page holds, and what lies around them.
  struct Cut: Sendable {
    var places: Range<Int>
    var hasMore: Bool
    /// Of all, where pages are by number.
    var count: Int?
  }

  static func places(_ count: Int, _ request: PageRequest) throws(DeskFailure) -> Cut {
    switch request {
    case .offset(let page, let size):
      let start = min(count, max(0, (page - 1) * size))
      let end = min(count, start + size)
      return Cut(places: start..<end, hasMore: end < count, count: count)
    case .cursor(let size, let after, let before):
      var start = 0
      var end = count
      if let after { start = try position(after, count) }
      if let before {
        end = try position(before, count)
        start = max(0, end - size)
      }
      end = min(end, start + size)
      start = min(start, end)
      return Cut(places: start..<end, hasMore: before == nil ? end < count : start > 0)
    }
  }

  /// The page of a cut; `rows` are those of its places.
  static func page<Element: Sendable>(_ rows: [Element], _ cut: Cut) -> Page<Element> {
    let places = cut.places
    let hasCursors = cut.count == nil && !places.isEmpty
    return Page(
      rows: rows, hasMore: cut.hasMore, afterCursor: hasCursors ? "p\(places.upperBound)" : nil,
      beforeCursor: hasCursors ? "p\(places.lowerBound)" : nil, count: cut.count)
  }

  /// The row that a cursor of a list by id names.
  static func mark(_ cursor: String) throws(DeskFailure) -> RowID {
    guard let id = RowID(cursor: cursor) else { throw foreignCursor }
    return id
  }

  private static func position(_ cursor: String, _ count: Int) throws(DeskFailure) -> Int {
    guard cursor.first == "p", let value = Int(cursor.dropFirst()), value >= 0 else {
      throw foreignCursor
    }
    return min(value, count)
  }

  private static var foreignCursor: DeskFailure {
    .refused(
      .invalid([
        FieldProblem(
          "page", .invalidValue,
          "page: the cursor is not one of this list; begin again without a cursor")
      ]))
  }
}
