// To whom a view or a macro is shown: everybody, some groups, or one person.

package import ReplicaCore

/// Who sees a view or a macro. Shared ones are the leads' to change, a personal one its owner's.
package enum Restriction: Hashable, Sendable {
  case everybody
  /// The members of any of these groups, in order.
  case groups([RowID])
  case user(RowID)
  /// Of a newer release: shown to nobody here, and only a lead may change it.
  case unknown

  /// From the column's text; null is everybody.
  package init(_ value: Value) {
    guard let text = value.text else {
      self = value.isNull ? .everybody : .unknown
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let ids = parts.count == 2 ? parts[1].split(separator: ",").map { Int64($0) } : []
    let rows = ids.compactMap { $0.map { RowID($0) } }
    guard !rows.isEmpty, rows.count == ids.count else {
      self = .unknown
      return
    }
    switch parts[0] {
    case "user": self = rows.count == 1 ? .user(rows[0]) : .unknown
    case "groups": self = .groups(rows)
    default: self = .unknown
    }
  }

  /// As the column holds it.
  package var value: Value {
    switch self {
    case .everybody: .null
    case .groups(let ids): .text("groups:" + ids.map(\.description).joined(separator: ","))
    case .user(let id): .text("user:\(id)")
    case .unknown: .text("")
    }
  }

  /// Whether a user with these groups sees it.
  package func shows(to user: RowID, in groups: Set<RowID>) -> Bool {
    switch self {
    case .everybody: true
    case .groups(let ids): ids.contains(where: groups.contains)
    case .user(let owner): owner == user
    case .unknown: false
    }
  }

  /// Whether a user of this role may change what is so restricted.
  package func mayBeChanged(by user: RowID, _ role: Role) -> Bool {
    if case .user(let owner) = self { return role.mayEdit && owner == user }
    return role.mayLead
  }
}

extension Restriction {
  /// That of a view or a macro; every other row is for everybody, as far as this goes.
  package init(of entity: EntityCode, _ state: RowState) {
    self = Shelf(entity).map { Restriction(state.value($0.restriction)) } ?? .everybody
  }
}
