// Seconds as readers by time count them, so that a page of whole seconds comes to an end.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

/// The second to which an applied change belongs for readers that go on at a second.
///
/// It is that of this node's clock, but never goes back, whatever the clock does: who goes on at a
/// second misses nothing. And a full second is followed by the next at once, though the clock may
/// not have come to it: who takes whole seconds gets past any import.
struct ReaderSeconds {
  /// Rows that the changes of one second name. One change that names more has its second alone.
  static let rows: Int64 = 5_000

  private var second: Int64
  /// Rows that were named in it so far.
  private var named: Int64

  private init(second: Int64, named: Int64) {
    self.second = second
    self.named = named
  }

  /// Where the last commit left off.
  init(_ db: Database) throws {
    let last = try db.row("SELECT read_s, named FROM moment ORDER BY apply_no DESC LIMIT 1")
    self.init(second: last?.int(0) ?? .min, named: last?.int(1) ?? 0)
  }

  /// Notes when the changes of a commit were applied, in the order of their numbers.
  mutating func write(
    _ db: Database, _ changes: some Sequence<(applied: Int64, rows: Int64)>, at now: Instant
  ) throws {
    var last: Int64?
    for change in changes {
      let before = self
      if take(change.rows, at: now), let last { try before.note(db, last, at: now) }
      last = change.applied
    }
    if let last { try note(db, last, at: now) }
  }

  /// Counts a change in. Returns whether it begins another second.
  private mutating func take(_ rows: Int64, at now: Instant) -> Bool {
    let before = second
    if now.seconds > second {
      self = ReaderSeconds(second: now.seconds, named: 0)
    } else if named > 0, named + rows > Self.rows {
      self = ReaderSeconds(second: second + 1, named: 0)
    }
    named += rows
    return second != before
  }

  /// The changes up to a number, behind those of the note before, have this second.
  private func note(_ db: Database, _ applied: Int64, at now: Instant) throws {
    try db.run(
      "INSERT OR REPLACE INTO moment(apply_no, at_ms, read_s, named) VALUES (?, ?, ?, ?)",
      [
        applied.databaseValue, now.milliseconds.databaseValue, second.databaseValue,
        named.databaseValue,
      ])
  }

  /// Lets the changes of a snapshot count as applied in the seconds up to its installation.
  static func spread(_ db: Database, at now: Instant) throws {
    guard let last = try db.number("SELECT max(apply_no) FROM log"), last > 0 else { return }
    let seconds = (last + rows - 1) / rows
    for number in 1...seconds {
      let end = min(number * rows, last)
      let at = Instant(milliseconds: now.milliseconds - (seconds - number) * 1_000)
      try ReaderSeconds(second: at.seconds, named: end - (number - 1) * rows).note(db, end, at: at)
    }
  }

  /// Gives the table its columns, and what it holds its seconds. Older releases let a second hold
  /// any number of changes, and go back.
  static func create(_ db: Database) throws {
    guard try !db.columns(in: "moment").contains(where: { $0.name == "read_s" }) else { return }
    try db.execute(
      sql: """
        ALTER TABLE moment ADD COLUMN read_s INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE moment ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
        """)
    var seconds = ReaderSeconds(second: .min, named: 0)
    var first: Int64 = 1
    while true {
      // Not all at once: an old store has as many commits as changes, millions.
      let commits = try Row.fetchAll(
        db,
        sql: "SELECT apply_no, at_ms FROM moment WHERE apply_no >= ? ORDER BY apply_no LIMIT 5000",
        arguments: [first])
      for commit in commits {
        let last = commit.int(0)
        let changes = (first...last).lazy.map { (applied: $0, rows: Int64(1)) }
        try seconds.write(db, changes, at: Instant(milliseconds: commit.int(1)))
        first = last + 1
      }
      guard !commits.isEmpty else { return }
    }
  }
}

extension Delta {
  /// How many rows it may bring into a page of an export: itself, or each row that it names there.
  var exportedRows: Int64 {
    let exported = changes.filter {
      [Desk.ticket, Desk.user, Desk.organization].contains($0.row.entity)
    }
    return Int64(max(1, exported.count))
  }
}
