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
    var directory: [SearchHit] = []
    for each in search.directory { directory += try await hits(each, names) }
    guard let tickets = search.tickets else {
      return try ListPage.cut(directory, query.page) { _ in .none }
    }
    let page = try await self.tickets(ticketQuery(query, tickets, names))
    // Directory rows come first, on the first page, as they are few.
    let rows = (isFirst(query.page) ? directory : []) + page.rows.map { .ticket($0) }
    return Page(
      rows: rows, hasMore: page.hasMore, afterCursor: page.afterCursor,
      beforeCursor: page.beforeCursor, count: page.count.map { $0 + directory.count })
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
        query.text, me: actor.user == .none ? nil : actor.user, now: clock.now)
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

  private func isFirst(_ page: PageRequest) -> Bool {
    switch page {
    case .offset(let page, _): page <= 1
    case .cursor(_, let after, let before): after == nil && before == nil
    }
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
    switch query.kind {
    case .user:
      let members = try await read { try $0.everyMembership() }
      return try await everyUser()
        .filter { query.matches(DirectoryEntry($0, members), names) }.map { .user($0) }
    case .organization:
      return try await read { view in try view.every { try view.organizations($0) } }
        .filter { query.matches(DirectoryEntry($0), names) }.map { .organization($0) }
    case .group:
      return try await read { view in try view.every { try view.groups($0) } }
        .filter { query.matches(DirectoryEntry($0), names) }.map { .group($0) }
    }
  }
}
