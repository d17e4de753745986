// The database's own tables, and the steps by which an older file becomes a newer one.

internal import GRDB
internal import ReplicaCore

/// Migrations are only ever added; they emit no deltas.
enum StoreMigrations {
  /// Written into the file's header, so that `file` and we know it ("Heli").
  static let applicationID = 0x4865_6C69

  /// One step: its name is never changed, its work never edited once released.
  struct Step: Sendable {
    let name: String
    let run: @Sendable (Database) throws -> Void
  }

  static let steps: [Step] = [
    Step(name: "1 base tables") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: replicated)
      try db.execute(sql: local)
    },
    Step(name: "2 full-text search") { try $0.execute(sql: SearchTables.create) },
    Step(name: "3 searched texts by ticket") { try $0.execute(sql: SearchTables.byTicket) },
    Step(name: "4 notices") { try $0.execute(sql: NoticeTables.create) },
    Step(name: "5 seconds of readers") { try ReaderSeconds.create($0) },
  ]

  /// Whether a newer release has migrated the file further than we know.
  static func isSuperseded(_ db: Database) throws -> Bool {
    let known = Set(steps.map(\.name))
    return try done(db).contains { !known.contains($0) }
  }

  /// Runs the steps that the file lacks, each in its own transaction.
  static func run(_ db: Database) throws {
    try db.execute(sql: "CREATE TABLE IF NOT EXISTS migration(name TEXT NOT NULL PRIMARY KEY)")
    let done = try done(db)
    for step in steps where !done.contains(step.name) {
      try db.inTransaction {
        try step.run(db)
        try db.run("INSERT INTO migration(name) VALUES (?)", [step.name.databaseValue])
        return .commit
      }
    }
  }

  private static func done(_ db: Database) throws -> Set<String> {
    guard try db.tableExists("migration") else { return [] }
    return Set(try Row.fetchAll(db, sql: "SELECT name FROM migration").compactMap { $0.text(0) })
  }

  /// What every replica has alike, but for the order in which it came.
  private static let replicated = """
    CREATE TABLE log(
      apply_no INTEGER PRIMARY KEY, slot INTEGER NOT NULL, seq INTEGER NOT NULL,
      hlc INTEGER NOT NULL, body BLOB NOT NULL, personal BLOB, void TEXT, UNIQUE(slot, seq));
    CREATE TABLE head(
      slot INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL,
      PRIMARY KEY(slot, seq)) WITHOUT ROWID;
    CREATE TABLE subject(
      entity INTEGER NOT NULL, id INTEGER NOT NULL, apply_no INTEGER NOT NULL,
      PRIMARY KEY(entity, id, apply_no)) WITHOUT ROWID;
    CREATE TABLE replica(
      slot INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL,
      context BLOB NOT NULL);
    CREATE TABLE fingerprint(
      bucket INTEGER PRIMARY KEY, high INTEGER NOT NULL, low INTEGER NOT NULL);
    CREATE TABLE element(
      entity INTEGER NOT NULL, "column" INTEGER NOT NULL, value NOT NULL, id INTEGER NOT NULL,
      PRIMARY KEY(entity, "column", value, id)) WITHOUT ROWID;
    CREATE TABLE conflict(
      entity INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(entity, id)) WITHOUT ROWID;
    CREATE TABLE unknown_row(
      entity INTEGER NOT NULL, id INTEGER NOT NULL, created_ms INTEGER NOT NULL,
      updated_ms INTEGER NOT NULL, applied_no INTEGER NOT NULL, via INTEGER NOT NULL,
      meta BLOB NOT NULL, PRIMARY KEY(entity, id)) WITHOUT ROWID;
    """

  /// What is this node's alone and leaves it in no snapshot.
  private static let local =
    "CREATE TABLE local(key TEXT PRIMARY KEY, value) WITHOUT ROWID;" + localButSettings

  /// Makes the local tables that a snapshot lacks.
  static func restoreLocalTables(_ db: Database) throws {
    if try !db.tableExists("frozen") { try db.execute(sql: localButSettings) }
    if try !db.tableExists("search_queue") {
      try db.execute(sql: SearchTables.create)
      try db.execute(sql: SearchTables.byTicket)
    }
    if try !db.tableExists("webhook_delivery") { try db.execute(sql: NoticeTables.create) }
    try ReaderSeconds.create(db)
  }

  private static let localButSettings = """
    CREATE TABLE frozen(
      slot INTEGER PRIMARY KEY, seq INTEGER NOT NULL, ours BLOB NOT NULL, theirs BLOB NOT NULL,
      at_ms INTEGER NOT NULL);
    CREATE TABLE moment(apply_no INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL);
    """

  /// The tables of ``local``; see ``replicated`` for the rest.
  static let localTables = ["local", "frozen", "moment"] + SearchTables.names + NoticeTables.names
}
