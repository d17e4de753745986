// Reads the hash chain of each replica back from the log, to check it and to find forks.

internal import GRDB
internal import ReplicaCore

/// The chain as it lies in the log.
struct ChainReader {
  private let db: Database

  init(_ db: Database) { self.db = db }

  /// The chain hash at a dot; nil where we have not got that far, or lack a delta before it.
  func hash(at dot: Dot) throws -> Digest? {
    guard dot.seq > 0 else { return .zero }
    let (start, base) = try anchor(dot.slot, atOrBefore: dot.seq)
    var hash = base
    var seq = start
    guard seq < dot.seq else { return hash }
    let rows = try db.rows(
      "SELECT seq, body FROM log WHERE slot = ? AND seq > ? AND seq <= ? ORDER BY seq",
      [dot.slot.sql, start.sql, dot.seq.sql])
    while let row = try rows.next() {
      seq += 1
      guard UInt64(bitPattern: row.int(0)) == seq else { return nil }
      hash = Digest.sha256(hash.bytes, row.bytes(1))
    }
    return seq == dot.seq ? hash : nil
  }

  /// The nearest signed head at or before a seq; (0, zero) before the first.
  private func anchor(_ slot: Slot, atOrBefore seq: UInt64) throws -> (UInt64, Digest) {
    let row = try db.row(
      "SELECT seq, hash FROM head WHERE slot = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
      [slot.sql, seq.sql]
    )
    guard let row, let hash = Digest(row.bytes(1)) else { return (0, .zero) }
    return (UInt64(bitPattern: row.int(0)), hash)
  }

  /// Checks for every replica that the deltas since the last head but one lead to its hash.
  func checkTails() throws {
    for (slot, seq, stored) in try tails() {
      let (start, _) = try anchor(slot, atOrBefore: seq > 0 ? seq - 1 : 0)
      try walk(slot, from: start, to: seq, stored)
    }
  }

  /// Checks every chain from its first delta, with every head and every personal commitment.
  /// Returns how many deltas were read.
  func checkAll() throws -> Int {
    var count = 0
    for (slot, seq, stored) in try tails() {
      count += try walk(slot, from: 0, to: seq, stored, decoding: true)
    }
    return count
  }

  private func tails() throws -> [(Slot, UInt64, Digest)] {
    let rows = try db.rows("SELECT slot, seq, hash FROM replica ORDER BY slot")
    var result: [(Slot, UInt64, Digest)] = []
    while let row = try rows.next() {
      result.append((row.slot(0), UInt64(bitPattern: row.int(1)), Digest(row.bytes(2)) ?? .zero))
    }
    return result
  }

  /// Walks one chain over (`from`, `to`] and compares it with every head that it meets.
  @discardableResult
  private func walk(
    _ slot: Slot, from start: UInt64, to end: UInt64, _ stored: Digest, decoding: Bool = false
  ) throws -> Int {
    var hash = start == 0 ? Digest.zero : try anchor(slot, atOrBefore: start).1
    var seq = start
    var trusted = start
    let rows = try db.rows(
      """
      SELECT l.seq, l.body, l.personal, h.hash FROM log l
      LEFT JOIN head h ON h.slot = l.slot AND h.seq = l.seq
      WHERE l.slot = ? AND l.seq > ? ORDER BY l.seq
      """, [slot.sql, start.sql])
    while let row = try rows.next() {
      seq += 1
      let dot = Dot(slot, seq)
      guard UInt64(bitPattern: row.int(0)) == seq else {
        throw StoreError.chainBroken(first: dot, detail: "the delta is missing from the log")
      }
      let body = row.bytes(1)
      hash = Digest.sha256(hash.bytes, body)
      if decoding { try check(dot, body, row.bytes(2)) }
      if let head = Digest(row.bytes(3)) {
        guard head == hash else { throw broken(slot, trusted, seq) }
        trusted = seq
      }
    }
    guard seq >= end else {
      throw StoreError.chainBroken(
        first: Dot(slot, seq + 1), detail: "the log ends before seq \(end)")
    }
    guard seq == end, hash == stored else { throw broken(slot, trusted, seq) }
    return Int(seq - start)
  }

  private func check(_ dot: Dot, _ body: [UInt8], _ personal: [UInt8]) throws {
    do {
      let delta = try DeltaCodec.decode(body: body, personal: personal)
      guard delta.dot == dot else {
        throw StoreError.chainBroken(first: dot, detail: "the body names dot \(delta.dot)")
      }
    } catch let error as CodecError {
      throw StoreError.chainBroken(first: dot, detail: "its bytes cannot be read: \(error)")
    }
  }

  private func broken(_ slot: Slot, _ trusted: UInt64, _ seq: UInt64) -> StoreError {
    .chainBroken(
      first: Dot(slot, trusted + 1),
      detail: "the hash over seqs \(trusted + 1) to \(seq) is not the signed one")
  }
}

extension Slot {
  var sql: DatabaseValue { Int64(rawValue).databaseValue }
}

extension UInt64 {
  /// Bit for bit: SQLite's integers are signed.
  var sql: DatabaseValue { Int64(bitPattern: self).databaseValue }
}

extension RowID {
  var sql: DatabaseValue { rawValue.databaseValue }
}

extension EntityCode {
  var sql: DatabaseValue { Int64(rawValue).databaseValue }
}
