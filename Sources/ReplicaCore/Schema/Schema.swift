// The schema tells the core and the store which columns exist and how each merges.

/// The number of an entity (a replicated table) on the wire. Never reused.
package struct EntityCode: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }
  package init(_ rawValue: UInt16) { self.rawValue = rawValue }
  package static func < (left: EntityCode, right: EntityCode) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// One cell of a row: a column, and for a map column the key inside it (a custom field's id).
package struct CellKey: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  package var column: UInt16
  /// 0 for every column that is not a map.
  package var key: Int64

  package init(_ column: UInt16, key: Int64 = 0) {
    self.column = column
    self.key = key
  }

  package var description: String { key == 0 ? "\(column)" : "\(column)[\(key)]" }

  package static func < (left: CellKey, right: CellKey) -> Bool {
    left.column == right.column ? left.key < right.key : left.column < right.column
  }
}

/// How concurrent changes of a cell meet. Each action on the wire names its kind, so a node
/// merges columns that it does not know.
package enum MergeKind: UInt8, Hashable, Sendable, Codable {
  /// Fenced register with named siblings.
  case register = 1
  /// Add-wins set.
  case set = 2
}

/// A column of an entity.
package struct ColumnSpec: Hashable, Sendable {
  /// What SQLite stores in the read table.
  package enum Storage: String, Hashable, Sendable {
    case integer = "INTEGER"
    case text = "TEXT"
    case blob = "BLOB"
  }

  package enum Shape: Hashable, Sendable {
    /// One register.
    case register
    /// An add-wins set; the read table holds a JSON array, sorted.
    case set
    /// One register per key; the read table holds a JSON object from key to value.
    case map
  }

  package var code: UInt16
  package var name: String
  package var shape: Shape
  package var storage: Storage
  /// Committed as H(salt ‖ value) in the chain and stored beside, so it can be erased.
  package var isPersonal: Bool
  /// An index is made on the read table's column.
  package var isIndexed: Bool

  package init(
    _ code: UInt16, _ name: String, _ shape: Shape = .register, _ storage: Storage = .text,
    personal: Bool = false, indexed: Bool = false
  ) {
    self.code = code
    self.name = name
    self.shape = shape
    self.storage = storage
    isPersonal = personal
    isIndexed = indexed
  }
}

/// A replicated table.
package struct EntitySpec: Hashable, Sendable {
  package var code: EntityCode
  package var name: String
  package var columns: [ColumnSpec]

  package init(_ code: EntityCode, _ name: String, _ columns: [ColumnSpec]) {
    self.code = code
    self.name = name
    self.columns = columns
  }

  package func column(_ code: UInt16) -> ColumnSpec? { columns.first { $0.code == code } }
}

/// All replicated tables of one schema level.
package struct Schema: Hashable, Sendable {
  /// Grows by one with every release that adds an entity or a column.
  package var level: UInt16
  package var entities: [EntitySpec]
  private let byCode: [EntityCode: EntitySpec]

  package init(level: UInt16, entities: [EntitySpec]) {
    self.level = level
    self.entities = entities
    byCode = Dictionary(uniqueKeysWithValues: entities.map { ($0.code, $0) })
  }

  package func entity(_ code: EntityCode) -> EntitySpec? { byCode[code] }
}
