// The values that cells hold.

/// A plain value. Booleans are integers 0 and 1; times are milliseconds.
package enum Value: Hashable, Sendable, Codable {
  case null
  case integer(Int64)
  case text(String)
  case bytes([UInt8])
}

extension Value {
  package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  package var text: String? { if case .text(let value) = self { value } else { nil } }
  package var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
  package var isNull: Bool { self == .null }
}

extension Value: Comparable {
  /// A total order over all values (null, integers, texts by UTF-8, bytes), for canonical forms.
  package static func < (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.integer(let a), .integer(let b)): a < b
    case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.bytes(let a), .bytes(let b)): a.lexicographicallyPrecedes(b)
    default: left.rank < right.rank
    }
  }

  private var rank: Int {
    switch self {
    case .null: 0
    case .integer: 1
    case .text: 2
    case .bytes: 3
    }
  }
}
