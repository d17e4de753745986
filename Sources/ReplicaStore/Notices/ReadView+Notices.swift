// What waits for receivers outside, what became of it, and which alarms stood when.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

extension ReadView {
  /// A page of a webhook's notices, the last first; `before` is the number of the last one seen.
  package func deliveries(
    of webhook: RowID, before: Int64? = nil, limit: Int
  ) throws -> [QueuedDelivery] {
    try deliveries(
      "WHERE webhook = ? AND number < ? ORDER BY number DESC LIMIT ?",
      [webhook.sql, (before ?? .max).databaseValue, Int64(limit).databaseValue])
  }

  package func delivery(_ id: String) throws -> QueuedDelivery? {
    try deliveries("WHERE id = ?", [id.databaseValue]).first
  }

  /// The first notice that is due for a webhook.
  package func dueDelivery(of webhook: RowID, at now: Instant) throws -> QueuedDelivery? {
    try deliveries(
      """
      WHERE webhook = ? AND state = 'waiting' AND next_ms <= ? ORDER BY next_ms, number LIMIT 1
      """, [webhook.sql, now.milliseconds.databaseValue]
    ).first
  }

  /// Webhook → how many notices wait for it.
  package func waitingDeliveries() throws -> [RowID: Int] {
    let rows = try db.rows(
      "SELECT webhook, count(*) FROM webhook_delivery WHERE state = 'waiting' GROUP BY webhook")
    var found: [RowID: Int] = [:]
    while let row = try rows.next() { found[RowID(row.int(0))] = Int(row.int(1)) }
    return found
  }

  /// Webhooks for which any notice waits, by id. This is asked at each commit: it takes one step in
  /// the index for each of them, however many notices wait for one that is dead.
  package func waitingReceivers() throws -> [RowID] {
    let rows = try db.rows(
      """
      WITH RECURSIVE receiver(id) AS (
        SELECT min(webhook) FROM webhook_delivery WHERE state = 'waiting'
        UNION ALL
        SELECT (SELECT min(webhook) FROM webhook_delivery
          WHERE state = 'waiting' AND webhook > receiver.id)
        FROM receiver WHERE receiver.id IS NOT NULL)
      SELECT id FROM receiver WHERE id IS NOT NULL
      """)
    var found: [RowID] = []
    while let row = try rows.next() { found.append(RowID(row.int(0))) }
    return found
  }

  private func deliveries(
    _ condition: String, _ arguments: [DatabaseValue]
  ) throws -> [QueuedDelivery] {
    let rows = try db.rows(
      """
      SELECT number, id, webhook, event, body, state, created_ms, next_ms, attempts, status,
      problem, done_ms FROM webhook_delivery \(condition)
      """, arguments)
    var found: [QueuedDelivery] = []
    while let row = try rows.next() {
      var each = QueuedDelivery(
        id: row.text(1) ?? "", webhook: RowID(row.int(2)), event: row.text(3) ?? "",
        body: row.text(4) ?? "", createdAt: Instant(milliseconds: row.int(6)))
      each.number = row.int(0)
      each.state = row.text(5).flatMap(QueuedDelivery.State.init) ?? .failed
      each.nextAt = Instant(milliseconds: row.int(7))
      each.attempts = Int(row.int(8))
      each.status = row.optionalInt(9).map { Int($0) }
      each.problem = row.text(10)
      each.doneAt = row.optionalInt(11).map { Instant(milliseconds: $0) }
      found.append(each)
    }
    return found
  }

  /// Alarms that stand, as this node has noted them.
  package func standingAlarms() throws -> [LoggedAlarm] {
    try alarms("WHERE ended_ms IS NULL ORDER BY seen_ms, cause", [])
  }

  /// Alarms about an office that stood in a stretch of time, as this node saw them.
  package func alarms(
    about office: OfficeID, from: Instant, to: Instant, limit: Int
  ) throws -> [LoggedAlarm] {
    try alarms(
      """
      WHERE office = ? AND raised_ms < ? AND (ended_ms IS NULL OR ended_ms >= ?)
      ORDER BY raised_ms, cause LIMIT ?
      """,
      [
        office.rawValue.databaseValue, to.milliseconds.databaseValue,
        from.milliseconds.databaseValue, Int64(limit).databaseValue,
      ])
  }

  private func alarms(
    _ condition: String, _ arguments: [DatabaseValue]
  ) throws -> [LoggedAlarm] {
    let rows = try db.rows(
      """
      SELECT cause, kind, office, ticket, team, message, raised_ms, seen_ms, ended_ms
      FROM alarm_log \(condition)
      """, arguments)
    var found: [LoggedAlarm] = []
    while let row = try rows.next() {
      found.append(
        LoggedAlarm(
          cause: row.text(0) ?? "", kind: row.text(1) ?? "",
          office: row.text(2).map { OfficeID($0) }, ticket: row.optionalInt(3).map { RowID($0) },
          group: row.optionalInt(4).map { RowID($0) }, message: row.text(5) ?? "",
          raisedAt: Instant(milliseconds: row.int(6)), seenAt: Instant(milliseconds: row.int(7)),
          endedAt: row.optionalInt(8).map { Instant(milliseconds: $0) }))
    }
    return found
  }

  /// Webhooks that are not deleted, by id.
  package func webhooks() throws -> [WebhookRecord] {
    try full(Desk.webhook, "WHERE deleted IS NOT 1 ORDER BY id").map(webhook)
  }

  package func webhook(_ id: RowID) throws -> WebhookRecord? {
    try full(Desk.webhook, id: id).flatMap { $0.flag(WebhookColumn.deleted) ? nil : webhook($0) }
  }

  private func webhook(_ row: FullRow) -> WebhookRecord {
    let status = row.state.cells[CellKey(WebhookColumn.status)]?.register?.winner
    return WebhookRecord(
      id: row.id, name: row.text(WebhookColumn.name) ?? "",
      description: row.text(WebhookColumn.description),
      endpoint: row.text(WebhookColumn.endpoint) ?? "",
      isActive: status?.value == .text("active"),
      subscriptions: row.texts(WebhookColumn.subscriptions),
      secret: row.text(WebhookColumn.secret) ?? "", createdBy: row.id(WebhookColumn.creator),
      createdAt: row.created, updatedAt: row.updated, activeSince: status?.stamp.hlc ?? .zero)
  }

  /// Who took notice of alarms of these causes, in the order in which they did.
  package func alarmAcks(_ causes: Set<String>) throws -> [AlarmAckRecord] {
    try causes.sorted().flatMap { cause in
      try full(Desk.alarmAck, "WHERE cause = ? ORDER BY created_ms, id", [cause.databaseValue])
    }.map { row in
      AlarmAckRecord(
        cause: row.text(AlarmAckColumn.cause) ?? "", agent: row.id(AlarmAckColumn.agent) ?? .none,
        office: row.office(AlarmAckColumn.office), note: row.text(AlarmAckColumn.note),
        at: row.created)
    }
  }
}
