// The tickets of a view: grouped, sorted, and paged in both styles.

internal import GRDB
package import HelpdeskDomain
internal import ReplicaCore

extension ReadView {
  /// A page of the tickets that pass all filters, in the order of a view. Without a group, and
  /// sorted by a column with an index, it costs what the page costs; else what was found is sorted.
  package func tickets(
    _ filters: [TicketFilter], order: ViewOrder, page: PageRequest
  ) throws -> Page<TicketRecord> {
    let found: Page<RowID>
    if order.group == nil, let sort = order.sort.listOrder {
      found = try ticketIDs(
        TicketQuery(filters: filters, order: sort, ascending: order.sortAscending, page: page))
    } else {
      found = try sortedIDs(filters, order, page)
    }
    return try found.mapped { id in
      guard let row = try full(Desk.ticket, id: id) else {
        throw StoreError.damaged(detail: "an index of tickets names \(id), which is not there")
      }
      return try ticket(row)
    }
  }

  private func sortedIDs(
    _ filters: [TicketFilter], _ order: ViewOrder, _ page: PageRequest
  ) throws -> Page<RowID> {
    let name = order.name
    let window = try ViewWindow(page, order: name)
    let filter = try ticketFilter(filters)
    let group = order.group?.sql ?? "0"
    let sort = order.sort.sql
    let isGroupUp = order.groupAscending != window.isBackward
    let isUp = order.sortAscending != window.isBackward
    var sql = """
      SELECT id, \(group) AS g, \(sort) AS s FROM ticket WHERE \(filter.sql)
      """
    var arguments = filter.arguments
    if let cursor = window.cursor {
      let (more, further) = (isGroupUp ? ">" : "<", isUp ? ">" : "<")
      sql += " AND (g \(more) ? OR (g = ? AND (s \(further) ? OR (s = ? AND id \(further) ?))))"
      arguments += [cursor.group, cursor.group, cursor.sort, cursor.sort, cursor.id.rawValue]
        .map(\.databaseValue)
    }
    sql += """
       ORDER BY g \(isGroupUp ? "ASC" : "DESC"), s \(isUp ? "ASC" : "DESC"),
      +id \(isUp ? "ASC" : "DESC") LIMIT ? OFFSET ?
      """
    arguments += [
      Int64(window.size + 1).databaseValue, Int64(window.skip).databaseValue,
    ]
    let rows = try db.rowsOnce(sql, arguments)
    var found: [ViewCursor] = []
    while let row = try rows.next() {
      found.append(ViewCursor(group: row.int(1), sort: row.int(2), id: RowID(row.int(0))))
    }
    let count = window.isOffset ? try countTickets(filters) : nil
    return window.page(found, order: name, count: count)
  }
}

extension ViewOrder {
  /// Names the order, so that a cursor of another list is refused.
  fileprivate var name: String {
    let by = group.map { "\($0.rawValue) \(groupAscending) " } ?? ""
    return "view \(by)\(sort.rawValue) \(sortAscending)"
  }
}

extension ViewOrder.Key {
  /// The same order of a plain list, which has an index; nil where there is none.
  fileprivate var listOrder: TicketOrder? {
    switch self {
    case .id: .id
    case .created: .createdAt
    case .updated: .updatedAt
    case .priority: .priority
    case .status: .status
    case .type, .assignee, .requester, .submitter, .group, .organization, .solved, .assigned,
      .due:
      nil
    }
  }

  /// A whole number for each ticket; what is lacking comes first.
  fileprivate var sql: String {
    switch self {
    case .id: "+id"
    case .status: "+status_rank"
    case .priority: "+priority_rank"
    case .type:
      "CASE \"type\" WHEN 'problem' THEN 1 WHEN 'incident' THEN 2 WHEN 'question' THEN 3 "
        + "WHEN 'task' THEN 4 ELSE 0 END"
    case .assignee: "ifnull(assignee_id, 0)"
    case .requester: "ifnull(requester_id, 0)"
    case .submitter: "ifnull(submitter_id, 0)"
    case .group: "ifnull(group_id, 0)"
    case .organization: "ifnull(organization_id, 0)"
    case .created: "+created_ms"
    case .updated: "+updated_ms"
    case .solved: "CASE WHEN status_rank >= 4 THEN ifnull(status_ms, 0) ELSE 0 END"
    case .assigned: "ifnull(assigned_ms, 0)"
    case .due: "ifnull(due_at, 0)"
    }
  }
}

/// The place of a ticket in a view.
private struct ViewCursor {
  var group: Int64
  var sort: Int64
  var id: RowID
}

/// A page request of a view, checked. A cursor holds two keys beside the id.
private struct ViewWindow {
  var size: Int
  var skip = 0
  var cursor: ViewCursor?
  var isBackward = false
  var isOffset = false

  init(_ page: PageRequest, order: String) throws(StoreError) {
    switch page {
    case .cursor(let size, let after, let before):
      self.size = min(max(size, 1), StoreLimits.pageRows)
      isBackward = after == nil && before != nil
      if let text = after ?? before { cursor = try Self.cursor(text, order: order) }
    case .offset:
      let window = try PageWindow(page, order: order)
      (size, skip, isOffset) = (window.size, window.skip, true)
    }
  }

  /// The first key is part of what names the order, as far as ``PageCursor`` is concerned.
  private static func cursor(_ text: String, order: String) throws(StoreError) -> ViewCursor {
    guard let group = PageCursor.order(of: text)?.split(separator: " ").last.flatMap({ Int64($0) })
    else { throw .badCursor(text) }
    let plain = try PageCursor(text, order: "\(order) \(group)")
    return ViewCursor(group: group, sort: plain.key, id: plain.id)
  }

  func page(_ found: [ViewCursor], order: String, count: Int?) -> Page<RowID> {
    var rows = Array(found.prefix(size))
    if isBackward { rows.reverse() }
    func text(_ row: ViewCursor?) -> String? {
      isOffset
        ? nil
        : row.map { PageCursor(order: "\(order) \($0.group)", key: $0.sort, id: $0.id).text }
    }
    return Page(
      rows: rows.map(\.id), hasMore: found.count > size, afterCursor: text(rows.last),
      beforeCursor: text(rows.first), count: count)
  }
}
