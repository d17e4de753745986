// The form in which a row lies in its read table: what is shown, and one blob for the merge.

/// A row as stored: one displayed value per column, and the packed rest.
package struct PackedRow: Hashable, Sendable {
  /// The displayed values in the order of the entity's columns; null where there is none. Each
  /// is of the column's storage kind, or null; sets and maps are ``DisplayJSON``.
  package var values: [Value]
  /// Stamps of the cells, and everything that the values cannot say.
  package var meta: [UInt8]

  package init(values: [Value], meta: [UInt8]) {
    self.values = values
    self.meta = meta
  }
}
