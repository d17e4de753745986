// Offices are named by a short code that people type.

/// The code of an office, such as `paris`: 1 … 32 characters of a-z, 0-9 and '-'.
package struct OfficeID: RawRepresentable, Hashable, Comparable, Sendable, Codable,
  CustomStringConvertible
{
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }

  package static let maximumLength = 32

  /// Whether the code keeps the rule; anything that comes from outside is checked with this.
  package var isValid: Bool {
    (1...Self.maximumLength).contains(rawValue.utf8.count)
      && rawValue.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
      }
  }

  package var description: String { rawValue }

  package static func < (left: OfficeID, right: OfficeID) -> Bool {
    left.rawValue < right.rawValue
  }
}
