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
      try view.export(request, size: { $0.description?.utf8.count ?? 0 }) { after, limit in
        try view.incrementalTickets(after: after, limit: limit).map {
          (AppliedPlace(applied: $0.applied, id: $0.id), $0)
        }
      }
    }
  }

  func exportUsers(_ request: ExportRequest) async throws(DeskFailure) -> ExportPage<UserRecord> {
    try await read { view in
      try view.export(request, size: { $0.notes?.utf8.count ?? 0 }) { after, limit in
        try view.incrementalUsers(after: after, limit: limit).map {
          (AppliedPlace(applied: $0.applied, id: $0.user.id), $0.user)
        }
      }
    }
  }

  func exportOrganizations(
    _ request: ExportRequest
  ) async throws(DeskFailure) -> ExportPage<OrganizationRecord> {
    try await read { view in
      try view.export(request, size: Self.size) { after, limit in
        try view.incrementalOrganizations(after: after, limit: limit).map {
          (AppliedPlace(applied: $0.applied, id: $0.organization.id), $0.organization)
        }
      }
    }
  }

  func exportTicketDeltas(
    _ request: ExportRequest
  ) async throws(DeskFailure) -> ExportPage<HistoryEntry> {
    try await read { view in
      try view.export(request, size: Self.size) { after, limit in
        try view.ticketDeltas(after: after.applied, limit: limit).map {
          (AppliedPlace(after: $0.applied), $0)
        }
      }
    }
  }

  private static func size(_ organization: OrganizationRecord) -> Int {
    (organization.notes?.utf8.count ?? 0) + (organization.details?.utf8.count ?? 0)
  }

  private static func size(_ entry: HistoryEntry) -> Int {
    entry.delta.changes.reduce(0) { $0 + $1.contentBytes }
  }

  func exportSearch(
    _ query: SearchQuery, kind: ExportKind, as actor: Actor
  ) async throws(DeskFailure) -> Page<SearchHit> {
    let search = try parsed(query, actor)
    let names = try await resolved(search.names)
    guard kind == .ticket else {
      let queries = search.directory.filter { $0.kind.rawValue == kind.rawValue }
      if case .cursor(let size, let after, nil) = query.page, queries.count == 1 {
        let low = try after.map { text throws(DeskFailure) in try ListPage.mark(text) }
        return try await read {
          try $0.directoryPage(queries[0], names, size: size, after: low)
        }
      }
      var found: [SearchHit] = []
      for each in queries { found += try await hits(each, names) }
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
