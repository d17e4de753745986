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
  package static func parse(
    _ text: String, me: RowID?, now: Instant
  ) throws(SearchProblem) -> Search {
    guard text.utf8.count <= DeskLimits.searchBytes else {
      throw .tooLong(bytes: text.utf8.count)
    }
    var tokens = SearchToken.all(in: text)
    guard tokens.count <= DeskLimits.searchTerms else { throw .tooManyTerms(tokens.count) }
    let kinds = try takeKinds(from: &tokens)
    let onlyWords = tokens.allSatisfy {
      if case .property(let key, _, _) = $0.kind { !TicketSearch.keys.contains(key) } else { true }
    }
    var search = Search(tickets: nil, directory: [])
    if kinds.isEmpty || kinds.contains(.ticket) {
      search.tickets = try TicketSearch(tokens, me: me, now: now)
    }
    for kind in DirectoryKind.allCases
    where kinds.contains(SearchKind(kind)) || (kinds.isEmpty && onlyWords) {
      search.directory.append(try DirectoryQuery(kind, tokens, now: now))
    }
    return search
  }

  private static func takeKinds(
    from tokens: inout [SearchToken]
  ) throws(SearchProblem) -> Set<SearchKind> {
    var kinds: Set<SearchKind> = []
    var rest: [SearchToken] = []
    for token in tokens {
      guard case .property("type", .equal, let value) = token.kind else {
        rest.append(token)
        continue
      }
      if let kind = SearchKind(rawValue: value.lowercased()), !token.negated {
        kinds.insert(kind)
      } else if TicketType(rawValue: value.lowercased()) != nil {
        // `type:problem` asks for tickets of that type.
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

enum SearchKind: String, Hashable, Sendable {
  case ticket, user, organization, group

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
