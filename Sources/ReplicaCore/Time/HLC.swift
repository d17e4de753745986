// Hybrid logical time: physical milliseconds with a counter, so that effects sort after causes.

/// A hybrid logical timestamp: 48 bits of Unix milliseconds, 16 bits of counter.
///
/// Source: Kulkarni et al. 2014, Logical Physical Clocks.
package struct HLC: RawRepresentable, Hashable, Comparable, Sendable, Codable,
  CustomStringConvertible
{
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }
  package init(milliseconds: UInt64, counter: UInt16 = 0) {
    rawValue = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | UInt64(counter)
  }

  package static let zero = HLC(rawValue: 0)

  package var milliseconds: UInt64 { rawValue >> 16 }
  package var counter: UInt16 { UInt16(truncatingIfNeeded: rawValue) }
  package var instant: Instant { Instant(milliseconds: Int64(milliseconds)) }
  package var description: String { "\(milliseconds).\(counter)" }

  package static func < (left: HLC, right: HLC) -> Bool { left.rawValue < right.rawValue }
}
