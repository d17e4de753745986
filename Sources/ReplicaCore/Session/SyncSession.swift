// The sync session: a value that takes events and returns effects, in order.

/// One side of a session with one peer. Symmetric; either side may have dialled.
///
/// `opening` → `live` on a HELLO that fits, → `closed` on one that does not; `live` → `closed` on
/// BYE, stall, fork or a batch that does not verify; `closed` goes nowhere.
package struct SyncSession: Sendable {
  package enum Phase: Hashable, Sendable {
    case opening
    case live
    case closed
  }

  /// What the sending half is at.
  enum Sending: Hashable, Sendable {
    case idle
    /// A read is under way; `ownOnly` when it is a push of own deltas.
    case reading(ownOnly: Bool)
    /// Out of credit; goes on from the cursor with the next ACK.
    case waitingForCredit(after: Int64)
  }

  package private(set) var phase = Phase.opening
  package private(set) var peer: Slot?
  /// What the peer has, as far as we know: its WANT or ACK and what we sent since.
  package private(set) var peerVector = VersionVector()

  /// What both sides speak.
  private var protocolVersion: UInt32 = 0
  private let hello: @Sendable (Instant) -> Hello
  private let own: Slot
  private let flow: SessionFlow
  private var sending = Sending.idle
  private var credit = Limits.creditBytes
  private var pushPending = false
  private var restartFrom: VersionVector?
  private var peerIsKnown = false
  private var lastHeard = Instant.zero
  private var lastMoved = Instant.zero
  private var lastBatch = Instant.zero
  private var lastWant: Instant?
  /// A WANT is being answered; the peer's next SUMMARY ends the answer.
  private var wantIsOpen = false
  private var nextSummary = Instant.zero
  private var summaryInterval = Limits.summaryInterval

  /// `hello` makes our HELLO at a given time; `expected` is the slot the certificate names.
  package init(
    own: Slot, expected: Slot?, flow: SessionFlow = SessionFlow(),
    hello: @escaping @Sendable (Instant) -> Hello
  ) {
    self.own = own
    self.flow = flow
    self.hello = hello
    peer = expected
  }

  package mutating func handle(
    _ event: SessionEvent, local: LocalState, now: Instant
  ) -> [SessionEffect] {
    guard phase != .closed else { return [] }
    switch event {
    case .opened: return opened(now)
    case .received(let message):
      lastHeard = now
      return received(message, local, now)
    case .logRead(let batch, let next): return logRead(batch, next, local, now)
    case .applied(let outcome, let bytes): return applied(outcome, bytes, local, now)
    case .committed(let own):
      moved(now)
      return rearm(own ? push() : [], now)
    case .forkFound(let dot):
      return close(.fork, "slot \(dot.slot) holds another history at \(dot)")
    case .membershipChanged: return phase == .live ? [.sendMembers] : []
    case .presence(let marks):
      return phase == .live && protocolVersion >= 2 ? [.send(.presence(marks))] : []
    case .tick: return tick(local, now)
    case .shutdown(.removed):
      // The records that say so come first, whatever the order of events: BYE alone proves nothing.
      return [.sendMembers] + close(.removed, "")
    case .shutdown(let reason): return close(reason, "")
    }
  }

  // MARK: Opening

  private mutating func opened(_ now: Instant) -> [SessionEffect] {
    lastHeard = now
    lastMoved = now
    nextSummary = now + Limits.summaryInterval
    return [.send(.hello(hello(now))), .arm(nextSummary)]
  }

  private mutating func received(
    _ message: SyncMessage, _ local: LocalState, _ now: Instant
  ) -> [SessionEffect] {
    switch (phase, message) {
    case (.opening, .hello(let theirs)): return greeted(theirs, local, now)
    case (_, .bye(let reason, let text)):
      phase = .closed
      return [.note(.closed(reason, text)), .close(reason, text)]
    case (.opening, _): return close(.malformed, "HELLO must come first")
    case (.live, .hello): return close(.malformed, "a second HELLO")
    case (.live, _): return live(message, local, now)
    case (.closed, _): return []
    }
  }

  private mutating func greeted(
    _ theirs: Hello, _ local: LocalState, _ now: Instant
  ) -> [SessionEffect] {
    let ours = hello(now)
    guard theirs.cluster == ours.cluster else {
      return close(.otherCluster, "this node belongs to cluster \(ours.cluster)")
    }
    guard theirs.drillOffset == ours.drillOffset else {
      return close(
        .otherDrillClock,
        "roster time here is clock \(ours.drillOffset) ms, there \(theirs.drillOffset) ms; "
          + "all nodes of a cluster must run the same drill clock")
    }
    guard min(theirs.protocolVersion, ours.protocolVersion) >= 1 else {
      return close(.protocolVersion, "protocol version 1 is the lowest spoken here")
    }
    guard peer == nil || peer == theirs.slot, theirs.slot != own else {
      return close(.notAdmitted, "HELLO names slot \(theirs.slot), the certificate another")
    }
    peer = theirs.slot
    protocolVersion = min(theirs.protocolVersion, ours.protocolVersion)
    phase = .live
    var effects: [SessionEffect] = [
      .note(.live(slot: theirs.slot, clockSkewMilliseconds: theirs.clock - now))
    ]
    if theirs.membership != ours.membership { effects.append(.sendMembers) }
    return effects + summarize(local, now)
  }

  // MARK: Live

  private mutating func live(
    _ message: SyncMessage, _ local: LocalState, _ now: Instant
  ) -> [SessionEffect] {
    switch message {
    case .hello, .bye: return []
    case .members(let records): return [.mergeMembers(records)]
    case .summary(let digest, let fingerprint):
      return summarized(digest, fingerprint, local, now)
    case .want(let theirs, let bytes): return wanted(theirs, bytes, local, now)
    case .batch(let batch):
      moved(now)
      lastBatch = now
      return rearm([.persist(batch)], now)
    case .ack(let vector, let bytes): return acknowledged(vector, bytes, local)
    case .bucketsRequest: return [.sendBuckets]
    case .buckets(let vector, let sums): return [.bucketsReceived(vector, sums)]
    case .snapshotRequest(let id, let offset): return [.serveSnapshot(id: id, offset: offset)]
    case .snapshotChunk(let id, let offset, let total, let hash, let bytes):
      return [.snapshotChunk(id: id, offset: offset, total: total, hash: hash, bytes: bytes)]
    case .snapshotRefused(let reason): return [.note(.peerSaid(reason))]
    case .presence(let marks): return [.presenceReceived(marks)]
    }
  }

  private mutating func summarized(
    _ digest: UInt64, _ fingerprint: UInt64, _ local: LocalState, _ now: Instant
  ) -> [SessionEffect] {
    wantIsOpen = false
    guard digest != local.headed.digest else {
      peerVector = local.headed.vector
      peerIsKnown = true
      lastWant = nil
      var effects: [SessionEffect] = [.note(.peerState(peerVector, equal: true))]
      if fingerprint != local.fingerprint { effects.append(.note(.fingerprintDiffers)) }
      return effects
    }
    moved(now)
    return rearm(want(local, now, pause: Limits.summaryInterval), now)
  }

  /// Asks for what we lack, unless an answer is under way or we asked within `pause`.
  ///
  /// What the peer pushes meanwhile is no answer: it may come without end, and build on what we lack.
  private mutating func want(
    _ local: LocalState, _ now: Instant, pause: Int64
  ) -> [SessionEffect] {
    if let lastWant {
      if wantIsOpen, now - max(lastWant, lastBatch) < Limits.peerStall { return [] }
      if now - lastWant < pause { return [] }
    }
    lastWant = now
    wantIsOpen = true
    return [.send(.want(local.headed, credit: flow.credit))]
  }

  private mutating func wanted(
    _ theirs: HeadedVector, _ bytes: UInt64, _ local: LocalState, _ now: Instant
  ) -> [SessionEffect] {
    moved(now)
    peerVector = theirs.vector
    peerIsKnown = true
    credit = bytes
    let equal = theirs.vector == local.headed.vector
    var effects: [SessionEffect] = [
      .compareHashes(theirs), .note(.peerState(theirs.vector, equal: equal)),
    ]
    if case .reading = sending {
      restartFrom = theirs.vector
    } else {
      effects += read(ownOnly: false, after: nil)
    }
    // The peer has what we lack: ask at once instead of at its next SUMMARY.
    if !local.headed.vector.covers(theirs.vector) {
      effects += want(local, now, pause: Limits.summaryInterval)
    }
    return rearm(effects, now)
  }

  private mutating func acknowledged(
    _ vector: VersionVector, _ bytes: UInt64, _ local: LocalState
  ) -> [SessionEffect] {
    peerVector.merge(vector)
    credit = min(credit &+ bytes, Limits.creditBytes)
    var effects: [SessionEffect] = [
      .note(.peerState(vector, equal: vector == local.headed.vector))
    ]
    if case .waitingForCredit(let cursor) = sending, credit > 0 {
      effects += read(ownOnly: false, after: cursor)
    } else {
      effects += resumePush()
    }
    return effects
  }

  // MARK: Sending

  private mutating func read(ownOnly: Bool, after: Int64?) -> [SessionEffect] {
    sending = .reading(ownOnly: ownOnly)
    let limit = max(1, min(flow.batch, Int(clamping: credit)))
    return [
      .readLog(
        excluding: peerVector, onlySlot: ownOnly ? own : nil, after: after, maxBytes: limit)
    ]
  }

  /// Own deltas are pushed at once; deltas of others go on WANT.
  private mutating func push() -> [SessionEffect] {
    guard phase == .live, peerIsKnown else { return [] }
    pushPending = true
    return resumePush()
  }

  private mutating func resumePush() -> [SessionEffect] {
    guard pushPending, sending == .idle, credit > 0 else { return [] }
    pushPending = false
    return read(ownOnly: true, after: nil)
  }

  private mutating func logRead(
    _ batch: DeltaBatch, _ next: Int64?, _ local: LocalState, _ now: Instant
  ) -> [SessionEffect] {
    guard case .reading(let ownOnly) = sending else { return [] }
    if let vector = restartFrom {
      restartFrom = nil
      peerVector = vector
      return read(ownOnly: false, after: nil)
    }
    sending = .idle
    var effects: [SessionEffect] = []
    if !batch.deltas.isEmpty {
      effects.append(.send(.batch(batch)))
      credit -= min(credit, UInt64(batch.byteCount))
      for delta in batch.deltas { peerVector.advance(delta.dot) }
      moved(now)
    }
    if let next {
      if credit == 0 {
        if ownOnly { pushPending = true } else { sending = .waitingForCredit(after: next) }
      } else {
        effects += read(ownOnly: ownOnly, after: next)
      }
    } else {
      // The SUMMARY ends the answer: what the peer still lacks it asks for anew.
      if !ownOnly { effects += summarize(local, now) }
      effects += resumePush()
    }
    return effects
  }

  // MARK: Receiving

  private mutating func applied(
    _ outcome: ApplyOutcome, _ bytes: Int, _ local: LocalState, _ now: Instant
  ) -> [SessionEffect] {
    let ack = SessionEffect.send(.ack(local.headed.vector, credit: UInt64(bytes)))
    switch outcome {
    case .committed: return [ack]
    case .missing:
      // Pushed before what it builds on: ask for the whole, at once the first time.
      return [ack] + want(local, now, pause: Limits.missingInterval)
    case .refused(let why): return close(.badBatch, why)
    case .fork(let dot): return close(.fork, "two deltas under \(dot)")
    case .storageFull: return close(.overLimit, "the disk here is full; deltas stay with you")
    }
  }

  // MARK: Time

  /// A WANT is being answered: its SUMMARY comes at the end.
  private var isAnswering: Bool {
    switch sending {
    case .idle, .reading(ownOnly: true): false
    case .reading(ownOnly: false), .waitingForCredit: true
    }
  }

  private mutating func moved(_ now: Instant) {
    lastMoved = now
    summaryInterval = Limits.summaryInterval
  }

  private mutating func rearm(_ effects: [SessionEffect], _ now: Instant) -> [SessionEffect] {
    guard phase == .live, nextSummary - now > summaryInterval else { return effects }
    nextSummary = now + summaryInterval
    return effects + [.arm(nextSummary)]
  }

  private mutating func summarize(_ local: LocalState, _ now: Instant) -> [SessionEffect] {
    nextSummary = now + summaryInterval
    return [
      .send(.summary(digest: local.headed.digest, fingerprint: local.fingerprint)),
      .arm(nextSummary),
    ]
  }

  private mutating func tick(_ local: LocalState, _ now: Instant) -> [SessionEffect] {
    guard now - lastHeard < Limits.peerStall else {
      return close(.stalled, "nothing heard for \((now - lastHeard) / 1_000) s")
    }
    guard phase == .live else { return [.arm(now + Limits.summaryInterval)] }
    guard now >= nextSummary else { return [.arm(nextSummary)] }
    guard !isAnswering else {
      nextSummary = now + Limits.summaryInterval
      return [.arm(nextSummary)]
    }
    if now - lastMoved >= Limits.quietSummaryInterval {
      summaryInterval = min(summaryInterval * 2, Limits.quietSummaryInterval)
    }
    return summarize(local, now)
  }

  private mutating func close(_ reason: ByeReason, _ text: String) -> [SessionEffect] {
    phase = .closed
    return [.send(.bye(reason, text)), .note(.closed(reason, text)), .close(reason, text)]
  }
}
