// Sends what waits in the queue: one notice at a time for each receiver, many receivers at once.

internal import HelpdeskDomain
internal import Logging
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// At least once: a notice is marked as delivered after the receiver said so, and its id is the
/// same on each try.
final class NoticeSender: Sendable {
  /// Before the second try, in milliseconds; each further pause is three times as long.
  private static let firstPause: Int64 = 5_000
  private static let longestPause: Int64 = 3_600_000
  /// How long a notice is tried, in milliseconds, where the settings say nothing.
  private static let giveUp: Int64 = 86_400_000
  /// What the settings may say, in seconds: a hundred years.
  private static let longestGiveUp: Int64 = 36_525 * 86_400

  private let parts: NodeParts
  private let poster: WebhookPoster
  private let log: Logger
  private let turns = Mutex(ReceiverTurns())

  init(parts: NodeParts, poster: WebhookPoster, log: Logger) {
    self.parts = parts
    self.poster = poster
    self.log = log
  }

  /// What can be sent now; each is to be given to ``send(_:_:)`` in a task of its own.
  func due() async throws -> [(WebhookRecord, QueuedDelivery)] {
    guard parts.standing.readOnly == nil else { return [] }
    let now = parts.clock.now
    let (webhooks, waiting) = try await parts.store.read { view in
      let waiting = try view.waitingReceivers()
      return (waiting.isEmpty ? [] : try view.webhooks(), waiting)
    }
    guard !waiting.isEmpty else { return [] }
    let active = webhooks.filter(\.isActive)
    let known = Set(active.map(\.id))
    try await cancel(Set(waiting).subtracting(known), at: now)
    let (order, room) = turns.withLock { turns in
      turns.keep(only: known)
      return (turns.order(of: waiting.filter(known.contains), at: now), turns.room)
    }
    let next = try await parts.store.read { view in
      var next: [RowID: QueuedDelivery] = [:]
      for id in order where next.count < room { next[id] = try view.dueDelivery(of: id, at: now) }
      return next
    }
    // Nobody is busy before all of them are found: what throws on the way must leave no place taken.
    turns.withLock { turns in order.filter { next[$0] != nil }.forEach { turns.begin($0) } }
    return active.compactMap { webhook in next[webhook.id].map { (webhook, $0) } }
  }

  private func cancel(_ webhooks: Set<RowID>, at now: Instant) async throws {
    guard !webhooks.isEmpty else { return }
    try await parts.store.write { transaction in
      for webhook in webhooks.sorted() {
        try transaction.cancelDeliveries(of: webhook, at: now)
      }
    }
  }

  /// One try.
  func send(_ webhook: WebhookRecord, _ delivery: QueuedDelivery) async {
    let outcome = await poster.post(delivery, to: webhook, at: parts.clock.now)
    let after = settled(delivery, outcome, at: parts.clock.now)
    // What could not be kept is sent again; on a full disk not as fast as the receiver answers.
    var isKept = false
    do {
      try await parts.store.write { try $0.record(after) }
      isKept = true
    } catch { log.warning("what became of notice \(delivery.id) could not be kept: \(error)") }
    if after.state == .failed {
      log.error(
        "a notice was given up",
        metadata: [
          "delivery": "\(delivery.id)", "webhook": "\(webhook.id)",
          "attempts": "\(after.attempts)", "problem": "\(after.problem ?? "")",
        ])
    }
    let isGood = outcome.isDelivered && isKept
    turns.withLock { $0.end(webhook.id, isGood: isGood, at: parts.clock.now) }
  }

  /// The notice after a try.
  func settled(
    _ delivery: QueuedDelivery, _ outcome: WebhookPoster.Outcome, at now: Instant
  ) -> QueuedDelivery {
    var after = delivery
    after.attempts += 1
    after.status = outcome.status
    after.problem = outcome.problem
    let pause = Self.pause(after: after.attempts)
    let limit =
      parts.configuration.webhookGiveUpSeconds.map { min(max(0, $0), Self.longestGiveUp) * 1_000 }
      ?? Self.giveUp
    if outcome.isDelivered {
      after.state = .delivered
      after.doneAt = now
    } else if outcome.isGone || now + pause - delivery.createdAt > limit {
      after.state = .failed
      after.doneAt = now
    } else {
      after.nextAt = now + pause
    }
    return after
  }

  /// 5 s, 15 s, 45 s, … at most an hour.
  static func pause(after attempts: Int) -> Int64 {
    var pause = firstPause
    for _ in 1..<max(2, attempts) where pause < longestPause { pause *= 3 }
    return min(attempts < 2 ? firstPause : pause, longestPause)
  }
}
