// Row ids are unique over the cluster without coordination.

/// The id of a replicated row: `n * 10_000 + slot`, below 2^53 so that JSON clients keep it whole.
package struct RowID: RawRepresentable, Hashable, Comparable, Sendable, Codable,
  CustomStringConvertible
{
  package let rawValue: Int64

  package init(rawValue: Int64) { self.rawValue = rawValue }
  package init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// The `n`-th id of a slot, n from 1.
  package init(number: Int64, slot: Slot) {
    rawValue = number * 10_000 + Int64(slot.rawValue)
  }

  /// Rows that exist from the start on every node alike (n = 0, slot = 0).
  package static let none = RowID(0)
  package static let limit: Int64 = 1 << 53

  package var slot: Slot { Slot(UInt32(truncatingIfNeeded: rawValue % 10_000)) }
  package var number: Int64 { rawValue / 10_000 }
  package var isValid: Bool { rawValue > 0 && rawValue < Self.limit }
  package var description: String { "\(rawValue)" }

  package static func < (left: RowID, right: RowID) -> Bool { left.rawValue < right.rawValue }
}

/// A replicated row anywhere in the schema.
package struct RowRef: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var entity: EntityCode
  package var id: RowID

  package init(_ entity: EntityCode, _ id: RowID) {
    self.entity = entity
    self.id = id
  }

  package var description: String { "\(entity.rawValue)/\(id)" }

  package static func < (left: RowRef, right: RowRef) -> Bool {
    left.entity == right.entity ? left.id < right.id : left.entity < right.entity
  }
}
