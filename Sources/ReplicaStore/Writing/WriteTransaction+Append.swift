// Making deltas of our own, and sealing them with signed heads.

package import ReplicaCore

extension WriteTransaction {
  /// The dot that the next delta of this replica will have.
  package func nextDot() throws -> Dot {
    guard let slot = image.slot else { throw StoreError.noSlot }
    return Dot(slot, image.vector[slot] + 1)
  }

  /// Makes the next delta of this replica, takes it into the log and lets it have its effect.
  ///
  /// The store sets the dot and the change of context; `hlc` must come from ``clock``. Throws
  /// `deltaTooLarge` before anything was changed, `noSlot`, or an error of reading rows.
  @discardableResult
  package func appendLocal(
    hlc: HLC, actor: RowID = .none, authority: Dot? = nil, via: Via = .api,
    occurredAt: Instant? = nil, _ changes: [RowChange]
  ) throws -> EncodedDelta {
    let dot = try nextDot()
    var tail = image.replicas[dot.slot] ?? ReplicaTail()
    var grown: [Slot: UInt64] = [:]
    for (slot, seq) in image.vector.entries where slot != dot.slot && seq > tail.context[slot] {
      grown[slot] = seq
    }
    let header = DeltaHeader(
      dot: dot, hlc: hlc, contextChange: grown, actor: actor, authority: authority,
      schemaLevel: plan.schema.level, via: via, occurredAt: occurredAt)
    let delta = Delta(header, changes)
    let encoded = DeltaCodec.encode(delta)
    guard encoded.byteCount <= Limits.deltaBytes else {
      throw StoreError.deltaTooLarge(bytes: encoded.byteCount, maximum: Limits.deltaBytes)
    }
    tail.seq = dot.seq
    tail.hash = encoded.link(after: tail.hash)
    tail.context.merge(VersionVector(grown))
    try log(PendingDelta(applied: image.applied + 1, encoded: encoded, delta: delta), tail)
    pending.unsealed.append((dot, tail.hash, encoded.byteCount))
    if hlc > image.clock.last { image.clock = HybridClock(last: hlc) }
    return encoded
  }

  /// Closes this transaction's own deltas with signed heads: one at the end, and one at least
  /// every ``Limits/batchBytes``. `sign` gives the signature of ``SignedHead/signedBytes``.
  @discardableResult
  package func seal(sign: (_ dot: Dot, _ hash: Digest) throws -> [UInt8]) throws -> [SignedHead] {
    guard undo == nil else {
      throw StoreError.badQuery("a transaction is sealed at its end, not inside a savepoint")
    }
    var heads: [SignedHead] = []
    var bytes = 0
    for (index, each) in pending.unsealed.enumerated() {
      bytes += each.bytes
      let next = index + 1 < pending.unsealed.count ? pending.unsealed[index + 1].bytes : nil
      if let next, bytes + next <= Limits.batchBytes { continue }
      heads.append(
        SignedHead(dot: each.dot, hash: each.hash, signature: try sign(each.dot, each.hash)))
      bytes = 0
    }
    pending.heads += heads
    pending.unsealed = []
    return heads
  }

  /// Takes a delta into the log and, unless it is void, lets it have its effect.
  func log(_ entry: PendingDelta, _ tail: ReplicaTail) throws {
    if entry.void == nil { try take(entry.delta, applied: entry.applied) }
    let dot = entry.delta.dot
    image.applied = entry.applied
    image.deltas += 1
    image.vector.advance(dot)
    image.replicas[dot.slot] = tail
    pending.deltas.append(entry)
    pending.replicas.insert(dot.slot)
  }
}
