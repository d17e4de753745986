// Bare SQLite writing what our store wrote: the same log rows and indexed rows, in equal groups.

internal import ReplicaCore

/// Writes a recorded log into a copy of the very file that our store began with, so that tables,
/// indexes, page fill and cache are the same. It does no merge, hash, signature or verdict, and
/// writes no merge metadata and no fingerprint.
struct BareReplay {
  private static let log = """
    INSERT INTO log(apply_no, slot, seq, hlc, body, personal, void) VALUES (?, ?, ?, ?, ?, ?, ?)
    """
  private static let subject = "INSERT INTO subject(entity, id, apply_no) VALUES (?, ?, ?)"

  /// Returns the seconds that it took.
  static func seconds(_ recorded: RecordedLog, in path: String) throws -> Double {
    let database = try BareDatabase(path)
    defer { database.close() }
    let known = Set(
      try database.rows("SELECT id FROM ticket").compactMap { $0[0].integer })
    let watch = Stopwatch()
    for group in recorded.groups {
      try database.transaction {
        for entry in group { try write(entry, known, database) }
      }
    }
    return watch.seconds
  }

  private static func write(
    _ entry: RecordedLog.Entry, _ known: Set<Int64>, _ database: BareDatabase
  ) throws {
    try database.run(log, entry.log)
    for subject in entry.subjects { try database.run(Self.subject, subject) }
    for row in entry.rows {
      let exists = row.id.integer.map(known.contains) ?? false
      try database.run(exists ? row.update : row.insert, [row.id] + row.values)
    }
  }
}
