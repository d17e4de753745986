// The driver of one sync session: takes events in order, performs effects, decides nothing.

package import Logging
package import ReplicaCore
internal import Synchronization

/// Runs a ``SyncSession`` over a channel until either ends.
package actor PeerLink {
  /// How long a peer that was told BYE has to read it and close, in milliseconds.
  private static let farewell: Int64 = 1_000

  package nonisolated let peer: Slot
  /// Which side opened the connection.
  package nonisolated let dialledByUs: Bool
  package nonisolated let openedAt: Instant

  private let channel: any PeerChannel
  private let replica: any ReplicaAccess
  private let membership: any MembershipAccess
  private let snapshots: any SnapshotSource
  private let now: @Sendable () -> Instant
  private let log: Logger
  private let notes: @Sendable (Slot, SessionNote) -> Void
  private let buckets: @Sendable (Slot, VersionVector, [Fingerprint.Sum]) -> Void
  private let presence: @Sendable (Slot, [PresenceMark]) -> Void
  private var session: SyncSession
  private var reader: Task<Void, Never>?
  private var timer: Task<Void, Never>?
  private var ended = false
  private var saidBye = false
  private let quota = InboundQuota()
  private nonisolated let sending = Atomic(false)
  private nonisolated let events: AsyncStream<SessionEvent>
  private nonisolated let post: AsyncStream<SessionEvent>.Continuation

  package struct Parts: Sendable {
    package var replica: any ReplicaAccess
    package var membership: any MembershipAccess
    package var snapshots: any SnapshotSource
    package var now: @Sendable () -> Instant
    package var log: Logger
    package var notes: @Sendable (Slot, SessionNote) -> Void
    package var buckets: @Sendable (Slot, VersionVector, [Fingerprint.Sum]) -> Void
    package var presence: @Sendable (Slot, [PresenceMark]) -> Void

    package init(
      replica: any ReplicaAccess, membership: any MembershipAccess,
      snapshots: any SnapshotSource, now: @escaping @Sendable () -> Instant, log: Logger,
      notes: @escaping @Sendable (Slot, SessionNote) -> Void,
      buckets: @escaping @Sendable (Slot, VersionVector, [Fingerprint.Sum]) -> Void,
      presence: @escaping @Sendable (Slot, [PresenceMark]) -> Void
    ) {
      self.replica = replica
      self.membership = membership
      self.snapshots = snapshots
      self.now = now
      self.log = log
      self.notes = notes
      self.buckets = buckets
      self.presence = presence
    }
  }

  package init(
    peer: Slot, dialledByUs: Bool, channel: any PeerChannel, session: SyncSession, parts: Parts
  ) {
    self.peer = peer
    self.dialledByUs = dialledByUs
    self.channel = channel
    self.session = session
    replica = parts.replica
    membership = parts.membership
    snapshots = parts.snapshots
    now = parts.now
    log = parts.log
    notes = parts.notes
    buckets = parts.buckets
    presence = parts.presence
    openedAt = parts.now()
    (events, post) = AsyncStream.makeStream(of: SessionEvent.self)
  }

  /// Whether a message waits for the socket: files give way to it.
  package nonisolated var isSending: Bool { sending.load(ordering: .relaxed) }

  /// Tells the session of something that happened outside of it.
  package nonisolated func tell(_ event: SessionEvent) { post.yield(event) }

  /// Asks the peer for its fingerprint buckets.
  package func askForBuckets() async { try? await channel.send(.bucketsRequest) }

  /// Runs until the session closes or the connection ends; ``close()`` has to follow.
  package func run() async {
    // Before the reader runs: a HELLO that arrived first would meet a session not yet opened.
    post.yield(.opened)
    reader = Task { [channel, post, log, quota] in
      do {
        try await channel.receive { message in
          await quota.admit(message.weight)
          post.yield(.received(message))
        }
      } catch {
        log.info("peer link ended: \(error)")
      }
      post.finish()
    }
    for await event in events {
      await handle(event)
      if case .received(let message) = event { quota.release(message.weight) }
      if ended { break }
    }
    timer?.cancel()
  }

  /// Closes the connection of a session that has ended. A peer that was told BYE may take a second
  /// to close first, so the link must not count as live any more.
  package func close() async {
    if saidBye { await drain() }
    reader?.cancel()
    await channel.close()
  }

  /// Reads on until the peer closes: closing over unread bytes resets the connection, and what was
  /// said last may be lost with it.
  private func drain() async {
    let patience = Task { [post] in
      try? await Task.sleep(for: .milliseconds(Self.farewell))
      post.finish()
    }
    for await event in events {
      if case .received(let message) = event { quota.release(message.weight) }
    }
    patience.cancel()
  }

  private func handle(_ event: SessionEvent) async {
    var queue = [event]
    while !queue.isEmpty {
      let next = queue.removeFirst()
      let effects = session.handle(next, local: replica.localState, now: now())
      for effect in effects {
        if let answer = await perform(effect) { queue.append(answer) }
      }
    }
  }

  /// One dumb switch. Returns the event that answers the effect, if any.
  private func perform(_ effect: SessionEffect) async -> SessionEvent? {
    switch effect {
    case .send(let message): await send(message)
    case .sendMembers: await send(.members(membership.membershipRecords))
    case .mergeMembers(let records):
      return await membership.mergeMembership(records) ? .membershipChanged : nil
    case .readLog(let excluding, let only, let after, let limit):
      return await read(excluding, only, after, limit)
    case .persist(let batch):
      return .applied(await replica.persist(batch, from: peer), bytes: batch.byteCount)
    case .compareHashes(let theirs):
      guard let dot = await replica.firstDifference(from: theirs) else { return nil }
      replica.noteDifference(at: dot, by: peer)
      return .forkFound(dot)
    case .serveSnapshot(let id, let offset):
      await send(await snapshots.chunk(of: id, at: offset))
    case .snapshotChunk: break
    case .sendBuckets:
      let (vector, sums) = await replica.buckets()
      await send(.buckets(vector: vector, sums: sums))
    case .bucketsReceived(let vector, let sums): buckets(peer, vector, sums)
    case .presenceReceived(let marks): presence(peer, marks)
    case .arm(let instant): arm(instant)
    case .note(let note): notes(peer, note)
    case .close(let reason, let text):
      log.info("peer link closes", metadata: ["reason": "\(reason)", "text": "\(text)"])
      ended = true
    }
    return nil
  }

  private func send(_ message: SyncMessage) async {
    sending.store(true, ordering: .relaxed)
    defer { sending.store(false, ordering: .relaxed) }
    do {
      try await channel.send(message)
      if case .bye = message { saidBye = true }
    } catch {
      log.info("peer link: sending failed: \(error)")
      ended = true
    }
  }

  private func read(
    _ excluding: VersionVector, _ only: Slot?, _ after: Int64?, _ limit: Int
  ) async -> SessionEvent? {
    do {
      let (batch, next) = try await replica.readLog(
        excluding: excluding, onlySlot: only, after: after, maxBytes: limit)
      return .logRead(batch, next: next)
    } catch {
      log.error("reading the log for a peer failed: \(error)")
      ended = true
      return nil
    }
  }

  private func arm(_ instant: Instant) {
    timer?.cancel()
    let wait = max(0, instant - now())
    timer = Task { [post] in
      try? await Task.sleep(for: .milliseconds(wait))
      if !Task.isCancelled { post.yield(.tick) }
    }
  }
}
