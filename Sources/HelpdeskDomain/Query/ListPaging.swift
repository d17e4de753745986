// Pages of lists that are at hand as a whole, in both styles.

package import ReplicaCore

/// Where a row stands in a list that is sorted by it; the text of a cursor names it.
package protocol ListPlace: Comparable {
  /// Nil where the text names no place in such a list.
  init?(cursor: String)
  var cursor: String { get }
}

extension RowID: ListPlace {
  package init?(cursor: String) {
    guard cursor.first == "i", let number = Int64(cursor.dropFirst()) else { return nil }
    self.init(number)
  }

  package var cursor: String { "i\(rawValue)" }
}

extension Page {
  /// A page of a list. A cursor is a position in it: fit where rows seldom come or go before others.
  /// Nil where the cursor is none of such a list.
  package init?(of all: [Element], _ request: PageRequest) {
    switch request {
    case .offset(let page, let size):
      let start = min(all.count, max(0, (page - 1) * size))
      let end = min(all.count, start + size)
      self.init(rows: Array(all[start..<end]), hasMore: end < all.count, count: all.count)
    case .cursor(let size, let after, let before):
      var (start, end) = (0, all.count)
      if let after {
        guard let position = Self.position(after, all.count) else { return nil }
        start = position
      }
      if let before {
        guard let position = Self.position(before, all.count) else { return nil }
        end = position
        start = max(0, end - size)
      }
      end = min(end, start + size)
      self.init(
        rows: Array(all[start..<end]), hasMore: before == nil ? end < all.count : start > 0,
        afterCursor: start < end ? "p\(end)" : nil,
        beforeCursor: start < end && start > 0 ? "p\(start)" : nil)
    }
  }

  /// A page of a list that is sorted by `place`. A cursor is the place of a row, so that rows which
  /// come or go meanwhile move nothing. Nil where the cursor is none of such a list.
  package init?<Place: ListPlace>(
    of sorted: [Element], _ request: PageRequest, by place: (Element) -> Place
  ) {
    guard case .cursor(let size, let after, let before) = request else {
      self.init(of: sorted, request)
      return
    }
    var low: Place?
    var high: Place?
    if let after {
      guard let found = Place(cursor: after) else { return nil }
      low = found
    }
    if let before {
      guard let found = Place(cursor: before) else { return nil }
      high = found
    }
    let within = sorted.filter { element in
      let here = place(element)
      return low.map { here > $0 } ?? true && high.map { here < $0 } ?? true
    }
    let rows = before == nil ? Array(within.prefix(size)) : Array(within.suffix(size))
    self.init(
      rows: rows, hasMore: within.count > rows.count,
      afterCursor: rows.last.map { place($0).cursor },
      beforeCursor: rows.first.map { place($0).cursor })
  }

  /// One beyond the end is taken for it: the list has become shorter.
  private static func position(_ cursor: String, _ count: Int) -> Int? {
    guard cursor.first == "p", let position = Int(cursor.dropFirst()), position >= 0 else {
      return nil
    }
    return min(position, count)
  }
}
