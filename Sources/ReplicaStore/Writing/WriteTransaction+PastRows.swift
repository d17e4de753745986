// Lists of rows as of a causal past, and when a row was last touched.

package import ReplicaCore

extension WriteTransaction {
  /// Ids of an entity's rows that existed in the past, ordered.
  package func rows(of entity: EntityCode, within past: VersionVector) throws -> [RowID] {
    try rows(of: entity).filter { try row(RowRef(entity, $0), within: past).exists }
  }

  /// Rows whose column showed `value` in the past. Found by the value shown now, so it is for
  /// columns that are written once, when the row is made.
  package func rows(
    of entity: EntityCode, column: UInt16, equals value: Value, within past: VersionVector
  ) throws -> [RowID] {
    try rows(of: entity, column: column, equals: value).filter {
      try row(RowRef(entity, $0), within: past).value(column) == value
    }
  }

  /// When the row was last touched; nil where it does not exist.
  package func updatedAt(_ row: RowRef) throws -> Instant? {
    try cached(row).content.book.map { Instant(milliseconds: $0.updated) }
  }
}
