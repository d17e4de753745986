// What became of a batch: how much was applied, and what stood against the rest.

package import ReplicaCore

/// Why deltas of one slot were not applied.
package enum ApplyProblem: Hashable, Sendable {
  /// Deltas before the batch's first one of this slot are missing here.
  case gap(slot: Slot, expected: UInt64, found: UInt64)
  /// Two signed contents under one dot: the replica is frozen.
  case fork(Dot)
  /// The replica was frozen before.
  case frozen(Slot)
  /// A head whose signature or key is not accepted.
  case badHead(SignedHead)
  /// A signed head that the batch's deltas do not lead to: they were altered, or the replica's
  /// history differs from the one that we have.
  case otherChain(SignedHead, computed: Digest)
  /// No head covers the delta.
  case uncovered(Dot)
  case malformed(Dot, CodecError)
  /// The delta's causal past is not applied here.
  case missingDependencies(Dot, VersionVector)
  /// A peer has deltas of our own slot that we lack: our files are older than what we have sent.
  case ownSlotAhead(Dot)

  /// Whether whoever sent it is at fault, so that nothing of the batch is taken. A signed head on
  /// another chain may also be the work of the replica itself (an old backup put back), and must
  /// then not hold up the deltas of others.
  package var isHostile: Bool {
    switch self {
    case .badHead, .uncovered, .malformed: true
    case .otherChain, .gap, .fork, .frozen, .missingDependencies, .ownSlotAhead: false
    }
  }
}

/// What ``WriteTransaction/apply(_:verify:verdict:)`` did.
package struct ApplyResult: Sendable {
  /// Deltas applied, void ones included.
  package var applied = 0
  package var voided = 0
  /// Deltas that were known already.
  package var known = 0
  /// What is applied now.
  package var vector = VersionVector()
  /// By slot: what stood against (the rest of) its deltas.
  package var problems: [Slot: ApplyProblem] = [:]
  /// The greatest hybrid time applied; for ``HybridClock/observe(_:now:)``.
  package var latest = HLC.zero
  /// The replica that stamped it; nil where nothing was applied.
  package var latestBy: Slot?

  package init() {}

  private var ordered: [ApplyProblem] {
    problems.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The first gap: the slot, the seq that is wanted, and the one that came.
  package var gap: (slot: Slot, expected: UInt64, found: UInt64)? {
    for case .gap(let slot, let expected, let found) in ordered { return (slot, expected, found) }
    return nil
  }

  /// The first fork seen in this batch.
  package var fork: Dot? {
    for case .fork(let dot) in ordered { return dot }
    return nil
  }

  /// The first head that was not accepted.
  package var badHead: SignedHead? {
    for problem in ordered {
      switch problem {
      case .badHead(let head), .otherChain(let head, _): return head
      default: continue
      }
    }
    return nil
  }

  /// The first delta whose past is missing, with that past.
  package var missingDependencies: (dot: Dot, past: VersionVector)? {
    for case .missingDependencies(let dot, let past) in ordered { return (dot, past) }
    return nil
  }
}
