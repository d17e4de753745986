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

/// Additions of a transaction.
struct PendingWrites {
  var deltas: [PendingDelta] = []
  var heads: [SignedHead] = []
  /// Own deltas since the last seal: seq, chain hash and size.
  var unsealed: [(dot: Dot, hash: Digest, bytes: Int)] = []
  var replicas: Set<Slot> = []
  var local: [String: Value] = [:]
  var forks: [Fork] = []
  var thawed: Set<Slot> = []

  /// How far the lists had grown, and the small rest as it was.
  struct Mark {
    var deltas: Int
    var unsealed: Int
    var forks: [Fork]
    var replicas: Set<Slot>
    var local: [String: Value]
    var thawed: Set<Slot>
  }

  var mark: Mark {
    Mark(
      deltas: deltas.count, unsealed: unsealed.count, forks: forks,
      replicas: replicas, local: local, thawed: thawed)
  }

  /// Takes back what was added since. Inside a savepoint nothing is sealed or written out, so the
  /// lists have only grown.
  mutating func goBack(to mark: Mark) {
    deltas.removeLast(max(0, deltas.count - mark.deltas))
    unsealed.removeLast(max(0, unsealed.count - mark.unsealed))
    forks = mark.forks
    replicas = mark.replicas
    local = mark.local
    thawed = mark.thawed
  }

  struct Fork {
    var dot: Dot
    var ours: Digest
    var theirs: Digest
  }
}
