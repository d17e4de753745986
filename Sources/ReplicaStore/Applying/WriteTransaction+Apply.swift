// Taking in what other replicas made.

internal import GRDB
package import ReplicaCore

extension WriteTransaction {
  /// Applies a batch: first all checks (nothing beyond a verified head, no gap, no fork, causal
  /// past present), then its deltas in order.
  ///
  /// - Parameters:
  ///   - verify: whether a head is signed by the key that its slot has. Called once per slot.
  ///   - verdict: why a delta has no effect, from the delta and its causal past alone; nil: it
  ///     has. The transaction shows what is applied so far, see ``row(_:within:)``.
  /// - Returns: what was done. A batch of a faulty sender is left alone as a whole; what stands
  ///   against one slot only leaves that slot out, and those that depend on it.
  ///
  /// A void delta is kept, flagged, relayed, and advances the vector.
  package func apply(
    _ batch: DeltaBatch, verify: (SignedHead) -> Bool,
    verdict: (_ delta: Delta, _ past: VersionVector, _ transaction: WriteTransaction) throws
      -> String?
  ) throws -> ApplyResult {
    if !pending.deltas.isEmpty { try writeAll() }
    var result = ApplyResult()
    let ready = try withoutActuallyEscaping(verify) { verify in
      var check = BatchCheck(
        image: image, chain: ChainReader(db), body: { try self.loggedBody($0) }, verify: verify)
      let ready = try check.run(batch)
      result.problems = check.problems
      result.known = check.known
      pending.forks += check.forks
      return ready
    }
    image.frozen.formUnion(pending.forks.map(\.dot.slot))
    try readAhead(of: ready.map(\.delta))
    var lasts: Set<Dot> = []
    for each in ready {
      let dot = each.delta.dot
      var tail = image.replicas[dot.slot] ?? ReplicaTail()
      tail.context.merge(VersionVector(each.delta.header.contextChange))
      var past = tail.context
      past[dot.slot] = dot.seq - 1
      let void = try verdict(each.delta, past, self)
      tail.seq = dot.seq
      tail.hash = each.hash
      let entry = PendingDelta(
        applied: image.applied + 1, encoded: each.encoded, delta: each.delta, void: void)
      try log(entry, tail)
      result.applied += 1
      if void != nil { result.voided += 1 }
      if each.delta.header.hlc > result.latest {
        (result.latest, result.latestBy) = (each.delta.header.hlc, dot.slot)
      }
      lasts.insert(dot)
    }
    pending.heads += batch.heads.filter { lasts.contains($0.dot) && isLast($0.dot) }
    result.vector = image.vector
    return result
  }

  /// Only the head of a slot's last delta was verified; heads inside the batch were not.
  private func isLast(_ dot: Dot) -> Bool { image.vector[dot.slot] == dot.seq }

  private func loggedBody(_ dot: Dot) throws -> [UInt8]? {
    try db.row(
      "SELECT body FROM log WHERE slot = ? AND seq = ?", [dot.slot.sql, dot.seq.sql]
    )?.bytes(0)
  }

  /// Freezes a replica on the evidence of a signed head that differs from our chain. The caller
  /// has verified the signature. Returns whether it is evidence at all.
  package func freeze(on head: SignedHead) throws -> Bool {
    guard let ours = try ChainReader(db).hash(at: head.dot), ours != head.hash else {
      return false
    }
    pending.forks.append(PendingWrites.Fork(dot: head.dot, ours: ours, theirs: head.hash))
    image.frozen.insert(head.dot.slot)
    return true
  }

  /// Takes deltas of a frozen replica again, after an operator has settled which history holds.
  package func clearFrozen(_ slot: Slot) {
    image.frozen.remove(slot)
    pending.forks.removeAll { $0.dot.slot == slot }
    pending.thawed.insert(slot)
  }
}
