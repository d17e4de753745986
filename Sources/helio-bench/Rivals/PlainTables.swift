// The desk as one would lay it in SQLite without replication: rows, and a history row per change.

internal import HelpdeskDomain
internal import ReplicaCore

/// Plain tables with the columns, the indexes and the history of a store's file.
enum PlainTables {
  private static let entities = [
    Desk.user, Desk.token, Desk.group, Desk.roster, Desk.acceptance, Desk.seen, Desk.ticket,
    Desk.comment,
  ]
  private static let history = """
    CREATE TABLE history(
      id INTEGER PRIMARY KEY, row_id INTEGER NOT NULL, at_ms INTEGER NOT NULL,
      actor_id INTEGER NOT NULL, changes TEXT NOT NULL)
    """

  /// Writes the desk of `source`, open nowhere else, into a new file.
  static func write(of source: String, to path: String) throws {
    let from = try BareDatabase(source)
    let into = try BareDatabase(path)
    defer {
      from.close()
      into.close()
    }
    try into.run(history)
    try into.run("CREATE INDEX history_row ON history(row_id)")
    try into.transaction {
      for code in entities { try copy(code, from, into) }
      try copyHistory(from, into)
    }
  }

  private static func copy(
    _ code: EntityCode, _ from: BareDatabase, _ into: BareDatabase
  ) throws {
    guard let entity = Desk.schema.entity(code) else { return }
    let columns = ["created_ms", "updated_ms"] + entity.columns.map { "\"\($0.name)\"" }
    let typed =
      ["created_ms INTEGER", "updated_ms INTEGER"]
      + entity.columns.map { "\"\($0.name)\" \($0.storage.rawValue)" }
    try into.run(
      "CREATE TABLE \"\(entity.name)\"(id INTEGER PRIMARY KEY, \(typed.joined(separator: ", ")))")
    let indexed =
      entity.columns.filter(\.isIndexed).map(\.name)
      + (code == Desk.ticket ? ["created_ms", "updated_ms", "status", "priority"] : [])
    for column in indexed {
      try into.run(
        """
        CREATE INDEX "\(entity.name)_\(column)" ON "\(entity.name)"("\(column)")
        WHERE "\(column)" IS NOT NULL
        """)
    }
    let marks = [String](repeating: "?", count: columns.count + 1).joined(separator: ", ")
    let names = columns.joined(separator: ", ")
    for row in try from.rows("SELECT id, \(names) FROM \"\(entity.name)\" ORDER BY id") {
      try into.run("INSERT INTO \"\(entity.name)\"(id, \(names)) VALUES (\(marks))", row)
    }
  }

  /// One row for each row that a delta changed: the new values as JSON, as an audit table would
  /// keep them. The text of a comment is not said twice: its row never changes.
  private static func copyHistory(_ from: BareDatabase, _ into: BareDatabase) throws {
    var last: Int64 = 0
    while true {
      let page = try from.rows(
        "SELECT apply_no, body, personal FROM log WHERE apply_no > ? ORDER BY apply_no LIMIT 5000",
        [.integer(last)])
      guard let end = page.last?[0].integer else { return }
      last = end
      for row in page {
        let delta = try DeltaCodec.decode(body: row[1].bytes ?? [], personal: row[2].bytes ?? [])
        for change in delta.changes where change.row.entity != Desk.comment {
          try into.run(
            "INSERT INTO history(row_id, at_ms, actor_id, changes) VALUES (?, ?, ?, ?)",
            [
              .integer(change.row.id.rawValue),
              .integer(delta.header.shownAt.milliseconds),
              .integer(delta.header.actor.rawValue), .text(json(change)),
            ])
        }
      }
    }
  }

  private static func json(_ change: RowChange) -> String {
    let entity = Desk.schema.entity(change.row.entity)
    let parts = change.actions.compactMap { action -> String? in
      let name = entity?.column(action.cell.column)?.name ?? "\(action.cell.column)"
      let value: Value? =
        switch action.kind {
        case .write(let content, _, _): content.value
        case .add(let value, _), .remove(let value, _): value
        }
      return value.map { "\"\(name)\":\(json($0))" }
    }
    return "{\(parts.joined(separator: ","))}"
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .integer(let number): "\(number)"
    case .text(let text): "\"\(text.replacing("\"", with: "\\\""))\""
    case .bytes(let bytes): "\"\(bytes.count) bytes\""
    }
  }
}
