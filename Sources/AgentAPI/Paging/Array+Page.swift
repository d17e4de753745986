// Lists that are short by nature are cut into pages here.

internal import HelpdeskDomain

extension Array where Element: Sendable {
  /// The page of this list; a cursor is the position of a row.
  func page(_ request: PageRequest) throws(APIError) -> Page<Element> {
    let lower: Int
    let upper: Int
    switch request {
    case .offset(let page, let size):
      lower = Swift.min((page - 1) * size, count)
      upper = Swift.min(lower + size, count)
      return Page(rows: Array(self[lower..<upper]), hasMore: upper < count, count: count)
    case .cursor(let size, let after, let before):
      if let before {
        upper = try Self.position(before, in: count)
        lower = Swift.max(0, upper - size)
      } else {
        lower = try after.map { text throws(APIError) in try Self.position(text, in: count) } ?? 0
        upper = Swift.min(lower + size, count)
      }
      return Page(
        rows: Array(self[lower..<upper]), hasMore: before == nil ? upper < count : lower > 0,
        afterCursor: upper > lower ? String(upper) : nil,
        beforeCursor: lower > 0 ? String(lower) : nil)
    }
  }

  private static func position(_ cursor: String, in count: Int) throws(APIError) -> Int {
    guard let position = Int(cursor), (0...count).contains(position) else {
      throw .badRequest(
        "InvalidPaginationParameter", "The cursor \"\(cursor)\" was not given out by this list.")
    }
    return position
  }
}
