// SQLite by its C interface and nothing in between: what every figure of the store is held against.

internal import GRDBSQLite
internal import ReplicaCore

/// A database with prepared statements, as durable as ours: WAL, `synchronous=FULL`.
final class BareDatabase {
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// Opens or makes the file. The page cache is as large as that of our writing connection.
  init(_ path: String) throws {
    var opened: OpaquePointer?
    guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
      throw BenchFailure("SQLite cannot open \(path)")
    }
    handle = opened
    for pragma in [
      "journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "temp_store = MEMORY",
      "wal_autocheckpoint = 2000",
    ] {
      _ = try rows("PRAGMA \(pragma)")
    }
    guard try rows("PRAGMA synchronous").first?.first == .integer(2),
      try rows("PRAGMA journal_mode").first?.first == .text("wal")
    else { throw BenchFailure("SQLite did not take WAL with synchronous=FULL") }
  }

  deinit { close() }

  /// Closes it, the write-ahead log taken in.
  func close() {
    for statement in statements.values { sqlite3_finalize(statement) }
    statements = [:]
    sqlite3_close_v2(handle)
  }

  /// Runs a statement that is kept prepared and gives no rows.
  func run(_ sql: String, _ values: [Value] = []) throws {
    let statement = try bound(sql, values)
    defer { sqlite3_reset(statement) }
    var step = sqlite3_step(statement)
    while step == SQLITE_ROW { step = sqlite3_step(statement) }
    guard step == SQLITE_DONE else { throw failure(sql) }
  }

  /// All rows of a statement that is kept prepared.
  func rows(_ sql: String, _ values: [Value] = []) throws -> [[Value]] {
    let statement = try bound(sql, values)
    defer { sqlite3_reset(statement) }
    var rows: [[Value]] = []
    var step = sqlite3_step(statement)
    while step == SQLITE_ROW {
      rows.append((0..<sqlite3_column_count(statement)).map { Self.value(statement, $0) })
      step = sqlite3_step(statement)
    }
    guard step == SQLITE_DONE else { throw failure(sql) }
    return rows
  }

  /// One transaction; it is durable when this returns.
  func transaction(_ body: () throws -> Void) throws {
    try run("BEGIN IMMEDIATE")
    try body()
    try run("COMMIT")
  }

  private func bound(_ sql: String, _ values: [Value]) throws -> OpaquePointer {
    let statement = try prepared(sql)
    for (index, value) in values.enumerated() {
      guard Self.bind(statement, Int32(index + 1), value) == SQLITE_OK else { throw failure(sql) }
    }
    return statement
  }

  private func prepared(_ sql: String) throws -> OpaquePointer {
    if let known = statements[sql] { return known }
    var made: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &made, nil) == SQLITE_OK, let made else {
      throw failure(sql)
    }
    statements[sql] = made
    return made
  }

  // SQLITE_TRANSIENT, a cast that C macros hide from Swift: SQLite copies what is bound.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private static func bind(_ statement: OpaquePointer, _ index: Int32, _ value: Value) -> Int32 {
    switch value {
    case .null: sqlite3_bind_null(statement, index)
    case .integer(let number): sqlite3_bind_int64(statement, index, number)
    case .text(let text): sqlite3_bind_text(statement, index, text, -1, transient)
    case .bytes(let bytes):
      sqlite3_bind_blob(statement, index, bytes, Int32(bytes.count), transient)
    }
  }

  private static func value(_ statement: OpaquePointer, _ column: Int32) -> Value {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_TEXT:
      return sqlite3_column_text(statement, column).map { .text(String(cString: $0)) } ?? .null
    case SQLITE_BLOB:
      let count = Int(sqlite3_column_bytes(statement, column))
      guard let start = sqlite3_column_blob(statement, column) else { return .bytes([]) }
      return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
    default: return .null
    }
  }

  private func failure(_ sql: String) -> BenchFailure {
    BenchFailure("SQLite: \(String(cString: sqlite3_errmsg(handle))), in: \(sql.prefix(200))")
  }
}
