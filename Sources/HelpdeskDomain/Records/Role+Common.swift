// The three roles that clients of the API know, and what a filter by one of them means.

extension Role {
  /// The role as clients know it; `helio_role` tells the whole.
  package var common: String {
    switch self {
    case .endUser: "end-user"
    case .viewer, .auditor, .lightAgent, .agent, .lead: "agent"
    case .admin: "admin"
    }
  }

  /// Whom `role=` or `role:` finds: `agent` is everybody who is shown as one, any other word those
  /// who have just this role. Empty where there is no such role.
  package static func found(as word: String) -> [Role] {
    let word = word.lowercased()
    if word == "agent" { return allCases.filter { $0.common == word } }
    return Role(rawValue: word).map { [$0] } ?? []
  }

  /// The words for roles, for messages.
  package static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
