// Operators name nodes; the name is shown and typed, the key is what counts.

/// 1 … 63 characters of a-z, 0-9 and '-', such as `paris-1`.
package struct NodeName: RawRepresentable, Hashable, Comparable, Sendable, Codable,
  CustomStringConvertible
{
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }

  package static let maximumLength = 63

  /// Whether the name keeps the rule; anything that comes from outside is checked with this.
  package var isValid: Bool {
    (1...Self.maximumLength).contains(rawValue.utf8.count)
      && rawValue.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
      }
  }

  package var description: String { rawValue }

  package static func < (left: NodeName, right: NodeName) -> Bool {
    left.rawValue < right.rawValue
  }
}
