// What a transaction will add to the log and the tables beside it.

internal import ReplicaCore

/// A delta that waits to be written to the log.
struct PendingDelta {
  var applied: Int64
  var encoded: EncodedDelta
  var delta: Delta
  /// Why it has no effect; nil where it has.
  var void: String?

  init(applied: Int64, encoded: EncodedDelta, delta: Delta, void: String? = nil) {
    self.applied = applied
    self.encoded = encoded
    self.delta = delta
    self.void = void
  }
}

/// Additions of a transaction; copied as a whole for undoing.
struct PendingWrites {
  var deltas: [PendingDelta] = []
  var heads: [SignedHead] = []
  /// Own deltas since the last seal: seq, chain hash and size.
  var unsealed: [(dot: Dot, hash: Digest, bytes: Int)] = []
  var replicas: Set<Slot> = []
  var local: [String: Value] = [:]
  var forks: [Fork] = []
  var thawed: Set<Slot> = []

  struct Fork {
    var dot: Dot
    var ours: Digest
    var theirs: Digest
  }
}
