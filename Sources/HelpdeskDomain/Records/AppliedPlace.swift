// A place in the order in which a node applied changes, from which a reader goes on.

package import ReplicaCore

/// A row in a node's apply order. One delta may name many rows, which then have one number: only
/// with the row's id does the place say which of them a reader has had.
package struct AppliedPlace: Hashable, Comparable, Sendable {
  /// The apply number of the last delta that touched the row.
  package var applied: Int64
  package var id: RowID

  package init(applied: Int64, id: RowID) {
    self.applied = applied
    self.id = id
  }

  /// Behind every row of a number.
  package init(after applied: Int64) { self.init(applied: applied, id: RowID(.max)) }

  package static func < (left: AppliedPlace, right: AppliedPlace) -> Bool {
    (left.applied, left.id) < (right.applied, right.id)
  }
}
