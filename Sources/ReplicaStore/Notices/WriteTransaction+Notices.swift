// The queue of notices and the log of alarms are written in the transaction that causes them.

internal import GRDB
package import ReplicaCore

extension WriteTransaction {
  /// Puts notices into the queue; one whose id is there already is left as it is.
  package func enqueue(_ deliveries: [QueuedDelivery]) throws {
    for each in deliveries {
      try db.run(
        """
        INSERT OR IGNORE INTO webhook_delivery(
          id, webhook, event, body, state, created_ms, next_ms, attempts, status, problem, done_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          each.id.databaseValue, each.webhook.sql, each.event.databaseValue,
          each.body.databaseValue, each.state.rawValue.databaseValue,
          each.createdAt.milliseconds.databaseValue, each.nextAt.milliseconds.databaseValue,
          Int64(each.attempts).databaseValue, (each.status.map { Int64($0) }).databaseValue,
          each.problem.databaseValue, (each.doneAt?.milliseconds).databaseValue,
        ])
    }
  }

  /// Notes what became of a try.
  package func record(_ delivery: QueuedDelivery) throws {
    try db.run(
      """
      UPDATE webhook_delivery SET state = ?, next_ms = ?, attempts = ?, status = ?, problem = ?,
      done_ms = ? WHERE id = ?
      """,
      [
        delivery.state.rawValue.databaseValue, delivery.nextAt.milliseconds.databaseValue,
        Int64(delivery.attempts).databaseValue, (delivery.status.map { Int64($0) }).databaseValue,
        delivery.problem.databaseValue, (delivery.doneAt?.milliseconds).databaseValue,
        delivery.id.databaseValue,
      ])
  }

  /// Ends what waits for a webhook that is to get no more.
  package func cancelDeliveries(of webhook: RowID, at now: Instant) throws {
    try db.run(
      """
      UPDATE webhook_delivery SET state = 'cancelled', done_ms = ?
      WHERE webhook = ? AND state = 'waiting'
      """, [now.milliseconds.databaseValue, webhook.sql])
  }

  /// Forgets notices that ended before an instant, and of each webhook all but the last `keep`
  /// that ended; alarms that ended before that instant too.
  package func pruneNotices(endedBefore instant: Instant, keep: Int) throws {
    let bound = instant.milliseconds.databaseValue
    try db.run(
      "DELETE FROM webhook_delivery WHERE state <> 'waiting' AND done_ms < ?", [bound])
    try db.run(
      """
      DELETE FROM webhook_delivery WHERE number IN (
        SELECT number FROM (
          SELECT number, row_number() OVER (PARTITION BY webhook ORDER BY number DESC) AS place
          FROM webhook_delivery WHERE state <> 'waiting') WHERE place > ?)
      """, [Int64(keep).databaseValue])
    try db.run("DELETE FROM alarm_log WHERE ended_ms < ?", [bound])
  }

  /// Notes an alarm that stands. One that stood before, of the same cause, stands again.
  package func raise(_ alarm: LoggedAlarm) throws {
    try db.run(
      """
      INSERT INTO alarm_log(cause, kind, office, ticket, team, message, raised_ms, seen_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT(cause) DO UPDATE SET ended_ms = NULL, message = excluded.message
      """,
      [
        alarm.cause.databaseValue, alarm.kind.databaseValue,
        (alarm.office?.rawValue).databaseValue, (alarm.ticket?.rawValue).databaseValue,
        (alarm.group?.rawValue).databaseValue, alarm.message.databaseValue,
        alarm.raisedAt.milliseconds.databaseValue, alarm.seenAt.milliseconds.databaseValue,
      ])
  }

  /// Notes that an alarm is gone.
  package func endAlarm(_ cause: String, at now: Instant) throws {
    try db.run(
      "UPDATE alarm_log SET ended_ms = ? WHERE cause = ? AND ended_ms IS NULL",
      [now.milliseconds.databaseValue, cause.databaseValue])
  }
}
