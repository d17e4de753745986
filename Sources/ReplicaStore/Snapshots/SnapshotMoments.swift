// When a snapshot's changes came, for readers that follow this node by time.

internal import GRDB
internal import ReplicaCore

enum SnapshotMoments {
  /// Changes that one second holds. A page by time takes whole seconds, so a reader that goes on
  /// second by second would never get past one that holds the whole desk.
  private static let perSecond: Int64 = 5_000

  /// Lets the changes of a snapshot count as applied in the seconds up to its installation.
  static func write(_ db: Database, at now: Instant) throws {
    guard let last = try db.number("SELECT max(apply_no) FROM log"), last > 0 else { return }
    let seconds = (last + perSecond - 1) / perSecond
    for second in 1...seconds {
      try MomentTable.note(
        db, applied: min(second * perSecond, last), at: now + (second - seconds) * 1_000)
    }
  }
}
