// One consistent snapshot of the store, for queries and for peers.

internal import GRDB
package import ReplicaCore

/// A read-only snapshot. Use it only inside the body it was given to.
package struct ReadView {
  let db: Database
  let plan: StorePlan

  init(_ db: Database, _ plan: StorePlan) {
    self.db = db
    self.plan = plan
  }

  /// The vector of this snapshot.
  package func vector() throws -> VersionVector {
    VersionVector(try Self.seqs(db))
  }

  static func seqs(_ db: Database) throws -> [Slot: UInt64] {
    var seqs: [Slot: UInt64] = [:]
    let rows = try db.rows("SELECT slot, seq FROM replica")
    while let row = try rows.next() {
      seqs[row.slot(0)] = UInt64(bitPattern: row.int(1))
    }
    return seqs
  }

  /// The chain hash at a dot; nil where we have not got that far.
  package func headHash(at dot: Dot) throws -> Digest? { try ChainReader(db).hash(at: dot) }

  /// The stored signed head at or before a dot, the nearest; nil where there is none.
  package func head(atOrBefore dot: Dot) throws -> SignedHead? {
    let row = try db.row(
      """
      SELECT seq, hash, signature FROM head WHERE slot = ? AND seq <= ?
      ORDER BY seq DESC LIMIT 1
      """, [dot.slot.sql, dot.seq.sql]
    )
    guard let row, let hash = Digest(row.bytes(1)) else { return nil }
    return SignedHead(
      dot: Dot(dot.slot, UInt64(bitPattern: row.int(0))), hash: hash, signature: row.bytes(2))
  }

  /// Checks every chain from its first delta on, with heads and personal commitments.
  ///
  /// Throws ``StoreError/chainBroken(first:detail:)`` naming the first bad delta. Returns how many
  /// deltas were checked.
  package func verifyChain() throws -> Int { try ChainReader(db).checkAll() }

  /// The fingerprint computed anew from the rows; unequal to the kept one after an accident.
  package func recomputeFingerprint() throws -> Fingerprint {
    var fingerprint = Fingerprint()
    for table in plan.ordered {
      let rows = try db.rows(table.selectRows)
      while let row = try rows.next() {
        let id = RowID(row.int(0))
        let state = try StoredRow(row, table: table, offset: 1).state(table, id)
        fingerprint.add(state, RowRef(table.entity.code, id))
      }
    }
    let rows = try db.rows(
      "SELECT entity, id, created_ms, updated_ms, applied_no, via, meta FROM unknown_row")
    while let row = try rows.next() {
      let id = RowID(row.int(1))
      let state = try StoredRow(row, table: .unknown, offset: 2).state(.unknown, id)
      fingerprint.add(state, RowRef(EntityCode(UInt16(truncatingIfNeeded: row.int(0))), id))
    }
    return fingerprint
  }

  /// A value that is this node's alone.
  package func local(_ key: String) throws -> Value? {
    try db.row("SELECT value FROM local WHERE key = ?", ["node.\(key)".databaseValue]).map {
      Value(sql: $0[0])
    }
  }
}

extension Fingerprint {
  fileprivate mutating func add(_ state: RowState, _ row: RowRef) {
    for (cell, cellState) in state.cells { replace(nil, with: cellState, cell: cell, row: row) }
  }
}
