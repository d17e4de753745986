// Searches of people, organizations and groups, read along the ids.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension ReadView {
  /// What a search finds behind an id, by id, at most so many. Users whose texts do not fit, and
  /// all rows beyond, are not read whole.
  func hits(
    _ query: DirectoryQuery, _ names: [SearchName: [RowID]], after: RowID = .none,
    limit: Int = .max
  ) throws -> [SearchHit] {
    switch query.kind {
    case .user:
      let groups = Dictionary(grouping: try everyMembership(), by: \.user)
        .mapValues { Set($0.map(\.group)) }
      let filter = UserFilter(around: query)
      return try walk(after, limit) { place, size in
        try users(
          users(
            holding: query.texts, alsoInNotes: true, among: filter, after: place, limit: size)
        ).map { user -> (id: RowID, hit: SearchHit?) in
          let fits = query.matches(DirectoryEntry(user, groups[user.id] ?? []), names)
          return (user.id, fits ? .user(user) : nil)
        }
      }
    case .organization:
      return try walk(after, limit) { place, size in
        try organizations(after: place, limit: size).map {
          organization -> (id: RowID, hit: SearchHit?) in
          let fits = query.matches(DirectoryEntry(organization), names)
          return (organization.id, fits ? .organization(organization) : nil)
        }
      }
    case .group:
      return try every { try groups($0) }
        .filter { $0.id > after && query.matches(DirectoryEntry($0), names) }
        .prefix(limit).map { .group($0) }
    }
  }

  /// Reads rows until enough of them fit. `read` gives the rows behind an id, and of those that fit
  /// the hit.
  private func walk(
    _ after: RowID, _ limit: Int,
    _ read: (_ after: RowID, _ size: Int) throws -> [(id: RowID, hit: SearchHit?)]
  ) throws -> [SearchHit] {
    var found: [SearchHit] = []
    var place = after
    while found.count < limit {
      let size = min(1_000, max(10, limit - found.count))
      let rows = try read(place, size)
      found += rows.compactMap(\.hit)
      guard rows.count == size, let last = rows.last else { break }
      place = last.id
    }
    return Array(found.prefix(limit))
  }

  /// A page of an exported search: a cursor is an id, so that rows which come or go meanwhile move
  /// nothing.
  func directoryPage(
    _ query: DirectoryQuery, _ names: [SearchName: [RowID]], size: Int, after: RowID?
  ) throws -> Page<SearchHit> {
    let found = try hits(query, names, after: after ?? .none, limit: size + 1)
    let rows = Array(found.prefix(size))
    return Page(
      rows: rows, hasMore: found.count > size, afterCursor: rows.last.map { "i\($0.id)" },
      beforeCursor: rows.first.map { "i\($0.id)" })
  }
}

extension UserFilter {
  /// What the store tests by itself of a search; who passes is held against the whole search.
  fileprivate init(around query: DirectoryQuery) {
    self.init()
    var emails: [String] = []
    var externalIDs: [String] = []
    for filter in query.filters where !filter.negated {
      switch filter.term {
      case .email(let email): emails.append(email)
      case .externalID(let id): externalIDs.append(id)
      case .role(let role): roles.append(role)
      default: break
      }
    }
    // Two of a kind are alternatives.
    if emails.count == 1 { email = emails[0] }
    if externalIDs.count == 1 { externalID = externalIDs[0] }
  }
}
