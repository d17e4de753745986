// The answer to an accepted command.

package import ReplicaCore

/// What a command did.
package struct Receipt: Hashable, Sendable {
  /// The delta, durable by now; nil where the command changed nothing.
  package var delta: Delta?
  /// The row that was created.
  package var created: RowID?

  package init(delta: Delta?, created: RowID? = nil) {
    self.delta = delta
    self.created = created
  }

  package var changed: Bool { delta != nil }
}
