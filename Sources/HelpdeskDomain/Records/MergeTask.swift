// Rows that offices made twice apart: both stay, and a person decides which one goes.

package import ReplicaCore

/// Rows that say they are the same: one value that only one row should have.
package struct MergeTask: Hashable, Sendable {
  package var entity: EntityCode
  /// The column whose value they share.
  package var column: UInt16
  package var value: String
  /// The rows, oldest id first; none of them deleted.
  package var rows: [RowID]

  package init(entity: EntityCode, column: UInt16, value: String, rows: [RowID]) {
    self.entity = entity
    self.column = column
    self.value = value
    self.rows = rows
  }
}
