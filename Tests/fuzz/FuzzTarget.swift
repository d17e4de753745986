// What is fed with hostile bytes: each reader of foreign input, and the laws that it must keep.

/// A reader of foreign input. `Tests/fuzz/run` lets libFuzzer look for inputs that break one;
/// the ordinary tests feed it with what was found so far.
enum FuzzTarget: String, CaseIterable, Sendable {
  /// A frame of the sync protocol.
  case frame
  /// A delta: two bytes with the length of its body, the body, the personal values.
  case delta
  /// An invite token: its text, or after a byte below 0x20 the content of one that is well sealed.
  case token
  /// A roster file (TOML).
  case roster
  /// An incident log (CSV); the first byte says how it is cut into pieces.
  case csv
  /// A body of the agent API.
  case json
  /// A query of the search language.
  case search
  /// A line of a request: a query string, a cursor, a header; or the address of a receiver.
  case request

  /// Reads the input as the product would. Whatever the bytes, it returns; it throws where a law
  /// is broken.
  func run(_ input: [UInt8]) throws(BrokenLaw) {
    switch self {
    case .frame: try Self.frame(input)
    case .delta: try Self.delta(input)
    case .token: try Self.token(input)
    case .roster: try Self.roster(input)
    case .csv: try Self.csv(input)
    case .json: try Self.json(input)
    case .search: try Self.search(input)
    case .request: try Self.request(input)
    }
  }
}

/// A law that an input shows to be broken.
struct BrokenLaw: Error {
  var law: String

  init(_ law: String) { self.law = law }

  /// Throws unless both are equal.
  static func unless<T: Equatable>(_ one: T, _ other: T, _ law: String) throws(BrokenLaw) {
    if one != other { throw BrokenLaw(law) }
  }
}
