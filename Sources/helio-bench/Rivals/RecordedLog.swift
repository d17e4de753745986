// What our store wrote in a measurement, read back so that bare SQLite can write the same.

internal import HelpdeskDomain
internal import ReplicaCore

/// Deltas of a log as rows to write, in the groups in which they were committed.
struct RecordedLog: Sendable {
  /// What one delta puts into the tables.
  struct Entry: Sendable {
    var log: [Value]
    var subjects: [[Value]]
    var rows: [RowWrite]
  }

  /// Columns of one row that a delta changes.
  struct RowWrite: Sendable {
    var insert: String
    var update: String
    var values: [Value]
    var id: Value
  }

  var groups: [[Entry]] = []

  var count: Int { groups.reduce(0) { $0 + $1.count } }

  /// Reads what `database` (open nowhere else) holds beyond an apply number. One group ends at
  /// each apply number in `ends`; nil: at each signed head, which is where a commit ended.
  static func read(_ path: String, after: Int64, ends: Set<Int64>? = nil) throws -> RecordedLog {
    let database = try BareDatabase(path)
    defer { database.close() }
    let ends = try ends ?? heads(database)
    var recorded = RecordedLog()
    var group: [Entry] = []
    let rows = try database.rows(
      """
      SELECT apply_no, slot, seq, hlc, body, personal, void FROM log WHERE apply_no > ?
      ORDER BY apply_no
      """, [.integer(after)])
    for row in rows {
      group.append(try entry(row))
      if let number = row[0].integer, ends.contains(number) {
        recorded.groups.append(group)
        group = []
      }
    }
    if !group.isEmpty { recorded.groups.append(group) }
    return recorded
  }

  private static func heads(_ database: BareDatabase) throws -> Set<Int64> {
    let rows = try database.rows(
      "SELECT l.apply_no FROM log l JOIN head h ON h.slot = l.slot AND h.seq = l.seq")
    return Set(rows.compactMap { $0[0].integer })
  }

  /// The last apply number of a database that is open nowhere else.
  static func last(_ path: String) throws -> Int64 {
    let database = try BareDatabase(path)
    defer { database.close() }
    return try database.rows("SELECT max(apply_no) FROM log").first?.first?.integer ?? 0
  }

  private static func entry(_ row: [Value]) throws -> Entry {
    let delta = try DeltaCodec.decode(body: row[4].bytes ?? [], personal: row[5].bytes ?? [])
    let subjects = delta.changes.map { change -> [Value] in
      [.integer(Int64(change.row.entity.rawValue)), .integer(change.row.id.rawValue), row[0]]
    }
    let shown = Value.integer(delta.header.shownAt.milliseconds)
    let writes = delta.changes.compactMap { write($0, shown: shown, applied: row[0]) }
    return Entry(log: row, subjects: subjects, rows: writes)
  }

  /// The statements for the registers that a change writes; sets and maps are left out, which
  /// spares the rival work.
  private static func write(_ change: RowChange, shown: Value, applied: Value) -> RowWrite? {
    guard let entity = Desk.schema.entity(change.row.entity) else { return nil }
    var columns: [String] = []
    var values: [Value] = []
    for action in change.actions {
      guard let column = entity.column(action.cell.column), column.shape == .register,
        case .write(let content, _, _) = action.kind
      else { continue }
      columns.append("\"\(column.name)\"")
      values.append(content.value ?? .null)
    }
    columns += ["updated_ms", "applied_no"]
    values += [shown, applied]
    let sets = columns.enumerated().map { "\($1) = ?\($0 + 2)" }.joined(separator: ", ")
    let marks = columns.indices.map { "?\($0 + 2)" }.joined(separator: ", ")
    return RowWrite(
      insert: """
        INSERT INTO "\(entity.name)"(id, created_ms, via, meta, \(columns.joined(separator: ", ")))
        VALUES (?1, 0, 0, x'', \(marks))
        """,
      update: "UPDATE \"\(entity.name)\" SET \(sets) WHERE id = ?1", values: values,
      id: .integer(change.row.id.rawValue))
  }
}
