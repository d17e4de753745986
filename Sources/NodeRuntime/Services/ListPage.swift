// Pages of lists that are at hand as a whole.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore

/// Cuts a page out of a list; cursors are positions in it.
enum ListPage {
  static func cut<Element: Sendable>(
    _ all: [Element], _ request: PageRequest
  ) throws(DeskFailure) -> Page<Element> {
    switch request {
    case .offset(let page, let size):
      let start = min(all.count, max(0, (page - 1) * size))
      let end = min(all.count, start + size)
      return Page(rows: Array(all[start..<end]), hasMore: end < all.count, count: all.count)
    case .cursor(let size, let after, let before):
      var start = 0
      var end = all.count
      if let after { start = try position(after, all.count) }
      if let before {
        end = try position(before, all.count)
        start = max(0, end - size)
      }
      end = min(end, start + size)
      start = min(start, end)
      return Page(
        rows: Array(all[start..<end]),
        hasMore: before == nil ? end < all.count : start > 0,
        afterCursor: start < end ? "p\(end)" : nil, beforeCursor: start < end ? "p\(start)" : nil)
    }
  }

  private static func position(_ cursor: String, _ count: Int) throws(DeskFailure) -> Int {
    guard cursor.first == "p", let value = Int(cursor.dropFirst()), value >= 0 else {
      throw .refused(
        .invalid([
          FieldProblem(
            "page", .invalidValue,
            "page: the cursor is not one of this list; begin again without a cursor")
        ]))
    }
    return min(value, count)
  }
}
