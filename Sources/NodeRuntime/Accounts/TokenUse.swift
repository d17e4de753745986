// When a token was last used here, to the hour: kept on this node, since a read must not become a
// delta that all nodes keep for good.

internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// Remembers the last use of tokens and writes it down at most once an hour for each.
final class TokenUse: Sendable {
  /// Milliseconds.
  static let grain: Int64 = 3_600_000

  private struct State {
    /// What is on disk, as far as this process knows.
    var written: [RowID: Instant] = [:]
    var pending: [RowID: Instant] = [:]
  }

  private let state = Mutex(State())
  private let store: ReplicaStore

  init(store: ReplicaStore) { self.store = store }

  /// A token let somebody in.
  func note(_ token: RowID, at now: Instant) {
    let hour = Instant(milliseconds: now.milliseconds - now.milliseconds % Self.grain)
    state.withLock { state in
      guard state.written[token] != hour else { return }
      state.pending[token] = hour
    }
  }

  /// Writes down what is new; called by the beat.
  func flush() async {
    let pending = state.withLock { state in
      let pending = state.pending
      state.pending = [:]
      state.written.merge(pending) { $1 }
      return pending
    }
    guard !pending.isEmpty else { return }
    try? await store.write { transaction in
      for (token, hour) in pending {
        guard try transaction.local(Self.key(token))?.integer != hour.milliseconds else { continue }
        transaction.setLocal(Self.key(token), .integer(hour.milliseconds))
      }
    }
  }

  /// The hour of the last use at this node; nil where it was never used here.
  func lastUse(_ token: RowID, in view: ReadView) throws -> Instant? {
    if let pending = state.withLock({ $0.pending[token] ?? $0.written[token] }) { return pending }
    return try view.local(Self.key(token))?.integer.map { Instant(milliseconds: $0) }
  }

  private static func key(_ token: RowID) -> String { "token_use.\(token)" }
}
