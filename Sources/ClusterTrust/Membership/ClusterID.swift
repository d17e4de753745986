// A cluster's id is derived from its founding record, so whoever knows the id knows the root key.

/// 32 lower-case hexadecimal digits: the first 128 bits of SHA-256 over the founding record.
package struct ClusterID: RawRepresentable, Hashable, Comparable, Sendable, Codable,
  CustomStringConvertible
{
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  static let digits = 32

  /// Whether it has the form; anything that comes from outside is checked with this.
  package var isValid: Bool {
    rawValue.utf8.count == Self.digits
      && rawValue.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  package var description: String { rawValue }

  package static func < (left: ClusterID, right: ClusterID) -> Bool {
    left.rawValue < right.rawValue
  }
}
