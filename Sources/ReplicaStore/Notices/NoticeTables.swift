// Notices to receivers outside, and the alarms that stood here, are this node's alone.

/// The local tables of webhook deliveries and of alarms.
enum NoticeTables {
  static let names = ["webhook_delivery", "alarm_log"]

  static let create = """
    CREATE TABLE webhook_delivery(
      number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
      webhook INTEGER NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL,
      created_ms INTEGER NOT NULL, next_ms INTEGER NOT NULL, attempts INTEGER NOT NULL,
      status INTEGER, problem TEXT, done_ms INTEGER);
    CREATE INDEX webhook_delivery_due ON webhook_delivery(webhook, next_ms)
      WHERE state = 'waiting';
    CREATE INDEX webhook_delivery_list ON webhook_delivery(webhook, number);
    CREATE TABLE alarm_log(
      cause TEXT PRIMARY KEY, kind TEXT NOT NULL, office TEXT, ticket INTEGER, team INTEGER,
      message TEXT NOT NULL, raised_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
      ended_ms INTEGER) WITHOUT ROWID;
    """
}
