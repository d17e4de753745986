// The other half of a search: users, organizations and groups.

package import ReplicaCore

/// What a directory search looks through.
package enum DirectoryKind: String, Hashable, Sendable, CaseIterable {
  case user, organization, group
}

/// A search for users, organizations or groups. Filters are and-ed, equal ones or-ed.
package struct DirectoryQuery: Hashable, Sendable {
  package enum Term: Hashable, Sendable {
    /// A word or phrase in the name, the e-mail address or the notes, any case.
    case text(String)
    case name(String)
    case email(String)
    case role(Role)
    case externalID(String)
    /// nil: has none.
    case tag(String?)
    case phone(String)
    /// nil: in none.
    case organization(RowID?)
    case organizationNamed(SearchName)
    /// nil: in none.
    case group(RowID?)
    case groupNamed(SearchName)
    case created(Comparison, Instant)
    case updated(Comparison, Instant)
  }

  package struct Filter: Hashable, Sendable {
    package var term: Term
    package var negated: Bool
  }

  package let kind: DirectoryKind
  package private(set) var filters: [Filter] = []

  /// The keys that mean something for users, organizations or groups.
  static func keys(_ kind: DirectoryKind) -> Set<String> {
    let all: Set<String> = [
      "name", "created", "created_at", "updated", "updated_at", "order_by", "sort", "sort_by",
      "sort_order",
    ]
    return switch kind {
    case .user:
      all.union([
        "email", "external_id", "tags", "tag", "phone", "role", "helio_role", "organization",
        "group",
      ])
    case .organization: all.union(["external_id", "tags", "tag"])
    case .group: all
    }
  }

  package var names: [SearchName] {
    filters.compactMap { filter in
      switch filter.term {
      case .organizationNamed(let name), .groupNamed(let name): name
      default: nil
      }
    }
  }

  /// The words and phrases that an entry must hold.
  package var texts: [String] {
    filters.compactMap { filter -> String? in
      guard case .text(let text) = filter.term, !filter.negated else { return nil }
      return text
    }
  }

  init(_ kind: DirectoryKind, _ tokens: [SearchToken], now: Instant) throws(SearchProblem) {
    self.kind = kind
    for token in tokens {
      switch token.kind {
      case .word(let text), .phrase(let text): add(.text(text), token.negated)
      case .property(let key, let comparison, let value):
        try addProperty(key, comparison, value, token.negated, now: now)
      }
    }
  }

  private mutating func add(_ term: Term, _ negated: Bool) {
    filters.append(Filter(term: term, negated: negated))
  }

  private mutating func addProperty(
    _ key: String, _ comparison: Comparison, _ value: String, _ negated: Bool, now: Instant
  ) throws(SearchProblem) {
    if key == "created" || key == "created_at" || key == "updated" || key == "updated_at" {
      guard let time = SearchTime(value, now: now) else {
        throw .badValue(key: key, value: value, expected: "a day, a UTC time or a span (2hours)")
      }
      for (bound, instant) in time.bounds(comparison) {
        add(
          key.hasPrefix("c") ? .created(bound, instant) : .updated(bound, instant), negated)
      }
      return
    }
    guard comparison == .equal else { throw .noOrder(key: key) }
    switch key {
    case "name": add(.name(value), negated)
    case "email": add(.email(value.lowercased()), negated)
    case "external_id": add(.externalID(value), negated)
    case "tags", "tag": add(.tag(TicketSearch.isNone(value) ? nil : TagForm.normal(value)), negated)
    case "phone": add(.phone(value), negated)
    case "role":
      let roles = Role.found(as: value)
      guard !roles.isEmpty else { throw .badValue(key: key, value: value, expected: Role.words) }
      for role in roles { add(.role(role), negated) }
    case "helio_role":
      guard let role = Role(rawValue: value.lowercased()) else {
        throw .badValue(key: key, value: value, expected: Role.words)
      }
      add(.role(role), negated)
    case "organization":
      if TicketSearch.isNone(value) {
        add(.organization(nil), negated)
      } else if let id = TicketSearch.id(value) {
        add(.organization(id), negated)
      } else {
        add(.organizationNamed(.organization(value)), negated)
      }
    case "group":
      if TicketSearch.isNone(value) {
        add(.group(nil), negated)
      } else if let id = TicketSearch.id(value) {
        add(.group(id), negated)
      } else {
        add(.groupNamed(.group(value)), negated)
      }
    default:
      // The order of a directory is the store's: by name.
      break
    }
  }
}
