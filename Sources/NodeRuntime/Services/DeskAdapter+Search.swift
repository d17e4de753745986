// The search language over the local replica.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DeskAdapter {
  func search(
    _ query: SearchQuery, as actor: Actor
  ) async throws(DeskFailure) -> Page<SearchHit> {
    let search = try parsed(query, actor)
    let names = try await resolved(search.names)
    if search.tickets == nil, search.directory.count == 1 {
      return try await page(of: search.directory[0], names, query.page)
    }
    var directory: [SearchHit] = []
    for each in search.directory { directory += try await hits(each, names) }
    guard let tickets = search.tickets else {
      return try ListPage.cut(directory, query.page)
    }
    let wanted = ticketQuery(query, tickets, names)
    switch query.page {
    case .offset(let number, let size):
      return try await page(number, size, of: directory, then: wanted)
    case .cursor(let size, let after, let before):
      let page = try await self.tickets(wanted)
      // By cursor people and groups stand before the first page; `type:user` finds them all.
      let isFirst = after == nil && before == nil
      let rows = (isFirst ? Array(directory.prefix(size)) : []) + page.rows.map { .ticket($0) }
      return Page(
        rows: rows, hasMore: page.hasMore, afterCursor: page.afterCursor,
        beforeCursor: page.beforeCursor)
    }
  }

  /// One kind alone is read along the ids: a page costs what it passes over, and rows which come or go
  /// meanwhile move nothing.
  private func page(
    of query: DirectoryQuery, _ names: [SearchName: [RowID]], _ request: PageRequest
  ) async throws(DeskFailure) -> Page<SearchHit> {
    guard case .cursor(let size, let after, nil) = request else {
      return try ListPage.cut(sortedByID: try await hits(query, names), request, id: \.id)
    }
    let place = try after.map { cursor throws(DeskFailure) in try ListPage.mark(cursor) }
    return try await read { try $0.directoryPage(query, names, size: size, after: place) }
  }

  /// Directory rows come first, then tickets; one page may hold the last of these and the first of
  /// those, for which two pages of tickets are read.
  private func page(
    _ number: Int, _ size: Int, of directory: [SearchHit], then query: TicketQuery
  ) async throws(DeskFailure) -> Page<SearchHit> {
    let start = (number - 1) * size
    var rows = Array(directory.dropFirst(start).prefix(size))
    let skipped = max(0, start - directory.count)
    var query = query
    query.page = .offset(page: skipped / size + 1, size: size)
    let first = try await tickets(query)
    var found = Array(first.rows.dropFirst(skipped % size))
    if skipped % size > 0, first.hasMore {
      query.page = .offset(page: skipped / size + 2, size: size)
      found += try await tickets(query).rows
    }
    let room = size - rows.count
    rows += found.prefix(room).map { SearchHit.ticket($0) }
    let count = directory.count + (first.count ?? 0)
    return Page(rows: rows, hasMore: start + rows.count < count, count: count)
  }

  func searchCount(_ query: SearchQuery, as actor: Actor) async throws(DeskFailure) -> Int {
    let search = try parsed(query, actor)
    let names = try await resolved(search.names)
    var count = 0
    for each in search.directory { count += try await hits(each, names).count }
    if let tickets = search.tickets {
      count += try await ticketCount(ticketQuery(query, tickets, names).filters)
    }
    return count
  }

  func parsed(_ query: SearchQuery, _ actor: Actor) throws(DeskFailure) -> Search {
    do throws(SearchProblem) {
      return try Search.parse(
        query.text, me: actor.user == .none ? nil : actor.user, now: clock.now, only: query.only)
    } catch {
      throw .refused(.invalid([error.fieldProblem]))
    }
  }

  func ticketQuery(
    _ query: SearchQuery, _ search: TicketSearch, _ names: [SearchName: [RowID]]
  ) -> TicketQuery {
    var found = search.query(names: names, page: query.page)
    if let key = query.sortBy, let order = TicketOrder(rawValue: key) {
      found.order = order
      found.ascending = query.ascending
    }
    return found
  }

  /// The rows that names stand for.
  func resolved(
    _ names: [SearchName]
  ) async throws(DeskFailure) -> [SearchName: [RowID]] {
    var result: [SearchName: [RowID]] = [:]
    for name in names {
      switch name {
      case .user(let text):
        let found = try await users(
          UserQuery(
            text: text.contains("@") ? nil : text, email: text.contains("@") ? text : nil,
            page: .offset(page: 1, size: 100)))
        result[name] = found.rows.map(\.id)
      case .group(let text):
        let all = try await read { view in try view.every { try view.groups($0) } }
        result[name] = all.filter { $0.name.lowercased() == text.lowercased() }.map(\.id)
      case .organization(let text):
        let found = try await organizations(
          OrganizationQuery(name: text, page: .offset(page: 1, size: 100)))
        result[name] = found.rows.map(\.id)
      }
    }
    return result
  }

  func hits(
    _ query: DirectoryQuery, _ names: [SearchName: [RowID]]
  ) async throws(DeskFailure) -> [SearchHit] {
    try await read { try $0.hits(query, names) }
  }
}
