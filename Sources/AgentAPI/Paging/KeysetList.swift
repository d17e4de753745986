// Pages of lists that are at hand as a whole and grow while somebody reads them.

package import HelpdeskDomain
package import ReplicaCore

/// A list in one order. A cursor names the list and holds the key and id of a row, so that rows
/// which come meanwhile move nothing, and no other list takes it.
package struct KeysetList<Row: Sendable> {
  /// The key that the rows are sorted by, and the id that decides between equal keys.
  package typealias Place = (key: Int64, id: Int64)

  private let name: String
  private let rows: [Row]
  private let isAscending: Bool
  private let place: (Row) -> Place

  /// - Parameters:
  ///   - name: what it is a list of, such as `comments 10001`; without `|`.
  ///   - rows: in ascending order of their places.
  package init(
    _ name: String, _ rows: [Row], ascending: Bool, place: @escaping (Row) -> Place
  ) {
    self.name = "\(name) \(ascending ? "asc" : "desc")"
    self.rows = ascending ? rows : rows.reversed()
    isAscending = ascending
    self.place = place
  }

  /// One page. Throws `invalid` for the field `page` where the cursor is of another list.
  package func page(_ request: PageRequest) throws(DeskFailure) -> Page<Row> {
    switch request {
    case .offset(let page, let size):
      let start = min(rows.count, (page - 1) * size)
      let end = min(rows.count, start + size)
      return Page(rows: Array(rows[start..<end]), hasMore: end < rows.count, count: rows.count)
    case .cursor(let size, let after, let before):
      let low = try after.map { text throws(DeskFailure) in try mark(in: text) }
      let high = try before.map { text throws(DeskFailure) in try mark(in: text) }
      let within = rows.filter { row in
        low.map { precedes($0, place(row)) } ?? true
          && high.map { precedes(place(row), $0) } ?? true
      }
      let found = before == nil ? Array(within.prefix(size)) : Array(within.suffix(size))
      return Page(
        rows: found, hasMore: within.count > found.count, afterCursor: found.last.map(cursor),
        beforeCursor: found.first.map(cursor))
    }
  }

  private func precedes(_ left: Place, _ right: Place) -> Bool {
    isAscending ? left < right : right < left
  }

  private func cursor(_ row: Row) -> String {
    let place = place(row)
    return Base64URL.encode(Array("\(name)|\(place.key)|\(place.id)".utf8))
  }

  private func mark(in cursor: String) throws(DeskFailure) -> Place {
    let text = Base64URL.decode(cursor).flatMap { String(validating: $0, as: UTF8.self) } ?? ""
    let parts = text.split(separator: "|")
    guard parts.count == 3, parts[0] == name, let key = Int64(parts[1]), let id = Int64(parts[2])
    else {
      throw .refused(
        .invalid([
          FieldProblem(
            "page", .invalidValue,
            "page: the cursor is not one of this list; begin again without a cursor")
        ]))
    }
    return (key, id)
  }
}

extension KeysetList<CommentRecord> {
  /// The comments of a ticket, from the oldest on, or turned round.
  package init(comments: [CommentRecord], of ticket: RowID, ascending: Bool) {
    self.init("comments \(ticket)", comments, ascending: ascending) {
      ($0.createdAt.milliseconds, $0.id.rawValue)
    }
  }
}
