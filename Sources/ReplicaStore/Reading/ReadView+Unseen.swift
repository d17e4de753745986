// Which rows were touched by deltas that somebody has not provably seen.

internal import GRDB
package import ReplicaCore

extension ReadView {
  /// Rows of an entity that deltas beyond `seen` touched, ordered by id; at most `limit`.
  ///
  /// Costs as much as there are such deltas: for an office that keeps up, next to nothing. (`CROSS`
  /// keeps SQLite from beginning with all rows of the entity.)
  package func rows(
    of entity: EntityCode, touchedBeyond seen: VersionVector, limit: Int = 10_000
  ) throws -> [RowID] {
    var found: Set<RowID> = []
    for (slot, seq) in try vector().sorted where seq > seen[slot] {
      let rows = try db.rows(
        """
        SELECT DISTINCT subject.id FROM log
        CROSS JOIN subject ON subject.apply_no = log.apply_no
        WHERE log.slot = ? AND log.seq > ? AND subject.entity = ? LIMIT ?
        """,
        [slot.sql, seen[slot].sql, entity.sql, Int64(limit).databaseValue])
      while let row = try rows.next() { found.insert(RowID(row.int(0))) }
    }
    return Array(found.sorted().prefix(limit))
  }
}
