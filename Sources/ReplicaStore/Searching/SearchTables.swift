// Full text is this node's alone: a queue that commits with the rows, and an index filled later.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

/// The local tables of full-text search.
enum SearchTables {
  static let names = ["search_text", "search_document", "search_queue"]

  static let create = """
    CREATE TABLE search_queue(
      entity INTEGER NOT NULL, id INTEGER NOT NULL, at_ms INTEGER NOT NULL,
      PRIMARY KEY(entity, id)) WITHOUT ROWID;
    CREATE TABLE search_document(
      document INTEGER PRIMARY KEY, entity INTEGER NOT NULL, id INTEGER NOT NULL,
      ticket INTEGER NOT NULL, slot INTEGER NOT NULL, seq INTEGER NOT NULL,
      UNIQUE(entity, id));
    CREATE VIRTUAL TABLE search_text USING fts5(
      text, content = '', tokenize = 'unicode61 remove_diacritics 2');
    """

  static let byTicket =
    "CREATE INDEX IF NOT EXISTS search_document_ticket ON search_document(ticket);"

  /// The register of an entity that is searched; nil where none is.
  static func column(_ entity: EntityCode) -> UInt16? {
    switch entity {
    case Desk.ticket: TicketColumn.subject
    case Desk.comment: CommentColumn.body
    default: nil
    }
  }

  /// Puts a changed row into the queue, in the transaction that changes it.
  static func enqueue(
    _ db: Database, _ row: RowRef, old: RowState?, new: RowState, at now: Instant
  ) throws {
    guard let column = column(row.entity) else { return }
    let cell = CellKey(column)
    guard old?.cells[cell] != new.cells[cell] else { return }
    try db.run(
      "INSERT OR IGNORE INTO search_queue(entity, id, at_ms) VALUES (?, ?, ?)",
      [row.entity.sql, row.id.sql, now.milliseconds.databaseValue])
  }

  /// Forgets the index and queues every row: after a snapshot, or when old text was lost.
  static func startAnew(_ db: Database, at now: Instant) throws {
    try db.execute(
      sql: """
        INSERT INTO search_text(search_text) VALUES ('delete-all');
        DELETE FROM search_document;
        """)
    for entity in [Desk.ticket, Desk.comment] {
      let table = entity == Desk.ticket ? "ticket" : "comment"
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO search_queue(entity, id, at_ms) SELECT ?, id, ? FROM \(table)
          """, arguments: [Int64(entity.rawValue), now.milliseconds])
    }
  }
}
