// Pure code is told the time; this is the type in which it is told.

/// A point in UTC, in milliseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }
  package init(seconds: Int64) { milliseconds = seconds &* 1_000 }

  package static let zero = Instant(milliseconds: 0)

  /// Whole seconds, rounded down.
  package var seconds: Int64 {
    milliseconds / 1_000 - (milliseconds % 1_000 < 0 ? 1 : 0)
  }
  package var description: String { "\(milliseconds)ms" }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }
  package static func + (left: Instant, milliseconds: Int64) -> Instant {
    Instant(milliseconds: left.milliseconds &+ milliseconds)
  }
  /// The milliseconds from `right` to `left`.
  package static func - (left: Instant, right: Instant) -> Int64 {
    left.milliseconds &- right.milliseconds
  }
}
