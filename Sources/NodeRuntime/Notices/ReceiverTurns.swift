// Which receivers are spoken to next: one that is slow or dead costs only itself.

internal import HelpdeskDomain
internal import ReplicaCore

/// One notice at a time for each receiver, and a bounded number of receivers at once. Who waited
/// longest for a turn is first.
struct ReceiverTurns {
  /// As many as a desk has webhooks, so that each has a place of its own. More are there only where
  /// offices made some while they were cut off; these take turns.
  static let atOnce = DeskLimits.webhooks

  private struct Standing {
    var isBusy = false
    var failures: Int64 = 0
    /// Nothing is tried before.
    var pausedUntil: Instant = .zero
    /// Number of its last turn, counted over all receivers; 0 before the first.
    var turn = 0
  }

  private var standing: [RowID: Standing] = [:]
  private var turns = 0

  /// How many more receivers may be spoken to now.
  var room: Int { max(0, Self.atOnce - standing.values.count { $0.isBusy }) }

  /// Those of the webhooks that may be spoken to, in the order of their turns.
  func order(of webhooks: [RowID], at now: Instant) -> [RowID] {
    webhooks.filter { id in
      standing[id].map { !$0.isBusy && $0.pausedUntil <= now } ?? true
    }.sorted { (standing[$0]?.turn ?? 0, $0) < (standing[$1]?.turn ?? 0, $1) }
  }

  /// A notice is on its way to the receiver.
  mutating func begin(_ webhook: RowID) {
    turns += 1
    standing[webhook, default: Standing()].isBusy = true
    standing[webhook, default: Standing()].turn = turns
  }

  /// The try is over. A receiver that failed is left alone for a moment, at most a minute, whatever
  /// waits for it.
  mutating func end(_ webhook: RowID, isGood: Bool, at now: Instant) {
    var after = standing[webhook] ?? Standing()
    after.isBusy = false
    after.failures = isGood ? 0 : min(after.failures + 1, 6)
    after.pausedUntil = isGood ? .zero : now + min(60_000, 1_000 << after.failures)
    standing[webhook] = after
  }

  /// Forgets all but these, and whom it waits for.
  mutating func keep(only webhooks: Set<RowID>) {
    standing = standing.filter { webhooks.contains($0.key) || $0.value.isBusy }
  }
}
