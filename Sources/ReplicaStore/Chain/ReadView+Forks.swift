// What is known about replicas that are frozen, for the operator who must settle it.

internal import GRDB
package import ReplicaCore

/// Evidence that one slot has two histories.
package struct ForkRecord: Hashable, Sendable {
  /// The first delta known to differ.
  package var dot: Dot
  /// The chain hash at it here, and in the other history.
  package var ours: Digest
  package var theirs: Digest
  /// When it was noticed, by this node's clock.
  package var noticedAt: Instant
}

extension ReadView {
  /// The frozen replicas, by slot.
  package func forks() throws -> [ForkRecord] {
    let rows = try db.rows("SELECT slot, seq, ours, theirs, at_ms FROM frozen ORDER BY slot")
    var result: [ForkRecord] = []
    while let row = try rows.next() {
      result.append(
        ForkRecord(
          dot: Dot(Slot(UInt32(row.int(0))), UInt64(bitPattern: row.int(1))),
          ours: Digest(row.bytes(2)) ?? .zero, theirs: Digest(row.bytes(3)) ?? .zero,
          noticedAt: Instant(milliseconds: row.int(4))))
    }
    return result
  }
}
