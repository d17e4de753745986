// Ticket lists that stay quick from a thousand to a million tickets.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

/// How a list is read: by a small set of ids that an index gives, or along the index of its order.
private struct TicketPlan {
  /// Up to so many ids are fetched and sorted; of more, the order's index soon meets enough.
  static let smallSet = 10_000

  var tests: [SQLPiece]
  var finder: SQLPiece?
  /// How many ids the finder gives, as far as they were counted; nil without one.
  var size: Int64?

  /// How words that very many tickets hold are looked for.
  enum Reading {
    /// All tickets that hold them.
    case whole
    /// For a page of a list, which need not find all that passes: each ticket is tested by itself.
    case walking
    /// For a page too: all hits are gathered, and tickets are held against them.
    case gathered
  }

  init(_ db: Database, _ conditions: [TicketCondition], _ reading: Reading = .whole) throws {
    let conditions = conditions.map { condition in
      guard reading != .whole, let walk = condition.walk else { return condition }
      return TicketCondition(test: reading == .walking ? walk.test : walk.gathered, finder: nil)
    }
    var best: (count: Int64, index: Int)?
    for (index, condition) in conditions.enumerated() {
      guard let finder = condition.finder else { continue }
      if conditions.count == 1, condition.isExact {
        best = (0, index)
        continue
      }
      let limit = best.map(\.count) ?? Int64(Self.smallSet + 1)
      let count =
        try db.numberOnce(
          "SELECT count(*) FROM (\(finder.sql) LIMIT ?)",
          finder.arguments + [limit.databaseValue]) ?? 0
      if count <= Self.smallSet, best.map({ count < $0.count }) ?? true { best = (count, index) }
    }
    finder = best.flatMap { conditions[$0.index].finder }
    size = best?.count
    tests = conditions.enumerated().compactMap { index, condition in
      // A finder's own test stays where a rank may stand for several unknown names.
      index == best?.index && condition.isExact ? nil : condition.test
    }
    // A walk along the index of an order need not look at each row for it.
    tests.append(
      SQLPiece(
        reading == .whole
          ? "+deleted IS NOT 1" : "id NOT IN (SELECT id FROM ticket WHERE deleted = 1)"))
  }

  /// The conditions of a WHERE clause.
  func filter() -> SQLPiece {
    var pieces = tests
    if let finder { pieces.insert(SQLPiece("id IN (\(finder.sql))", finder.arguments), at: 0) }
    return pieces.joined(by: " AND ")
  }
}

extension ReadView {
  /// A page of tickets that are not deleted. Throws `badCursor`, `beyondOffsetLimit`.
  package func tickets(_ query: TicketQuery) throws -> Page<TicketRecord> {
    let found = try ticketIDs(query)
    return try found.mapped { id in
      guard let row = try full(Desk.ticket, id: id) else {
        throw StoreError.damaged(detail: "an index of tickets names \(id), which is not there")
      }
      return try ticket(row)
    }
  }

  /// How many tickets a list would have over all its pages.
  package func countTickets(_ filters: [TicketFilter]) throws -> Int {
    guard !filters.isEmpty else {
      let all = try db.number("SELECT count(*) FROM ticket") ?? 0
      let deleted = try db.number("SELECT count(*) FROM ticket WHERE deleted = 1") ?? 0
      return Int(all - deleted)
    }
    return try count(ticketFilter(filters))
  }

  /// How many tickets pass.
  func count(_ filter: SQLPiece) throws -> Int {
    Int(
      try db.numberOnce("SELECT count(*) FROM ticket WHERE \(filter.sql)", filter.arguments) ?? 0)
  }

  /// The ids of a page.
  package func ticketIDs(_ query: TicketQuery) throws -> Page<RowID> {
    var query = query
    query.filters = try settled(query.filters)
    if query.order == .relevance, let found = try relevant(query) { return found }
    return try ordered(query)
  }

  /// The filters as they are best read: without numbers of no ticket, since a number that is searched
  /// for is mostly a word, and with all words in one.
  private func settled(_ filters: [TicketFilter]) throws -> [TicketFilter] {
    var words: [String] = []
    var others: [TicketFilter] = []
    for filter in try filters.map(withoutUnknownNumber) {
      if case .words(let text) = filter.term, !filter.negated {
        words.append(text)
      } else {
        others.append(filter)
      }
    }
    guard !words.isEmpty else { return others }
    return [TicketFilter(.words(words.joined(separator: " ")))] + others
  }

  private func withoutUnknownNumber(_ filter: TicketFilter) throws -> TicketFilter {
    guard case .anyOf(let parts) = filter.term else { return filter }
    let left = try parts.filter { part in
      guard !part.negated, case .ids(let ids) = part.term else { return true }
      let isThere = "SELECT 1 FROM ticket WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1"
      return try db.number(isThere, [ids.json]) != nil
    }
    guard left.count == 1, !left[0].negated, case .words = left[0].term else { return filter }
    return TicketFilter(left[0].term, negated: filter.negated)
  }

  /// So many rows are tested one by one for words that very many tickets hold: what changed last
  /// may well hold none of them, and each test costs as much as a thousand hits of the index. Where
  /// the page is not full after these, all hits are gathered once.
  private static let walkedRows = 60

  /// The ids of a page in the order of a column. Counts where pages are by offset, or if told.
  func ordered(_ query: TicketQuery, counting: Bool = false) throws -> Page<RowID> {
    let conditions = try TicketFilters(search: searched).conditions(query.filters)
    let isOffset = if case .offset = query.page { true } else { false }
    return try ordered(query, conditions, counting: counting || isOffset)
  }

  /// The same, under conditions that are made already, of which `known` rows pass (or more, where it
  /// is ``countedHits``).
  func ordered(
    _ query: TicketQuery, _ conditions: [TicketCondition], known: Int? = nil, counting: Bool
  ) throws -> Page<RowID> {
    let order = "\(query.order.rawValue) \(query.ascending ? "asc" : "desc")"
    let window = try PageWindow(query.page, order: order)
    let hits = known ?? Self.countedHits
    var count = counting ? known : nil
    var rows: [ListedTicket]?
    if conditions.contains(where: { $0.walk != nil }) {
      rows = try walked(query, window, conditions, hits)
    }
    if rows == nil {
      let plan = try TicketPlan(db, conditions)
      let found = try read(query, window, plan, counting: counting && count == nil)
      (rows, count) = (found.rows, count ?? found.count)
    }
    if counting, count == nil { count = try countTickets(query.filters) }
    return window.page(rows ?? [], order: order, count: count)
  }

  /// A page of words that very many tickets hold, along the index of its order: first each ticket
  /// is tested by itself, then all hits are gathered once and tickets held against them. Nil where
  /// they are too far apart: what changed last may well hold none of them, and then the hits are
  /// better sorted than that index read on.
  private func walked(
    _ query: TicketQuery, _ window: PageWindow, _ conditions: [TicketCondition], _ hits: Int
  ) throws -> [ListedTicket]? {
    let walking = try TicketPlan(db, conditions, .walking)
    // Another condition leaves so few that each is tested.
    if walking.finder != nil, let size = walking.size, size <= Int64(Self.walkedRows) {
      return try read(query, window, walking).rows
    }
    let last = window.skip + window.size
    let isWorthTesting = conditions.contains { $0.walk?.isWorthTesting == true }
    if walking.finder == nil, isWorthTesting, last < Self.walkedRows {
      let rows = try read(query, window, walking, first: Self.walkedRows).rows
      if rows.count > window.size { return rows }
    }
    let gathered = try TicketPlan(db, conditions, .gathered)
    guard gathered.finder == nil else { return try read(query, window, gathered).rows }
    guard last < hits else { return nil }
    let rows = try read(query, window, gathered, first: hits).rows
    return rows.count > window.size ? rows : nil
  }

  /// A ticket of a list, with the key that it is ordered by.
  private typealias ListedTicket = (row: RowID, key: Int64, id: RowID)

  /// The rows of a page, and one more where there is one. `first`: only of so many along the index
  /// of the order.
  private func read(
    _ query: TicketQuery, _ window: PageWindow, _ plan: TicketPlan, counting: Bool = false,
    first: Int? = nil
  ) throws -> (rows: [ListedTicket], count: Int?) {
    let isUp = query.ascending != window.isBackward
    let key = query.order.column
    // Sorting a small set must not tempt SQLite into walking the order's index after all.
    let sortKey = plan.finder == nil || key == "id" ? key : "+\(key)"
    let direction = isUp ? "ASC" : "DESC"
    let sorted = "ORDER BY \(sortKey) \(direction), id \(direction)"
    let filter = plan.filter()
    // All rows of a small set are read anyway.
    let isCounted = counting && plan.finder != nil && window.cursor == nil
    let total = isCounted ? ", count(*) OVER ()" : ""
    var count: Int?
    var found: [ListedTicket] = []
    for segment in segments(sortKey, window.cursor, isUp) {
      let end = try first.flatMap { try bound(segment, key, $0, direction) }
      let tests = [segment, end, filter].compactMap(\.self).joined(by: " AND ")
      let rows = try db.rowsOnce(
        "SELECT id, \(key)\(total) FROM ticket WHERE \(tests.sql) \(sorted) LIMIT ? OFFSET ?",
        tests.arguments + [
          Int64(window.size + 1 - found.count).databaseValue, Int64(window.skip).databaseValue,
        ])
      while let row = try rows.next() {
        let id = RowID(row.int(0))
        found.append((id, row.int(1), id))
        if isCounted { count = Int(row.int(2)) }
      }
      // Behind a segment of which a part was not read no row is the next.
      if found.count > window.size || end != nil { break }
    }
    return (found, count)
  }

  /// Ends a walk along the index of an order after so many rows; nil where there are no more.
  private func bound(
    _ segment: SQLPiece, _ key: String, _ rows: Int, _ direction: String
  ) throws -> SQLPiece? {
    let next = try db.rowOnce(
      """
      SELECT id, \(key) FROM ticket WHERE \(segment.sql)
      ORDER BY \(key) \(direction), id \(direction) LIMIT 1 OFFSET ?
      """, segment.arguments + [Int64(rows).databaseValue])
    let sign = direction == "ASC" ? "<" : ">"
    return next.map { row in
      let (id, value) = (row.int(0).databaseValue, row.int(1).databaseValue)
      return SQLPiece(
        "\(key) \(sign)= ? AND (\(key) \(sign) ? OR id \(sign) ?)", [value, value, id])
    }
  }

  /// The WHERE clause of a list.
  func ticketFilter(_ filters: [TicketFilter]) throws -> SQLPiece {
    let conditions = TicketFilters(search: searchedWhole).conditions
    return try TicketPlan(db, conditions(settled(filters))).filter()
  }

  /// The same of one condition.
  func filter(_ condition: TicketCondition) throws -> SQLPiece {
    try TicketPlan(db, [condition]).filter()
  }

  /// What lies beyond a cursor: first the rows with its key and a further id, then further keys.
  /// Two steps, since each uses the index; one comparison of pairs would walk all equal keys.
  private func segments(_ key: String, _ cursor: PageCursor?, _ isUp: Bool) -> [SQLPiece] {
    guard let cursor else { return [SQLPiece("1")] }
    let sign = isUp ? ">" : "<"
    if key == "id" { return [SQLPiece("id \(sign) ?", [cursor.id.sql])] }
    return [
      SQLPiece("\(key) = ? AND id \(sign) ?", [cursor.key.databaseValue, cursor.id.sql]),
      SQLPiece("\(key) \(sign) ?", [cursor.key.databaseValue]),
    ]
  }
}

extension TicketOrder {
  /// The column of the ticket table.
  fileprivate var column: String {
    switch self {
    case .id, .relevance: "id"
    case .createdAt: "created_ms"
    case .updatedAt: "updated_ms"
    case .priority: "priority_rank"
    case .status: "status_rank"
    }
  }
}

extension ReadView {
  /// Deleted tickets, by id.
  package func deletedTickets(_ page: PageRequest) throws -> Page<TicketRecord> {
    try list(Desk.ticket, page, "AND deleted = 1", deleted: true).mapped(ticket)
  }
}
