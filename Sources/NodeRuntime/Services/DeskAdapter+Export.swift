// Exports in this node's apply order, for readers that follow it by cursor or by time.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DeskAdapter {
  func exportTickets(
    _ request: ExportRequest
  ) async throws(DeskFailure) -> ExportPage<TicketRecord> {
    try await read { view in
      try view.export(request) { after, limit in
        try view.incrementalTickets(after: after, limit: limit).map { ($0.applied, $0) }
      }
    }
  }

  func exportUsers(_ request: ExportRequest) async throws(DeskFailure) -> ExportPage<UserRecord> {
    try await read { view in
      try view.export(request) { after, limit in
        try view.incrementalUsers(after: after, limit: limit).map { ($0.applied, $0.user) }
      }
    }
  }

  func exportOrganizations(
    _ request: ExportRequest
  ) async throws(DeskFailure) -> ExportPage<OrganizationRecord> {
    try await read { view in
      try view.export(request) { after, limit in
        try view.incrementalOrganizations(after: after, limit: limit).map {
          ($0.applied, $0.organization)
        }
      }
    }
  }

  func exportTicketDeltas(
    _ request: ExportRequest
  ) async throws(DeskFailure) -> ExportPage<HistoryEntry> {
    try await read { view in
      try view.export(request) { after, limit in
        try view.ticketDeltas(after: after, limit: limit).map { ($0.applied, $0) }
      }
    }
  }

  func exportSearch(
    _ query: SearchQuery, kind: ExportKind, as actor: Actor
  ) async throws(DeskFailure) -> Page<SearchHit> {
    let search = try parsed(query, actor)
    let names = try await resolved(search.names)
    guard kind == .ticket else {
      var found: [SearchHit] = []
      for each in search.directory where each.kind.rawValue == kind.rawValue {
        found += try await hits(each, names)
      }
      return try ListPage.cut(sortedByID: found.sorted { $0.id < $1.id }, query.page) { $0.id }
    }
    guard let tickets = search.tickets else { return Page(rows: [], hasMore: false) }
    var wanted = ticketQuery(query, tickets, names)
    wanted.order = .id
    wanted.ascending = true
    let page = try await self.tickets(wanted)
    return Page(
      rows: page.rows.map { .ticket($0) }, hasMore: page.hasMore, afterCursor: page.afterCursor,
      beforeCursor: page.beforeCursor, count: page.count)
  }

  func deletedTickets(_ page: PageRequest) async throws(DeskFailure) -> Page<TicketRecord> {
    try await read { try $0.deletedTickets(page) }
  }
}

extension ReadView {
  /// By time a page may grow to this many rows of one second.
  private static var secondRows: Int { 10_000 }
  /// Rows of the log that are looked through at a time.
  private static var logChunk: Int { 1_000 }

  /// One page. `list` gives rows after an apply number, at most so many.
  func export<Row: Sendable>(
    _ request: ExportRequest, _ list: (_ after: Int64, _ limit: Int) throws -> [(Int64, Row)]
  ) throws -> ExportPage<Row> {
    let after: Int64
    var start: Int64 = 0
    switch request.position {
    case .number(let number): after = number
    case .time(let time):
      after = try appliedNumber(before: time)
      start = time.seconds
    }
    var found = try list(after, request.limit + 1)
    var ended = found.count <= request.limit
    if !ended { found.removeLast() }
    var end = start
    if request.wholeSeconds {
      for (number, _) in found { end = max(end, try moment(of: number).seconds) }
    }
    if !ended, request.wholeSeconds {
      // Clients that go on by `end_time` would meet the same second again and again.
      let next = try firstCommit(at: Instant(seconds: end + 1))
      let bound = try next.map { _ in try appliedNumber(before: Instant(seconds: end + 1)) }
      let more = try list(found.last?.0 ?? after, Self.secondRows)
      let same = more.prefix { number, _ in bound.map { number <= $0 } ?? true }
      found += same
      if same.count < more.count || more.count < Self.secondRows {
        ended = same.count == more.count
        if next != nil { end += 1 }
      }
    }
    return ExportPage(
      rows: found.map(\.1), position: found.last?.0 ?? after, ended: ended, endTime: end)
  }

  /// Effective deltas that name tickets.
  func ticketDeltas(after: Int64, limit: Int) throws -> [HistoryEntry] {
    var found: [HistoryEntry] = []
    var position = after
    while found.count < limit {
      let chunk = try log(after: position, limit: Self.logChunk)
      found += chunk.filter { entry in
        entry.void == nil && entry.delta.changes.contains { $0.row.entity == Desk.ticket }
      }
      guard let last = chunk.last, chunk.count == Self.logChunk else { break }
      position = last.applied
    }
    return try found.prefix(limit).map { entry in
      var entry = entry
      entry.appliedAt = try moment(of: entry.applied)
      return entry
    }
  }
}

extension SearchHit {
  var id: RowID {
    switch self {
    case .ticket(let ticket): ticket.id
    case .user(let user): user.id
    case .group(let group): group.id
    case .organization(let organization): organization.id
    }
  }
}

extension ListPage {
  /// A page of a list that is sorted by id. A cursor is an id, so that rows which come or go
  /// meanwhile move nothing.
  static func cut<Element: Sendable>(
    sortedByID all: [Element], _ request: PageRequest, id: (Element) -> RowID
  ) throws(DeskFailure) -> Page<Element> {
    guard case .cursor(let size, let after, let before) = request else {
      return try cut(all, request)
    }
    let low = try after.map { text throws(DeskFailure) in try mark(text) }
    let high = try before.map { text throws(DeskFailure) in try mark(text) }
    let within = all.filter { element in
      low.map { id(element) > $0 } ?? true && high.map { id(element) < $0 } ?? true
    }
    let rows = before == nil ? Array(within.prefix(size)) : Array(within.suffix(size))
    return Page(
      rows: rows, hasMore: within.count > rows.count, afterCursor: rows.last.map { "i\(id($0))" },
      beforeCursor: rows.first.map { "i\(id($0))" })
  }

  private static func mark(_ cursor: String) throws(DeskFailure) -> RowID {
    guard cursor.first == "i", let number = Int64(cursor.dropFirst()) else {
      throw .refused(
        .invalid([
          FieldProblem(
            "page", .invalidValue,
            "page: the cursor is not one of this list; begin again without a cursor")
        ]))
    }
    return RowID(number)
  }
}
