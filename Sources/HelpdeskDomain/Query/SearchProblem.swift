// What is wrong with a search, so that the caller can mend it.

/// A search that cannot be answered as written.
package enum SearchProblem: Error, Hashable, Sendable {
  case tooLong(bytes: Int)
  case tooManyTerms(Int)
  /// A known key with a value it cannot have.
  case badValue(key: String, value: String, expected: String)
  /// `<` or `>` on a key that has no order.
  case noOrder(key: String)
  /// `me` where nobody is signed in.
  case nobodyIsMe(key: String)
  case unknownType(String)
  /// A key that what is asked for does not have.
  case unknownKey(String, known: [String])

  package var message: String {
    switch self {
    case .tooLong(let bytes):
      "query: has \(bytes) bytes, at most \(DeskLimits.searchBytes) are allowed; shorten it"
    case .tooManyTerms(let count):
      "query: has \(count) terms, at most \(DeskLimits.searchTerms) are allowed; use fewer"
    case .badValue(let key, let value, let expected):
      "query: \(key) cannot be '\(value.prefix(64))'; give \(expected)"
    case .noOrder(let key): "query: \(key) has no order; write \(key):value"
    case .nobodyIsMe(let key): "query: \(key):me needs a signed-in user; give an id or an e-mail"
    case .unknownType(let type):
      "query: type '\(type.prefix(64))' is not one of ticket, user, organization, group"
    case .unknownKey(let key, let known):
      "query: '\(key.prefix(64))' is no key here; known are \(known.joined(separator: ", ")); a text "
        + "that looks like one goes in quotation marks"
    }
  }

  package var fieldProblem: FieldProblem { FieldProblem("query", .invalidValue, message) }
}
