// Writing a transaction's changes: log, rows, fingerprint, all in one go before the commit.

internal import GRDB
internal import ReplicaCore

extension WriteTransaction {
  /// Writes everything that lies in memory. The commit follows.
  func finish() throws {
    guard pending.unsealed.isEmpty else {
      throw StoreError.unsealed(count: pending.unsealed.count)
    }
    try writeAll()
    try writeLocal()
  }

  /// Writes deltas and rows, so that SQL sees them. Not allowed inside a savepoint.
  func writeAll() throws {
    guard undo == nil else {
      throw StoreError.badQuery("inside a savepoint nothing is written before its end")
    }
    try writeLog()
    try writeRows()
  }

  private func writeLog() throws {
    guard !pending.deltas.isEmpty || !pending.heads.isEmpty else { return }
    for entry in pending.deltas {
      let encoded = entry.encoded
      try db.run(
        """
        INSERT INTO log(apply_no, slot, seq, hlc, body, personal, void)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
          entry.applied.databaseValue, encoded.dot.slot.sql, encoded.dot.seq.sql,
          entry.delta.header.hlc.rawValue.sql, encoded.body.sql,
          encoded.personal.isEmpty ? .null : encoded.personal.sql,
          entry.void?.databaseValue ?? .null,
        ])
    }
    try writeSubjects()
    for head in pending.heads {
      try db.run(
        "INSERT OR REPLACE INTO head(slot, seq, hash, signature) VALUES (?, ?, ?, ?)",
        [head.dot.slot.sql, head.dot.seq.sql, head.hash.bytes.sql, head.signature.sql])
    }
    for slot in pending.replicas.sorted() {
      guard let tail = image.replicas[slot] else { continue }
      try db.run(
        """
        INSERT INTO replica(slot, seq, hash, context) VALUES (?, ?, ?, ?)
        ON CONFLICT(slot) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,
        context = excluded.context
        """, [slot.sql, tail.seq.sql, tail.hash.bytes.sql, tail.context.stored.sql])
    }
    if !pending.deltas.isEmpty {
      var seconds = try ReaderSeconds(db)
      try seconds.write(
        db,
        pending.deltas.lazy.map { (applied: $0.applied, rows: $0.delta.exportedRows) },
        at: plan.options.now())
    }
    pending.deltas = []
    pending.heads = []
    pending.replicas = []
  }

  /// Which rows each delta named, in key order so that the tree is walked once.
  private func writeSubjects() throws {
    var subjects: [(row: RowRef, applied: Int64)] = []
    for entry in pending.deltas {
      for change in entry.delta.changes { subjects.append((change.row, entry.applied)) }
    }
    subjects.sort { $0.row == $1.row ? $0.applied < $1.applied : $0.row < $1.row }
    for subject in subjects {
      try db.run(
        "INSERT OR IGNORE INTO subject(entity, id, apply_no) VALUES (?, ?, ?)",
        [subject.row.entity.sql, subject.row.id.sql, subject.applied.databaseValue])
    }
  }

  private func writeRows() throws {
    guard !dirty.isEmpty else { return }
    let writer = RowWriter(db, plan)
    let now = plan.options.now()
    var buckets: Set<Int> = []
    let changed = dirty.values.joined().sorted { $0.row < $1.row }
    for each in changed where each.content.isDirty {
      guard let book = each.content.book else { continue }
      let state = each.content.state
      let old = each.stored == nil ? nil : each.written
      if let table = each.table {
        if let stored = each.stored {
          each.stored = try writer.update(table, each.row.id, state, stored, from: old, book)
        } else {
          each.stored = try writer.insert(table, each.row.id, state, book)
        }
      } else {
        each.stored = try writer.putUnknown(each.row, state, book)
      }
      try writer.conflict(each.row, old: old, new: state)
      try SearchTables.enqueue(db, each.row, old: old, new: state, at: now)
      for (cell, new) in state.cells where each.written.cells[cell] != new {
        image.fingerprint.replace(each.written.cells[cell], with: new, cell: cell, row: each.row)
        buckets.insert(Fingerprint.bucket(of: each.row))
      }
      each.written = state
      each.content.isDirty = false
    }
    dirty = [:]
    watches = [:]
    lookups = [:]
    for bucket in buckets.sorted() {
      let sum = image.fingerprint.buckets[bucket]
      try db.run(
        "INSERT OR REPLACE INTO fingerprint(bucket, high, low) VALUES (?, ?, ?)",
        [Int64(bucket).databaseValue, sum.high.sql, sum.low.sql])
    }
  }

  private func writeLocal() throws {
    if let slot = image.slot, before.slot != slot {
      try LocalKey.slot.set(db, Int64(slot.rawValue))
    }
    if image.idCounter != before.idCounter { try LocalKey.idCounter.set(db, image.idCounter) }
    if image.clock != before.clock {
      try LocalKey.clock.set(db, Int64(bitPattern: image.clock.last.rawValue))
    }
    for (key, value) in pending.local.sorted(by: { $0.key < $1.key }) {
      if value.isNull {
        try db.run("DELETE FROM local WHERE key = ?", ["node.\(key)".databaseValue])
      } else {
        try LocalKey.set(db, "node.\(key)", value)
      }
    }
    for fork in pending.forks {
      try db.run(
        """
        INSERT OR IGNORE INTO frozen(slot, seq, ours, theirs, at_ms) VALUES (?, ?, ?, ?, ?)
        """,
        [
          fork.dot.slot.sql, fork.dot.seq.sql, fork.ours.bytes.sql, fork.theirs.bytes.sql,
          plan.options.now().milliseconds.databaseValue,
        ])
    }
    for slot in pending.thawed.sorted() {
      try db.run("DELETE FROM frozen WHERE slot = ?", [slot.sql])
    }
  }
}
