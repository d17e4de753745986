// Users, organizations and groups in one form, for directory searches.

internal import HelpdeskDomain
internal import ReplicaCore

/// What a directory search can look at.
struct DirectoryEntry {
  var name: String
  var email: String?
  var notes: String?
  var phone: String?
  var externalID: String?
  var role: Role?
  var tags: [String] = []
  var organization: RowID?
  var groups: Set<RowID> = []
  var createdAt: Instant
  var updatedAt: Instant

  init(_ user: UserRecord, _ groups: Set<RowID>) {
    name = user.name
    email = user.email
    notes = user.notes
    phone = user.phone
    externalID = user.externalID
    role = user.role
    tags = user.tags
    organization = user.organization
    self.groups = groups
    createdAt = user.createdAt
    updatedAt = user.updatedAt
  }

  init(_ organization: OrganizationRecord) {
    name = organization.name
    notes = organization.notes
    externalID = organization.externalID
    tags = organization.tags
    createdAt = organization.createdAt
    updatedAt = organization.updatedAt
  }

  init(_ group: GroupRecord) {
    name = group.name
    notes = group.description
    createdAt = group.createdAt
    updatedAt = group.updatedAt
  }
}

extension DirectoryQuery {
  /// Whether an entry fits: filters are and-ed, those of the same kind or-ed.
  func matches(_ entry: DirectoryEntry, _ names: [SearchName: [RowID]]) -> Bool {
    for filter in filters where filter.negated {
      if holds(filter.term, entry, names) { return false }
    }
    let wanted = Dictionary(grouping: filters.filter { !$0.negated }) { Self.kind($0.term) }
    return wanted.allSatisfy { kind, alternatives in
      kind == "text" || kind == "created" || kind == "updated"
        ? alternatives.allSatisfy { holds($0.term, entry, names) }
        : alternatives.contains { holds($0.term, entry, names) }
    }
  }

  private static func kind(_ term: Term) -> String {
    switch term {
    case .text: "text"
    case .name: "name"
    case .email: "email"
    case .role: "role"
    case .externalID: "external_id"
    case .tag: "tag"
    case .phone: "phone"
    case .organization, .organizationNamed: "organization"
    case .group, .groupNamed: "group"
    case .created: "created"
    case .updated: "updated"
    }
  }

  private func holds(
    _ term: Term, _ entry: DirectoryEntry, _ names: [SearchName: [RowID]]
  ) -> Bool {
    switch term {
    case .text(let text):
      let wanted = text.lowercased()
      return [entry.name, entry.email ?? "", entry.notes ?? ""]
        .contains { $0.lowercased().contains(wanted) }
    case .name(let name): return entry.name.lowercased().contains(name.lowercased())
    case .email(let email): return entry.email?.lowercased() == email
    case .role(let role): return entry.role == role
    case .externalID(let id): return entry.externalID == id
    case .tag(let tag): return tag.map { entry.tags.contains($0) } ?? entry.tags.isEmpty
    case .phone(let phone): return entry.phone == phone
    case .organization(let id): return entry.organization == id
    case .organizationNamed(let name):
      return entry.organization.map { (names[name] ?? []).contains($0) } ?? false
    case .group(let id): return id.map { entry.groups.contains($0) } ?? entry.groups.isEmpty
    case .groupNamed(let name): return (names[name] ?? []).contains { entry.groups.contains($0) }
    case .created(let comparison, let time): return comparison.holds(entry.createdAt, time)
    case .updated(let comparison, let time): return comparison.holds(entry.updatedAt, time)
    }
  }
}

extension Comparison {
  fileprivate func holds(_ left: Instant, _ right: Instant) -> Bool {
    switch self {
    case .equal: left == right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }
}
