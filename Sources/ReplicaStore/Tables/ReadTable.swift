// How one entity lies in SQLite: its columns, indexes and statements, made from the schema.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

/// The read table of one entity.
struct ReadTable: Sendable {
  let entity: EntitySpec
  let packing: RowPacking
  /// Quoted for SQL.
  let name: String
  /// Names of the columns of values: those of the schema, then local derived ones. Quoted.
  let columns: [String]
  /// One row for ``StoredRow/init(_:)``.
  let selectOne: String
  /// Rows of a JSON array of ids, each for ``StoredRow/init(_:after:)`` behind its id.
  let selectMany: String
  let insert: String
  /// Columns that every read table has before those of the schema.
  static let bookkeeping = ["created_ms", "updated_ms", "applied_no", "via", "meta"]

  init(_ entity: EntitySpec) {
    self.entity = entity
    packing = RowPacking(entity)
    name = Self.quoted(entity.name)
    let derived = entity.code == Desk.ticket ? TicketDerivation.columns.map(\.name) : []
    columns = entity.columns.map { Self.quoted($0.name) } + derived
    let every = (Self.bookkeeping + columns).joined(separator: ", ")
    let count = Self.bookkeeping.count + columns.count
    selectOne = "SELECT \(count), \(every) FROM \(name) WHERE id = ?"
    selectMany =
      "SELECT \(count + 1), id, \(every) FROM \(name) WHERE id IN (SELECT value FROM json_each(?))"
    let marks = [String](repeating: "?", count: Self.bookkeeping.count + columns.count + 1)
    insert = "INSERT INTO \(name)(id, \(every)) VALUES (\(marks.joined(separator: ", ")))"
  }

  /// Stands for the table of rows whose entity is unknown: bookkeeping and meta alone.
  static let unknown = ReadTable(EntitySpec(EntityCode(0), "unknown_row", []))

  /// `SELECT id, …` of whole rows, for ``StoredRow/init(_:table:offset:)`` with offset 1.
  var selectRows: String {
    "SELECT id, \((Self.bookkeeping + columns).joined(separator: ", ")) FROM \(name)"
  }

  /// Ids of the rows whose `column` (quoted) has the value given, ordered.
  func lookup(_ column: String) -> String {
    "SELECT id FROM \(name) WHERE \(column) = ? ORDER BY id"
  }

  static func quoted(_ name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  func column(_ code: UInt16) -> String? {
    packing.entity.columns.firstIndex { $0.code == code }.map { columns[$0] }
  }

  /// Creates the table and its indexes, or adds what a newer schema brought.
  /// Returns whether columns were added to an existing table.
  func create(_ db: Database) throws -> Bool {
    let derived = entity.code == Desk.ticket ? TicketDerivation.columns : []
    let typed =
      zip(columns, entity.columns).map { "\($0) \($1.storage.rawValue)" }
      + derived.map { "\($0.name) \($0.type)" }
    let known = Set(
      try Row.fetchAll(db, sql: "PRAGMA table_info(\(name))").compactMap { $0.text(1) })
    var grew = false
    if known.isEmpty {
      try db.execute(
        sql: """
          CREATE TABLE \(name)(id INTEGER PRIMARY KEY, created_ms INTEGER NOT NULL,
          updated_ms INTEGER NOT NULL, applied_no INTEGER NOT NULL, via INTEGER NOT NULL,
          meta BLOB NOT NULL, \(typed.joined(separator: ", ")))
          """)
    } else {
      for (column, definition) in zip(columns, typed) {
        guard !known.contains(column.trimmingQuotes) else { continue }
        try db.execute(sql: "ALTER TABLE \(name) ADD COLUMN \(definition)")
        grew = true
      }
    }
    for index in indexes { try db.execute(sql: index) }
    return grew
  }

  private var indexes: [String] {
    var result: [String] = []
    for (column, spec) in zip(columns, entity.columns) where spec.isIndexed {
      let collation = entity.code == Desk.user && spec.code == UserColumn.email
      result.append(
        index(
          spec.name, on: collation ? "\(column) COLLATE NOCASE" : column,
          "WHERE \(column) IS NOT NULL"))
    }
    if [Desk.ticket, Desk.user, Desk.organization, Desk.attachment].contains(entity.code) {
      result.append(index("applied_no", on: "applied_no"))
    }
    if entity.code == Desk.ticket {
      result += TicketDerivation.indexes.map { index($0.name, on: $0.columns, $0.condition) }
    }
    if entity.code == Desk.acceptance {
      result.append(index("board", on: "slot_start", "WHERE \(BoardAcceptances.condition)"))
    }
    return result
  }

  private func index(_ suffix: String, on columns: String, _ condition: String = "") -> String {
    let title = Self.quoted("\(entity.name)_\(suffix)_index")
    return "CREATE INDEX IF NOT EXISTS \(title) ON \(name)(\(columns)) \(condition)"
  }
}

extension String {
  fileprivate var trimmingQuotes: String {
    hasPrefix("\"") ? String(dropFirst().dropLast()).replacing("\"\"", with: "\"") : self
  }
}
