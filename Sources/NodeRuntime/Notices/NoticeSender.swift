// Sends what waits in the queue: one notice at a time for each receiver, some receivers at once.

internal import HelpdeskDomain
internal import Logging
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// At least once: a notice is marked as delivered after the receiver said so, and its id is the
/// same on each try.
final class NoticeSender: Sendable {
  /// Receivers that are spoken to at once; the rest wait for a moment.
  private static let atOnce = 8
  /// Before the second try, in milliseconds; each further pause is three times as long.
  private static let firstPause: Int64 = 5_000
  private static let longestPause: Int64 = 3_600_000
  /// How long a notice is tried, in milliseconds, where the settings say nothing.
  private static let giveUp: Int64 = 86_400_000
  /// What the settings may say, in seconds: a hundred years.
  private static let longestGiveUp: Int64 = 36_525 * 86_400

  private struct Standing {
    var isBusy = false
    var failures: Int64 = 0
    /// Nothing is tried before.
    var pausedUntil: Instant = .zero
  }

  private let parts: NodeParts
  private let poster: WebhookPoster
  private let log: Logger
  private let standing = Mutex<[RowID: Standing]>([:])

  init(parts: NodeParts, poster: WebhookPoster, log: Logger) {
    self.parts = parts
    self.poster = poster
    self.log = log
  }

  /// What can be sent now; each is to be given to ``send(_:_:)`` in a task of its own.
  func due() async throws -> [(WebhookRecord, QueuedDelivery)] {
    guard parts.standing.readOnly == nil else { return [] }
    let now = parts.clock.now
    let blocked = standing.withLock { all in
      all.filter { $0.value.isBusy || $0.value.pausedUntil > now }.mapValues(\.isBusy)
    }
    let (webhooks, waiting) = try await parts.store.read { view in
      let waiting = try view.waitingDeliveries()
      return (waiting.isEmpty ? [] : try view.webhooks(), waiting)
    }
    let active = webhooks.filter(\.isActive)
    try await cancel(Set(waiting.keys).subtracting(active.map(\.id)), at: now)
    var room = Self.atOnce - blocked.values.filter { $0 }.count
    var found: [(WebhookRecord, QueuedDelivery)] = []
    for webhook in active where waiting[webhook.id] != nil && blocked[webhook.id] == nil {
      guard room > 0 else { break }
      let next = try await parts.store.read { try $0.dueDelivery(of: webhook.id, at: now) }
      guard let next else { continue }
      room -= 1
      standing.withLock { $0[webhook.id, default: Standing()].isBusy = true }
      found.append((webhook, next))
    }
    return found
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
    rest(webhook.id, isGood: outcome.isDelivered && isKept)
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

  /// A receiver that fails is left alone for a moment, at most a minute, whatever waits for it.
  private func rest(_ webhook: RowID, isGood: Bool) {
    let now = parts.clock.now
    standing.withLock { all in
      var standing = all[webhook] ?? Standing()
      standing.isBusy = false
      standing.failures = isGood ? 0 : min(standing.failures + 1, 6)
      standing.pausedUntil = isGood ? .zero : now + min(60_000, 1_000 << standing.failures)
      all[webhook] = isGood ? nil : standing
    }
  }
}
