// Values of the core to values of SQLite and back.

internal import Foundation
internal import GRDB
internal import ReplicaCore

extension Value {
  /// As SQLite stores it.
  var sql: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let number): number.databaseValue
    case .text(let text): text.databaseValue
    case .bytes(let bytes): Data(bytes).databaseValue
    }
  }

  /// From SQLite; a real number, which we never write, reads as null and shows in `verify`.
  init(sql value: DatabaseValue) {
    switch value.storage {
    case .null, .double: self = .null
    case .int64(let number): self = .integer(number)
    case .string(let text): self = .text(text)
    case .blob(let data): self = .bytes([UInt8](data))
    }
  }
}

extension Row {
  func int(_ index: Int) -> Int64 { Int64.fromDatabaseValue(self[index] as DatabaseValue) ?? 0 }
  func optionalInt(_ index: Int) -> Int64? {
    Int64.fromDatabaseValue(self[index] as DatabaseValue)
  }
  /// A damaged file may hold any number here; it must lead to an error later, never to a trap.
  func slot(_ index: Int) -> Slot { Slot(UInt32(truncatingIfNeeded: int(index))) }
  /// A slot and, in the next column, a seq.
  func dot(_ index: Int) -> Dot { Dot(slot(index), UInt64(bitPattern: int(index + 1))) }
  func text(_ index: Int) -> String? { String.fromDatabaseValue(self[index] as DatabaseValue) }

  func bytes(_ index: Int) -> [UInt8] {
    if case .blob(let data) = (self[index] as DatabaseValue).storage { return [UInt8](data) }
    return []
  }
}

extension [UInt8] {
  var sql: DatabaseValue { Data(self).databaseValue }
}

extension Database {
  /// Runs a statement that is kept prepared.
  func run(_ sql: String, _ arguments: [DatabaseValue]) throws {
    let statement = try cachedStatement(sql: sql)
    statement.setUncheckedArguments(StatementArguments(values: arguments))
    try statement.execute()
  }

  /// A statement that is kept prepared, ready to be read.
  func rows(_ sql: String, _ arguments: [DatabaseValue] = []) throws -> RowCursor {
    let statement = try cachedStatement(sql: sql)
    return try Row.fetchCursor(statement, arguments: StatementArguments(values: arguments))
  }

  /// The first row of a statement that is kept prepared. It is a copy: a row of a cursor is gone
  /// with the cursor.
  func row(_ sql: String, _ arguments: [DatabaseValue] = []) throws -> Row? {
    try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(values: arguments))
  }

  func rowOnce(_ sql: String, _ arguments: [DatabaseValue] = []) throws -> Row? {
    try Row.fetchOne(makeStatement(sql: sql), arguments: StatementArguments(values: arguments))
  }

  /// A statement whose text depends on what somebody asked; kept prepared, such would pile up.
  func rowsOnce(_ sql: String, _ arguments: [DatabaseValue] = []) throws -> RowCursor {
    try Row.fetchCursor(makeStatement(sql: sql), arguments: StatementArguments(values: arguments))
  }

  /// ``number(_:_:)`` of a statement as in ``rowsOnce(_:_:)``.
  func numberOnce(_ sql: String, _ arguments: [DatabaseValue] = []) throws -> Int64? {
    try rowOnce(sql, arguments)?.optionalInt(0)
  }

  /// The first column of the first row, as an integer.
  func number(_ sql: String, _ arguments: [DatabaseValue] = []) throws -> Int64? {
    try row(sql, arguments)?.optionalInt(0)
  }
}

extension StatementArguments {
  /// Some of the work of every statement: GRDB's own initializer for values of one type goes
  /// through a key path, which took a fifth of the time of applying deltas.
  init(values: [DatabaseValue]) {
    self.init(values.lazy.map { $0 as (any DatabaseValueConvertible)? })
  }
}

/// A whole row read by position: GRDB's Row first makes an index of all column names.
///
/// The statement's first column must be the number of columns that follow.
struct RawRow: DatabaseValueConvertible, StatementColumnConvertible {
  let values: [DatabaseValue]

  init?(sqliteStatement: SQLiteStatement, index: CInt) {
    let count = CInt(truncatingIfNeeded: Int64(sqliteStatement: sqliteStatement, index: index))
    values = (0..<count).map {
      DatabaseValue(sqliteStatement: sqliteStatement, index: index + 1 + $0)
    }
  }

  /// A row is no value; nothing asks for one.
  var databaseValue: DatabaseValue { .null }
  static func fromDatabaseValue(_ dbValue: DatabaseValue) -> RawRow? { nil }
}

extension Database {
  /// The first row of a statement that is kept prepared, see ``RawRow``.
  func rawRow(_ sql: String, _ arguments: [DatabaseValue]) throws -> RawRow? {
    let statement = try cachedStatement(sql: sql)
    return try RawRow.fetchOne(statement, arguments: StatementArguments(values: arguments))
  }

  /// All rows of such a statement.
  func rawRows(_ sql: String, _ arguments: [DatabaseValue]) throws -> [RawRow] {
    let statement = try cachedStatement(sql: sql)
    return try RawRow.fetchAll(statement, arguments: StatementArguments(values: arguments))
  }
}
