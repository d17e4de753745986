// What memory holds of the committed database; replaced as a whole after each commit.

internal import GRDB
internal import ReplicaCore

/// Where a replica's chain stands here.
struct ReplicaTail: Hashable, Sendable {
  var seq: UInt64 = 0
  var hash: Digest = .zero
  /// The causal past of its last delta, that delta left out.
  var context = VersionVector()
}

/// The committed state that every transaction begins with.
struct StoreImage: Sendable {
  var slot: Slot?
  var vector = VersionVector()
  var replicas: [Slot: ReplicaTail] = [:]
  var fingerprint = Fingerprint()
  /// The apply number of the last delta.
  var applied: Int64 = 0
  /// Number of the last id given out.
  var idCounter: Int64 = 0
  var clock = HybridClock()
  var frozen: Set<Slot> = []
  /// Deltas in the log, void ones included.
  var deltas: Int64 = 0

  init() {}

  /// Reads the image from the database.
  init(_ db: Database) throws {
    slot = try LocalKey.slot.number(db).map { Slot(UInt32(truncatingIfNeeded: $0)) }
    idCounter = try LocalKey.idCounter.number(db) ?? 0
    clock = HybridClock(
      last: HLC(rawValue: UInt64(bitPattern: try LocalKey.clock.number(db) ?? 0)))
    applied = try db.number("SELECT max(apply_no) FROM log") ?? 0
    let rows = try db.rows("SELECT slot, seq, hash, context FROM replica")
    while let row = try rows.next() {
      let slot = row.slot(0)
      let seq = UInt64(bitPattern: row.int(1))
      guard let hash = Digest(row.bytes(2)),
        let context = try? VersionVector(stored: row.bytes(3))
      else { throw StoreError.damaged(detail: "the state of slot \(slot) cannot be read") }
      replicas[slot] = ReplicaTail(seq: seq, hash: hash, context: context)
      vector[slot] = seq
    }
    deltas = Int64(vector.total)
    let sums = try db.rows("SELECT bucket, high, low FROM fingerprint")
    while let row = try sums.next() {
      let bucket = Int(row.int(0))
      guard fingerprint.buckets.indices.contains(bucket) else { continue }
      fingerprint.buckets[bucket] = Fingerprint.Sum(
        high: UInt64(bitPattern: row.int(1)), low: UInt64(bitPattern: row.int(2)))
    }
    let cold = try db.rows("SELECT slot FROM frozen")
    while let row = try cold.next() { frozen.insert(row.slot(0)) }
  }
}

/// The keys of the table `local`.
enum LocalKey: String {
  case slot
  case idCounter = "id_counter"
  case clock
  case schemaLevel = "schema_level"

  func number(_ db: Database) throws -> Int64? {
    try db.number("SELECT value FROM local WHERE key = ?", [rawValue.databaseValue])
  }

  func set(_ db: Database, _ value: Int64) throws {
    try Self.set(db, rawValue, .integer(value))
  }

  static func set(_ db: Database, _ key: String, _ value: Value) throws {
    try db.run(
      """
      INSERT INTO local(key, value) VALUES (?, ?)
      ON CONFLICT(key) DO UPDATE SET value = excluded.value
      """, [key.databaseValue, value.sql])
  }
}
