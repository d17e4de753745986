// What a checker found: which invariant, at which step, and in words.

internal import ReplicaCore

/// An invariant of INVARIANTS.md does not hold.
package struct Violation: Error, Sendable, Codable, CustomStringConvertible {
  /// The number of the invariant.
  package var invariant: Int
  package var text: String

  init(_ invariant: Int, _ text: String) {
    self.invariant = invariant
    self.text = text
  }

  /// Invariant 4 speaks of progress; all others of safety.
  package var isLiveness: Bool { invariant == 4 }
  package var description: String { "invariant \(invariant): \(text)" }
}
