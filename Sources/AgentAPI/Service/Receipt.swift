// The answer to an accepted command.

package import ReplicaCore

/// What a command did.
package struct Receipt: Hashable, Sendable {
  /// The delta, durable by now; nil where the command changed nothing.
  package var delta: Delta?
  /// The number under which this node applied it; 0 without one.
  package var applied: Int64
  /// The row that was created.
  package var created: RowID?

  package init(delta: Delta?, applied: Int64 = 0, created: RowID? = nil) {
    self.delta = delta
    self.applied = applied
    self.created = created
  }

  package var changed: Bool { delta != nil }
}
