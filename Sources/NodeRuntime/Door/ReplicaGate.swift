// The replica as peer links see it: reads of the log, and the way in for remote batches.

internal import ClusterTrust
internal import HelpdeskDomain
internal import Logging
internal import ReplicaCore
internal import ReplicaStore

/// Puts the store behind ``ReplicaAccess``.
struct ReplicaGate: ReplicaAccess {
  var store: ReplicaStore
  var clock: NodeClock
  var book: ClusterBook
  var dutyBooks: DutyBooks
  var own: Slot
  var log: Logger
  /// Told after each commit of remote deltas.
  var committed: @Sendable () -> Void
  /// Told of a replica of which two histories are proved by its own signatures.
  var forked: @Sendable (Dot) -> Void
  /// Told of a dot at which a peer, unproved, says that its chain differs from ours.
  var differs: @Sendable (_ at: Dot, _ peer: Slot) -> Void
  /// Told of a delta that a member holds from a removed node, beyond its seal.
  var beyondSeal: @Sendable (Dot) -> Void
  /// Told of a replica that stamps further ahead of our clock than we let ours be moved.
  var runsAhead: @Sendable (_ slot: Slot, _ milliseconds: Int64) -> Void

  var localState: LocalState { store.localState }

  func readLog(
    excluding: VersionVector, onlySlot: Slot?, after: Int64?, maxBytes: Int
  ) async throws -> (batch: DeltaBatch, next: Int64?) {
    try await store.read { view in
      try view.readLog(
        excluding: excluding, onlySlot: onlySlot, after: after, maxBytes: maxBytes)
    }
  }

  func persist(_ batch: DeltaBatch, from peer: Slot) async -> ApplyOutcome {
    let membership = book.membership
    let offices = book.officeFacts
    let books = dutyBooks
    let now = clock.now
    do {
      let result = try await store.write { transaction in
        let result = try transaction.apply(
          batch,
          verify: { membership.verdict(for: $0) == .valid },
          verdict: { delta, context, transaction in
            let reading = TransactionReading(
              transaction, offices: offices, dutyBooks: books)
            let reason = Verdict.verdict(delta, context: context, reading: reading)
            try reading.check()
            return reason?.rawValue
          })
        var hybrid = transaction.clock
        _ = hybrid.observe(result.latest, now: now)
        transaction.clock = hybrid
        return result
      }
      noteStamps(of: result, at: now)
      return outcome(of: result, from: peer)
    } catch StoreError.diskFull {
      return .storageFull
    } catch {
      log.error("a batch of slot \(peer) could not be applied: \(error)")
      return .refused("the batch could not be applied here")
    }
  }

  private func noteStamps(of result: ApplyResult, at now: Instant) {
    let ahead = result.latest.instant - now
    guard let slot = result.latestBy, ahead > Int64(HybridClock.maximumDrift) else { return }
    runsAhead(slot, ahead)
  }

  private func outcome(of result: ApplyResult, from peer: Slot) -> ApplyOutcome {
    if result.applied > 0 { committed() }
    if let fork = result.fork {
      forked(fork)
      return .fork(fork)
    }
    if result.isOwnSlotAhead {
      // The cluster holds deltas of our slot that we do not: this database is an old copy.
      forked(Dot(own, store.vector[own] + 1))
      return .missing(applied: result.applied)
    }
    if let bad = result.badHead, case .beyondSeal = book.membership.verdict(for: bad) {
      // Kept out until the issuer, who is told by this signed head, lets the seal grow.
      beyondSeal(bad.dot)
      return .missing(applied: result.applied)
    }
    if let reason = result.malformation {
      log.error("slot \(peer) sent a batch that breaks the protocol: \(reason)")
      return .refused(reason)
    }
    if let bad = result.badHead {
      log.error("slot \(peer) relayed a batch whose head \(bad.dot) does not verify")
      return .refused("the head at \(bad.dot) does not verify")
    }
    if result.gap != nil || result.missingDependencies != nil {
      return .missing(applied: result.applied)
    }
    return .committed(applied: result.applied)
  }

  func firstDifference(from theirs: HeadedVector) async -> Dot? {
    for (slot, seq) in theirs.vector.sorted {
      guard let mine = try? await store.read({ try $0.headHash(at: Dot(slot, seq)) }) else {
        continue
      }
      if mine != theirs.hashes[slot] { return Dot(slot, seq) }
    }
    return nil
  }

  func noteDifference(at dot: Dot, by peer: Slot) { differs(dot, peer) }

  func buckets() async -> (vector: VersionVector, sums: [Fingerprint.Sum]) {
    store.vectorAndBuckets
  }
}

extension ApplyResult {
  /// Deltas of this replica's own slot came that it never made.
  fileprivate var isOwnSlotAhead: Bool {
    problems.values.contains { if case .ownSlotAhead = $0 { true } else { false } }
  }

  /// Why the batch is not one that a correct peer sends; nil where it is.
  fileprivate var malformation: String? {
    for case .malformed(let dot, let cause) in problems.values {
      return "the delta \(dot) cannot be read: \(cause)"
    }
    for case .uncovered(let dot) in problems.values { return "no head covers \(dot)" }
    return nil
  }
}
