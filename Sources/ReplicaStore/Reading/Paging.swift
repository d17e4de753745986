// Both paging styles, over any list that is ordered by a key and the id.

internal import Foundation
internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

/// Where a page begins: after (or before) the row with this key and id in this order.
struct PageCursor {
  /// Names the order, so that a cursor of another list is refused.
  var order: String
  var key: Int64
  var id: RowID

  /// Opaque to clients: base64url of "order|key|id".
  var text: String {
    Data("\(order)|\(key)|\(id.rawValue)".utf8).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  init(order: String, key: Int64, id: RowID) {
    self.order = order
    self.key = key
    self.id = id
  }

  /// The order that a cursor names; nil where the text is none.
  static func order(of text: String) -> String? { parts(text)?.first }

  private static func parts(_ text: String) -> [String]? {
    var padded = text.replacing("-", with: "+").replacing("_", with: "/")
    padded += String(repeating: "=", count: (4 - padded.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: padded) else { return nil }
    let parts = String(decoding: data, as: UTF8.self).split(separator: "|").map(String.init)
    return parts.count == 3 ? parts : nil
  }

  init(_ text: String, order: String) throws(StoreError) {
    guard let parts = Self.parts(text), parts[0] == order, let key = Int64(parts[1]),
      let id = Int64(parts[2])
    else { throw .badCursor(text) }
    self.init(order: order, key: key, id: RowID(id))
  }
}

/// A page request, checked.
struct PageWindow {
  var size: Int
  var skip = 0
  var cursor: PageCursor?
  /// The page before the cursor is wanted: rows are read backwards and turned round.
  var isBackward = false
  var isOffset = false

  init(_ page: PageRequest, order: String) throws(StoreError) {
    switch page {
    case .cursor(let size, let after, let before):
      self.size = min(max(size, 1), StoreLimits.pageRows)
      if let after {
        cursor = try PageCursor(after, order: order)
      } else if let before {
        cursor = try PageCursor(before, order: order)
        isBackward = true
      }
    case .offset(let page, let size):
      self.size = min(max(size, 1), StoreLimits.pageRows)
      let (end, overflow) = max(page, 1).multipliedReportingOverflow(by: self.size)
      guard !overflow, end <= StoreLimits.offsetRows else {
        throw .beyondOffsetLimit(
          asked: overflow ? Int.max : end, maximum: StoreLimits.offsetRows)
      }
      skip = end - self.size
      isOffset = true
    }
  }

  /// The page from up to `size + 1` rows as read, keys beside them.
  func page<T: Sendable>(
    _ found: [(row: T, key: Int64, id: RowID)], order: String, count: Int?
  ) -> Page<T> {
    var rows = Array(found.prefix(size))
    if isBackward { rows.reverse() }
    func cursor(_ row: (row: T, key: Int64, id: RowID)?) -> String? {
      isOffset ? nil : row.map { PageCursor(order: order, key: $0.key, id: $0.id).text }
    }
    return Page(
      rows: rows.map(\.row), hasMore: found.count > size, afterCursor: cursor(rows.last),
      beforeCursor: cursor(rows.first), count: count)
  }
}

extension Page {
  func mapped<T: Sendable>(_ transform: (Element) throws -> T) rethrows -> Page<T> {
    Page<T>(
      rows: try rows.map(transform), hasMore: hasMore, afterCursor: afterCursor,
      beforeCursor: beforeCursor, count: count)
  }
}

extension ReadView {
  /// A list by id, without deleted rows unless `deleted`; `condition` begins with AND.
  func list(
    _ entity: EntityCode, _ page: PageRequest, _ condition: String = "",
    _ arguments: [DatabaseValue] = [], deleted: Bool = false
  ) throws -> Page<FullRow> {
    let table = try table(entity)
    let order = table.entity.name
    let window = try PageWindow(page, order: order)
    let isDeletable = table.entity.columns.contains { $0.name == "deleted" }
    let filter = "WHERE 1 \(isDeletable && !deleted ? "AND deleted IS NOT 1" : "") \(condition)"
    var bounds = ""
    var bound: [DatabaseValue] = []
    if let cursor = window.cursor {
      bounds = "AND id \(window.isBackward ? "<" : ">") ?"
      bound = [cursor.id.sql]
    }
    let rows = try full(
      entity,
      """
      \(filter) \(bounds) ORDER BY id \(window.isBackward ? "DESC" : "ASC")
      LIMIT ? OFFSET ?
      """,
      arguments + bound + [
        Int64(window.size + 1).databaseValue, Int64(window.skip).databaseValue,
      ])
    let count =
      window.isOffset
      ? try db.number("SELECT count(*) FROM \(table.name) \(filter)", arguments).map(Int.init)
      : nil
    return window.page(
      rows.map { ($0, $0.id.rawValue, $0.id) }, order: order, count: count)
  }
}
