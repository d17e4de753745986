// A snapshot becomes a store of its own: checked first, then given a new slot.

internal import Foundation
internal import GRDB
package import ReplicaCore

extension ReplicaStore {
  /// Installs a whole snapshot as the database of a data directory, under a new slot.
  ///
  /// The joiner trusts nothing: SQLite's check, every chain from its first delta, a verified
  /// signature on the last head of every slot and on one at least every ``Limits/batchBytes``
  /// (other heads are dropped), the fingerprint from the rows. Throws `snapshot` where one fails;
  /// the transfer is then discarded.
  ///
  /// - Parameter verify: whether a head is signed by the key that its slot has.
  package static func install(
    _ download: SnapshotDownload, options: StoreOptions, slot: Slot,
    verify: (SignedHead) -> Bool
  ) throws -> ReplicaStore {
    guard let file = download.file else { throw StoreError.snapshot("none was received") }
    guard !FileManager.default.fileExists(atPath: options.databasePath) else {
      throw StoreError.snapshot("\(options.directory) has a database already")
    }
    let clock: HLC
    do {
      clock = try check(file, options, slot, verify)
    } catch {
      try? download.discard()
      throw StoreError.mapping(error)
    }
    try FileManager.default.moveItem(atPath: file, toPath: options.databasePath)
    let store = try open(options)
    try store.writeNow { transaction in
      try transaction.adopt(slot: slot)
      _ = transaction.clock.observe(clock, now: options.now())
    }
    return store
  }

  /// Checks a snapshot and readies it. Returns the greatest hybrid time in it.
  private static func check(
    _ file: String, _ options: StoreOptions, _ slot: Slot, _ verify: (SignedHead) -> Bool
  ) throws -> HLC {
    let plan = StorePlan(options)
    let queue = try DatabaseQueue(path: file)
    defer { try? queue.close() }
    return try queue.writeWithoutTransaction { db in
      let finding = try Row.fetchOne(db, sql: "PRAGMA quick_check(1)")?.text(0)
      guard finding == "ok" else { throw StoreError.snapshot("it is damaged: \(finding ?? "")") }
      guard try !StoreMigrations.isSuperseded(db),
        try (LocalKey.schemaLevel.number(db) ?? 0) <= Int64(plan.schema.level)
      else { throw StoreError.newerDatabase(path: file) }
      // First what the file lacks: a step that it has not seen may be about such a table.
      try StoreMigrations.restoreLocalTables(db)
      try StoreMigrations.run(db)
      try SchemaAdoption.adopt(db, plan)
      _ = try ChainReader(db).checkAll()
      try db.inTransaction {
        try keepVerifiedHeads(db, verify)
        try SearchTables.startAnew(db, at: options.now())
        try ReaderSeconds.spread(db, at: options.now())
        return .commit
      }
      let image = try StoreImage(db)
      guard image.vector[slot] == 0 else {
        throw StoreError.snapshot("slot \(slot) is not new: it has deltas in the snapshot")
      }
      let view = ReadView(db, plan)
      guard try view.recomputeFingerprint() == image.fingerprint else {
        throw StoreError.snapshot("its rows do not match its fingerprint")
      }
      return HLC(
        rawValue: UInt64(bitPattern: try db.number("SELECT max(hlc) FROM log") ?? 0))
    }
  }

  /// Verifies the heads that batches will be cut at, and drops those between.
  private static func keepVerifiedHeads(
    _ db: Database, _ verify: (SignedHead) -> Bool
  ) throws {
    let rows = try db.rows(
      """
      SELECT h.slot, h.seq, h.hash, h.signature, r.seq,
      (SELECT sum(length(l.body) + ifnull(length(l.personal), 0)) FROM log l
       WHERE l.slot = h.slot AND l.seq <= h.seq AND l.seq > ifnull(
         (SELECT max(p.seq) FROM head p WHERE p.slot = h.slot AND p.seq < h.seq), 0))
      FROM head h JOIN replica r ON r.slot = h.slot ORDER BY h.slot, h.seq
      """)
    var bytes: Int64 = 0
    var dropped: [Dot] = []
    var covered: [Slot: UInt64] = [:]
    var ends: [Slot: UInt64] = [:]
    while let row = try rows.next() {
      let dot = row.dot(0)
      ends[dot.slot] = UInt64(bitPattern: row.int(4))
      bytes += row.int(5)
      guard bytes >= Int64(Limits.batchBytes / 2) || dot.seq == ends[dot.slot] else {
        dropped.append(dot)
        continue
      }
      bytes = 0
      guard let hash = Digest(row.bytes(2)) else { throw StoreError.snapshot("a head is cut") }
      let head = SignedHead(dot: dot, hash: hash, signature: row.bytes(3))
      guard verify(head) else {
        throw StoreError.snapshot("the head of delta \(dot) is not signed by its replica")
      }
      covered[dot.slot] = dot.seq
    }
    for (slot, seq) in try ReadView.seqs(db) where covered[slot] != seq {
      throw StoreError.snapshot("no signed head covers delta \(Dot(slot, seq))")
    }
    for dot in dropped {
      try db.run("DELETE FROM head WHERE slot = ? AND seq = ?", [dot.slot.sql, dot.seq.sql])
    }
  }
}
