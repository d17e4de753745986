// Alarms and acts become notices to receivers outside, in work of their own beside the node's.

internal import AgentAPI
internal import HelpdeskDomain
internal import Logging
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// Runs the queue of notices and its sender. Nothing here is waited for by anybody else.
final class NoticeDesk: Sendable {
  /// Notices that ended, and alarms, are remembered for so long, in milliseconds: a week.
  private static let memory: Int64 = 7 * 86_400_000

  private let parts: NodeParts
  private let queue: NoticeQueue
  private let sender: NoticeSender
  private let feed: DeskFeed
  private let log: Logger
  private let failing = Mutex<Set<String>>([])
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  init(parts: NodeParts, feed: DeskFeed, log: Logger) {
    self.parts = parts
    self.feed = feed
    self.log = log
    queue = NoticeQueue(parts: parts)
    sender = NoticeSender(parts: parts, poster: Self.poster(parts), log: log)
    (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  static func poster(_ parts: NodeParts) -> WebhookPoster {
    let configuration = parts.configuration
    return WebhookPoster(
      node: configuration.node, office: configuration.office, rule: rule(parts),
      authorities: configuration.webhookCA)
  }

  static func rule(_ parts: NodeParts) -> ReceiverRule {
    ReceiverRule(allowed: Set((parts.configuration.webhookAllow ?? []).map { $0.lowercased() }))
  }

  /// Something was committed.
  func wake() { signal.yield() }

  /// Works until cancelled: at each commit, and once a second for what is due again.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(1))
          self.wake()
        }
      }
      for await _ in signals {
        await attempt("acts are not told outside") {
          if parts.standing.readOnly == nil { try await queue.takeActs() }
        }
        await attempt("notices wait") {
          for (webhook, delivery) in try await sender.due() {
            group.addTask {
              await self.sender.send(webhook, delivery)
              self.wake()
            }
          }
        }
      }
      group.cancelAll()
    }
  }

  /// What fails is logged when it begins to; what fails together with it goes on.
  private func attempt(_ what: String, _ body: () async throws -> Void) async {
    do {
      try await body()
      failing.withLock { _ = $0.remove(what) }
    } catch {
      let isNew = failing.withLock { $0.insert(what).inserted }
      if isNew, !Task.isCancelled { log.warning("\(what): \(error)") }
    }
  }

  /// Which alarms are new, and which are gone: listeners are told, and receivers outside where it
  /// is this node that tells them.
  func lookAtAlarms() async {
    do {
      let (new, gone) = try await queue.takeAlarms()
      for alarm in new { feed.send(.alarm(alarm)) }
      for alarm in gone { feed.send(.alarmEnded(alarm)) }
      if !new.isEmpty { wake() }
    } catch { log.debug("alarms were not looked at: \(error)") }
  }

  /// Forgets what ended long ago.
  func tidy() async {
    await queue.keepPlace()
    let before = parts.clock.now + -Self.memory
    do {
      try await parts.store.write {
        try $0.pruneNotices(endedBefore: before, keep: APILimits.deliveries)
      }
    } catch { log.debug("old notices remain: \(error)") }
  }
}
