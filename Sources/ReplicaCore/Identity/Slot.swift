// A slot is the never-reused integer that one database lineage writes under.

/// The number of one replica (one lineage of one database file), 1 … 9,999.
///
/// It is the low part of every id the replica makes, so ids are unique without coordination.
package struct Slot: RawRepresentable, Hashable, Comparable, Sendable, Codable,
  CustomStringConvertible
{
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }
  package init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The largest slot: ids are `n * 10_000 + slot`.
  package static let maximum = Slot(9_999)

  package var isValid: Bool { rawValue >= 1 && self <= .maximum }
  package var description: String { "\(rawValue)" }

  package static func < (left: Slot, right: Slot) -> Bool { left.rawValue < right.rawValue }
}
