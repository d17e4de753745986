// Making snapshots while the node works on, and reading pieces of them.

internal import Foundation
internal import GRDB
internal import ReplicaCore

extension ReplicaStore {
  /// Pages copied before waiting writers get their turn: about a millisecond's work.
  static let pagesPerStep: Int32 = 256

  private var snapshots: String { plan.options.directory + "/snapshots" }
  private func path(_ id: UInt64) -> String { "\(snapshots)/\(id).sqlite" }

  /// Makes a snapshot of what is committed. Writes go on meanwhile.
  ///
  /// It copies pages on the writing connection, which SQLite keeps in step with what that same
  /// connection writes in between; a reader's copy would begin anew at each commit, or pin the
  /// write-ahead log. Local tables are then taken out and the copy made compact.
  package func makeSnapshot() async throws -> SnapshotInfo {
    let id = UInt64.random(in: 1...(1 << 62))
    let partial = path(id) + ".partial"
    do {
      try FileManager.default.createDirectory(
        atPath: snapshots, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try checkSpace()
      try await pool.writeWithoutTransaction { db in try self.copy(db, to: partial) }
      let vector = try await Self.strip(partial)
      try FileManager.default.moveItem(atPath: partial, toPath: path(id))
      return SnapshotInfo(id: id, bytes: try Self.size(path(id)), vector: vector)
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      throw StoreError.mapping(error)
    }
  }

  /// The copy, its journal while it is stripped, and the compact one that replaces it.
  private func checkSpace() throws {
    let need = 3 * Int64(try Self.size(plan.options.databasePath)) + StoreLimits.reserveBytes
    if let free = freeBytes, free < need { throw StoreError.diskFull(free: free) }
  }

  /// Removes what a process that was killed left half made.
  static func removeHalfMade(in directory: String) {
    let folder = directory + "/snapshots"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.contains(".partial") {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  private func copy(_ db: Database, to path: String) throws {
    let target = try DatabaseQueue(path: path)
    try target.writeWithoutTransaction { copy in
      try copy.execute(sql: "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")
      try db.backup(to: copy, pagesPerStep: Self.pagesPerStep) { progress in
        guard !self.isClosed else { throw StoreError.closed }
        if !progress.isCompleted { self.runJobs(db) }
      }
    }
    try target.close()
  }

  /// Takes out what is local. Returns the vector of what remains.
  private static func strip(_ path: String) async throws -> VersionVector {
    let queue = try DatabaseQueue(path: path)
    let vector = try await queue.writeWithoutTransaction { db in
      _ = try Row.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
      try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA secure_delete = ON")
      let level = try LocalKey.schemaLevel.number(db)
      for table in StoreMigrations.localTables where table != "local" {
        try db.execute(sql: "DROP TABLE \(table)")
      }
      try db.execute(sql: "DELETE FROM local")
      if let level { try LocalKey.schemaLevel.set(db, level) }
      try db.execute(sql: "VACUUM")
      return VersionVector(try ReadView.seqs(db))
    }
    try queue.close()
    return vector
  }

  private static func size(_ path: String) throws -> UInt64 {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.size] as? NSNumber)?.uint64Value ?? 0
  }

  /// A piece of a snapshot from a byte offset on; nil where the snapshot is gone, or ends there.
  package func snapshotChunk(
    id: UInt64, offset: UInt64, maxBytes: Int = Limits.batchBytes
  ) throws -> SnapshotChunk? {
    guard let file = FileHandle(forReadingAtPath: path(id)) else { return nil }
    defer { try? file.close() }
    let total = try file.seekToEnd()
    guard offset < total else { return nil }
    try file.seek(toOffset: offset)
    let bytes = [UInt8](try file.read(upToCount: maxBytes) ?? Data())
    return SnapshotChunk(
      id: id, offset: offset, total: total, hash: .sha256(bytes), bytes: bytes)
  }

  /// Snapshots that lie ready, a restart included.
  package func snapshotIDs() -> [UInt64] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: snapshots)) ?? []
    return names.compactMap { name in
      name.hasSuffix(".sqlite") ? UInt64(name.dropLast(7)) : nil
    }.sorted()
  }

  package func removeSnapshot(_ id: UInt64) throws {
    guard FileManager.default.fileExists(atPath: path(id)) else { return }
    try FileManager.default.removeItem(atPath: path(id))
  }
}
