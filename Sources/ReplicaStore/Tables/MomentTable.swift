// When this node applied what, for readers that follow it by time.

internal import GRDB
internal import ReplicaCore

/// The local table of commits: the wall time of each, and the greatest one up to it. The latter
/// never falls, whatever the clock does, so the first commit at an instant or later is the first
/// entry of an index and no walk over all that came before.
enum MomentTable {
  /// Brings the table of the first release to what it is; does nothing where it is so already.
  static func addLatest(_ db: Database) throws {
    let known = try Row.fetchAll(db, sql: "PRAGMA table_info(moment)").compactMap { $0.text(1) }
    guard !known.contains("latest_ms") else { return }
    try db.execute(
      sql: """
        ALTER TABLE moment RENAME TO moment_before;
        CREATE TABLE moment(
          apply_no INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, latest_ms INTEGER NOT NULL);
        INSERT INTO moment(apply_no, at_ms, latest_ms)
          SELECT apply_no, at_ms, max(at_ms) OVER (ORDER BY apply_no) FROM moment_before;
        DROP TABLE moment_before;
        CREATE INDEX moment_latest ON moment(latest_ms);
        """)
  }

  /// Notes when the delta with the greatest number of a commit was applied.
  static func note(_ db: Database, applied: Int64, at now: Instant) throws {
    let (number, time) = (applied.databaseValue, now.milliseconds.databaseValue)
    try db.run(
      """
      INSERT OR REPLACE INTO moment(apply_no, at_ms, latest_ms) VALUES (?, ?, max(?, ifnull(
        (SELECT latest_ms FROM moment WHERE apply_no < ? ORDER BY apply_no DESC LIMIT 1), ?)))
      """, [number, time, time, number, time])
  }

  /// The number of the first commit at an instant or later.
  static let firstCommit =
    "SELECT apply_no FROM moment WHERE latest_ms >= ? ORDER BY latest_ms, apply_no LIMIT 1"
}
