// Opening a store: lock, log left behind, connections, checks, migrations, image; in this order.

internal import Foundation
internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

extension ReplicaStore {
  /// Opens the store in a directory, or makes a new one.
  ///
  /// Throws ``StoreError``: `locked` where another process has it, `damaged` or `chainBroken`
  /// where a check fails, `newerDatabase`, `notDurable`, `cannotOpen`, `diskFull`, `ioFailed`.
  package static func open(_ options: StoreOptions) throws -> ReplicaStore {
    let plan = StorePlan(options)
    do {
      try FileManager.default.createDirectory(
        atPath: options.directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw StoreError.cannotOpen(path: options.directory, cause: error.localizedDescription)
    }
    let lock = try DirectoryLock(directory: options.directory)
    removeHalfMade(in: options.directory)
    if options.durability == .full { try LeftoverLog.settle(database: options.databasePath) }
    return try StoreError.mapped {
      let pool = try DatabasePool(
        path: options.databasePath, configuration: configuration(options))
      let image = try pool.writeWithoutTransaction { db in
        try makeDurable(db, options)
        return try prepare(db, plan)
      }
      return ReplicaStore(plan: plan, pool: pool, lock: lock, image: image)
    }
  }

  private static func configuration(_ options: StoreOptions) -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.maximumReaderCount = StoreLimits.readers
    configuration.busyMode = .timeout(StoreLimits.busySeconds)
    configuration.label = "store"
    configuration.prepareDatabase { db in
      let cache =
        db.configuration.readonly ? StoreLimits.readerCacheKiB : StoreLimits.writerCacheKiB
      // Deleted content is overwritten: erasure must leave nothing in free pages.
      try db.execute(
        sql: """
          PRAGMA cache_size = -\(cache); PRAGMA temp_store = MEMORY;
          PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF
          """)
      if !db.configuration.readonly {
        try db.execute(sql: "PRAGMA auto_vacuum = NONE")
      }
    }
    return configuration
  }

  /// GRDB's pool sets `synchronous` to NORMAL when it turns WAL on; that would lose acknowledged
  /// writes at power loss. Only here, after the pool was made, is the last word.
  private static func makeDurable(_ db: Database, _ options: StoreOptions) throws {
    let isFull = options.durability == .full
    try db.execute(
      sql: """
        PRAGMA synchronous = \(isFull ? "FULL" : "OFF");
        PRAGMA wal_autocheckpoint = \(StoreLimits.checkpointPages)
        """)
    _ = try Row.fetchOne(db, sql: "PRAGMA journal_size_limit = \(StoreLimits.walBytes)")
    let found = Int(try db.number("PRAGMA synchronous") ?? -1)
    guard found == (isFull ? 2 : 0) else { throw StoreError.notDurable(found: found) }
    let mode = try Row.fetchOne(db, sql: "PRAGMA journal_mode")?.text(0)
    guard mode == "wal" else {
      throw StoreError.cannotOpen(
        path: options.databasePath, cause: "the journal mode is \(mode ?? "unknown"), not wal")
    }
  }

  private static func prepare(_ db: Database, _ plan: StorePlan) throws -> StoreImage {
    if plan.options.check == .quick {
      let finding = try Row.fetchOne(db, sql: "PRAGMA quick_check(1)")?.text(0)
      guard finding == "ok" else {
        throw StoreError.damaged(detail: finding ?? "quick_check gave no answer")
      }
    }
    guard try !StoreMigrations.isSuperseded(db) else {
      throw StoreError.newerDatabase(path: plan.options.databasePath)
    }
    try StoreMigrations.run(db)
    try db.inTransaction {
      try SchemaAdoption.adopt(db, plan)
      return .commit
    }
    try ChainReader(db).checkTails()
    return try StoreImage(db)
  }

  /// Keeps the write-ahead log within its limit; the writer alone checkpoints.
  ///
  /// Cutting it back waits for every reader that still needs it, so it is not tried while there is one,
  /// unless the log has grown beyond all measure.
  func relieve(_ db: Database) {
    let bytes = walBytes
    guard bytes > StoreLimits.walPressureBytes,
      let (frames, done) = try? db.checkpoint(.passive),
      frames == done || bytes > StoreLimits.walMostBytes
    else { return }
    _ = try? db.checkpoint(.truncate)
  }

  /// The size of the write-ahead log now, in bytes.
  package var walBytes: Int {
    var info = stat()
    guard stat(plan.options.databasePath + "-wal", &info) == 0 else { return 0 }
    return Int(info.st_size)
  }

  /// `PRAGMA synchronous` of the writing connection as it is now: 2 is FULL.
  package func writerSynchronous() throws -> Int {
    try StoreError.mapped {
      try pool.writeWithoutTransaction { Int(try $0.number("PRAGMA synchronous") ?? -1) }
    }
  }
}
