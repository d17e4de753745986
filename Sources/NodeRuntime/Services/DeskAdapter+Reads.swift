// Tickets, comments, history and the directory, read from the local replica.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DeskAdapter {
  func ticket(_ id: RowID) async throws(DeskFailure) -> TicketRecord? {
    try await read { try $0.ticket(id).flatMap { $0.deleted ? nil : $0 } }
  }

  func tickets(_ ids: [RowID]) async throws(DeskFailure) -> [TicketRecord] {
    try await read { try $0.tickets(ids).filter { !$0.deleted } }
  }

  func tickets(_ query: TicketQuery) async throws(DeskFailure) -> Page<TicketRecord> {
    try await read { try $0.tickets(query) }
  }

  func ticketCount(_ filters: [TicketFilter]) async throws(DeskFailure) -> Int {
    try await read { try $0.countTickets(filters) }
  }

  func comments(
    _ ticket: RowID, ascending: Bool, page: PageRequest
  ) async throws(DeskFailure) -> Page<CommentRecord> {
    try await read { try $0.comments(ticket, ascending: ascending, page) }
  }

  func history(_ row: RowRef) async throws(DeskFailure) -> [HistoryEntry] {
    try await read { try $0.history(row) }
  }

  func history(
    _ row: RowRef, upTo last: Int64
  ) async throws(DeskFailure) -> [HistoryEntry] {
    try await read { try $0.history(row, upTo: last) }
  }

  func users(_ ids: [RowID]) async throws(DeskFailure) -> [UserRecord] {
    try await read { try $0.users(ids) }
  }

  func groups(_ ids: [RowID]) async throws(DeskFailure) -> [GroupRecord] {
    try await read { view in try ids.compactMap { try view.group($0) }.filter { !$0.deleted } }
  }

  func organizations(_ ids: [RowID]) async throws(DeskFailure) -> [OrganizationRecord] {
    try await read { view in try ids.compactMap { try view.organization($0) } }
  }

  func users(_ query: UserQuery) async throws(DeskFailure) -> Page<UserRecord> {
    if let email = query.email {
      let found = try await read { try $0.user(email: email, alsoDeleted: query.alsoDeleted) }
      return try ListPage.cut(found.map { [$0] } ?? [], query.page)
    }
    let filter = UserFilter(query)
    return try await read { view in
      try filter == UserFilter() ? view.users(query.page) : view.users(filter, query.page)
    }
  }

  func groups(
    of user: RowID?, page: PageRequest
  ) async throws(DeskFailure) -> Page<GroupRecord> {
    guard let user else { return try await read { try $0.groups(page) } }
    let found = try await read { view in
      try view.everyMembership(user: user).compactMap { try view.group($0.group) }
        .filter { !$0.deleted }
    }
    return try ListPage.cut(found.sorted { $0.id < $1.id }, page)
  }

  func memberships(_ query: MembershipQuery) async throws(DeskFailure) -> Page<MembershipRecord> {
    try await read { view in
      if let id = query.id {
        return try ListPage.cut(try view.membership(id).map { [$0] } ?? [], query.page)
      }
      return try view.memberships(user: query.user, group: query.group, query.page)
    }
  }

  func organizations(
    _ query: OrganizationQuery
  ) async throws(DeskFailure) -> Page<OrganizationRecord> {
    if query.name == nil, query.namePrefix == nil, query.externalID == nil {
      return try await read { try $0.organizations(query.page) }
    }
    let name = query.name?.lowercased()
    let prefix = query.namePrefix?.lowercased()
    let found = try await read { view in
      let all =
        try query.externalID.map { try view.organizations(externalID: $0) }
        ?? view.every { try view.organizations($0) }
      return all.filter { each in
        (name.map { each.name.lowercased() == $0 } ?? true)
          && (prefix.map { each.name.lowercased().hasPrefix($0) } ?? true)
      }
    }
    return try ListPage.cut(found, query.page)
  }

  func ticketFields() async throws(DeskFailure) -> [TicketFieldRecord] {
    try await read { view in try view.every { try view.ticketFields($0) } }
  }

  func conflicts(
    page: PageRequest, as actor: Actor
  ) async throws(DeskFailure) -> Page<ConflictRecord> {
    switch page {
    case .cursor(let size, let after, let before):
      var found = try await read { view in
        // The inbox is read forwards; no link of it leads back.
        if let before { throw StoreError.badCursor(before) }
        return try view.conflicts(size: size, after: after)
      }
      found.rows.removeAll { !$0.isShown(to: actor) }
      return found
    case .offset(let number, let size):
      let found = try await read { view in
        (try view.conflicts(atLeast: number * size + 1, shownTo: actor), try view.countConflicts())
      }
      var cut = try ListPage.cut(found.0, page)
      // Of a row that was not read it is only known that it has one.
      if cut.hasMore { cut.count = max(found.0.count, found.1) }
      return cut
    }
  }

  func conflict(_ row: RowRef, _ cell: CellKey) async throws(DeskFailure) -> ConflictRecord? {
    try await read { try $0.conflicts(of: row).first { $0.cell == cell } }
  }

  func mergeTasks() async throws(DeskFailure) -> [MergeTask] {
    try await read { try $0.mergeTasks() }
  }
}

extension UserFilter {
  fileprivate init(_ query: UserQuery) {
    self.init()
    (text, externalID, roles) = (query.text, query.externalID, query.roles)
    (group, organization) = (query.group, query.organization)
    hasOrganization = query.hasOrganization
  }
}

extension ReadView {
  /// The first conflicts that an actor sees, row by row, at least so many if there are.
  fileprivate func conflicts(
    atLeast wanted: Int, shownTo actor: Actor
  ) throws -> [ConflictRecord] {
    var found: [ConflictRecord] = []
    var cursor: String?
    repeat {
      let page = try conflicts(size: 1_000, after: cursor)
      found += page.rows.filter { $0.isShown(to: actor) }
      cursor = page.hasMore && found.count < wanted ? page.afterCursor : nil
    } while cursor != nil
    return found
  }

  /// All memberships that match; there are a few for each agent.
  func everyMembership(user: RowID? = nil, group: RowID? = nil) throws -> [MembershipRecord] {
    try every { try memberships(user: user, group: group, $0) }
  }

  /// All rows of a list, page by page.
  func every<Row>(_ list: (PageRequest) throws -> Page<Row>) throws -> [Row] {
    var all: [Row] = []
    var cursor: String?
    repeat {
      let page = try list(.cursor(size: 1_000, after: cursor, before: nil))
      all += page.rows
      cursor = page.hasMore ? page.afterCursor : nil
    } while cursor != nil
    return all
  }
}
