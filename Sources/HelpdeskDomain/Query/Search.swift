// The search language of the compatible API, parsed to queries that the store answers.

package import ReplicaCore

/// A parsed search.
///
/// Without `type:` it asks for tickets; where it holds nothing but words it asks for users,
/// organizations and groups too.
package struct Search: Hashable, Sendable {
  package var tickets: TicketSearch?
  package var directory: [DirectoryQuery]

  /// Names that the node has to turn into ids before the query can run.
  package var names: [SearchName] { (tickets?.names ?? []) + directory.flatMap(\.names) }

  /// Parses a search.
  ///
  /// - Parameters:
  ///   - me: the signed-in user, for `assignee:me`; nil where there is none.
  ///   - now: for relative dates such as `created>2hours`.
  ///   - only: what is looked through, whatever the search could mean.
  package static func parse(
    _ text: String, me: RowID?, now: Instant, only: DirectoryKind? = nil
  ) throws(SearchProblem) -> Search {
    guard text.utf8.count <= DeskLimits.searchBytes else {
      throw .tooLong(bytes: text.utf8.count)
    }
    var tokens = SearchToken.all(in: text)
    guard tokens.count <= DeskLimits.searchTerms else { throw .tooManyTerms(tokens.count) }
    let kinds = try bound(takeKinds(from: &tokens), to: only)
    let keys = tokens.compactMap { token -> String? in
      if case .property(let key, _, _) = token.kind { key } else { nil }
    }
    let asked = try asked(kinds, keys)
    var search = Search(tickets: nil, directory: [])
    if asked.contains(.ticket) {
      search.tickets = try TicketSearch(tokens, me: me, now: now)
    }
    for kind in DirectoryKind.allCases where asked.contains(SearchKind(kind)) {
      search.directory.append(try DirectoryQuery(kind, tokens, now: now))
    }
    return search
  }

  /// What is looked through: of what the search names, or could mean, all that knows its keys.
  private static func asked(
    _ kinds: Set<SearchKind>, _ keys: [String]
  ) throws(SearchProblem) -> [SearchKind] {
    let ofTickets = !keys.isEmpty && keys.allSatisfy { SearchKind.ticket.knows($0) }
    let meant = SearchKind.allCases.filter { kind in
      kinds.isEmpty ? kind == .ticket || !ofTickets : kinds.contains(kind)
    }
    let asked = meant.filter { kind in keys.allSatisfy { kind.knows($0) } }
    if asked.isEmpty {
      if let strange = keys.first(where: { key in !meant.contains { $0.knows(key) } }) {
        throw .unknownKey(strange, known: Set(meant.flatMap(\.keys)).sorted())
      }
      // Each key is known to something, but nothing has them all.
      let first = meant[0]
      let foreign = keys.first { !first.knows($0) } ?? ""
      throw .unknownKey(foreign, known: first.keys.sorted())
    }
    return asked
  }

  private static func bound(
    _ kinds: Set<SearchKind>, to only: DirectoryKind?
  ) throws(SearchProblem) -> Set<SearchKind> {
    guard let kind = only.map({ SearchKind($0) }) else { return kinds }
    if let other = kinds.subtracting([kind]).map(\.rawValue).min() {
      throw .badValue(key: "type", value: other, expected: kind.rawValue)
    }
    return [kind]
  }

  /// Whether any search knows the key.
  static func isKey(_ key: String) -> Bool {
    key == "type" || SearchKind.allCases.contains { $0.knows(key) }
  }

  private static func takeKinds(
    from tokens: inout [SearchToken]
  ) throws(SearchProblem) -> Set<SearchKind> {
    var kinds: Set<SearchKind> = []
    var rest: [SearchToken] = []
    for token in tokens {
      guard case .property("type", let comparison, let value) = token.kind else {
        rest.append(token)
        continue
      }
      guard comparison == .equal else { throw .noOrder(key: "type") }
      if let kind = SearchKind(rawValue: value.lowercased()), !token.negated {
        kinds.insert(kind)
      } else if value.lowercased() == "none" || TicketType(rawValue: value.lowercased()) != nil {
        // `type:problem` asks for tickets of that type, `type:none` for those without one.
        kinds.insert(.ticket)
        rest.append(
          SearchToken(
            kind: .property(key: "ticket_type", .equal, value: value), negated: token.negated))
      } else {
        throw .unknownType(value)
      }
    }
    tokens = rest
    return kinds
  }
}

enum SearchKind: String, Hashable, Sendable, CaseIterable {
  case ticket, user, organization, group

  /// The keys that mean something here, as messages list them.
  var keys: Set<String> {
    switch self {
    case .ticket: TicketSearch.keys.union(["\(TicketSearch.fieldPrefix)ID"])
    case .user: DirectoryQuery.keys(.user)
    case .organization: DirectoryQuery.keys(.organization)
    case .group: DirectoryQuery.keys(.group)
    }
  }

  func knows(_ key: String) -> Bool {
    self == .ticket ? TicketSearch.knows(key) : keys.contains(key)
  }

  init(_ kind: DirectoryKind) {
    switch kind {
    case .user: self = .user
    case .organization: self = .organization
    case .group: self = .group
    }
  }
}

/// A name in a search that stands for rows.
package enum SearchName: Hashable, Sendable {
  /// An e-mail address or a full name, any case.
  case user(String)
  case group(String)
  case organization(String)
}
