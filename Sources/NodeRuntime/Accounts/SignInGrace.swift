// How long a node that is cut off lets users in by itself: somebody may have been disabled elsewhere.

internal import AgentAPI
internal import Foundation
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// Knows when this node last heard from another office, and whom its operator confirmed since.
///
/// Within the grace everybody gets in whom this replica knows as active. After it only those whom
/// the operator of this machine confirmed, each for one more grace: work goes on, and a person on the
/// spot answers for it.
final class SignInGrace: Sendable {
  /// What outlives a restart.
  struct Record: Codable, Equatable {
    /// When another office was last heard of.
    var heard: Instant
    /// User → when the operator confirmed them.
    var confirmed: [Int64: Instant] = [:]
  }

  private struct State {
    var record: Record?
    var isDirty = false
    var hasOthers = false
    var savedAt = Instant.zero
  }

  static let key = "sign_in_grace"
  private static let saveEvery: Int64 = 3_600_000
  private static let wrongClock: Int64 = 24 * 3_600_000

  private let state = Mutex(State())
  /// Milliseconds; 0 for ever.
  let length: Int64

  init(length: Int64, record: Record?) {
    self.length = length
    state.withLock { $0.record = record }
  }

  static func load(from store: ReplicaStore) async -> Record? {
    let value = (try? await store.read { try $0.local(key) }) ?? nil
    guard let bytes = value?.bytes else { return nil }
    return try? JSONDecoder().decode(Record.self, from: Data(bytes))
  }

  /// Takes in what the links and the log say: `others` tells whether there is any other office, or
  /// node of the same one, and `heard` when one of them was last heard of, directly or by a delta.
  func look(others: Bool, heard: Instant?, now: Instant) {
    state.withLock { state in
      state.hasOthers = others
      // The first look of a new node starts the time, and so does a clock that was far ahead.
      var known = state.record?.heard ?? now
      if known - now > Self.wrongClock { known = now }
      known = max(known, min(heard ?? .zero, now))
      guard state.record?.heard != known else { return }
      state.record = Record(heard: known, confirmed: state.record?.confirmed ?? [:])
      state.isDirty = true
    }
  }

  /// When users who are not confirmed are no longer let in; nil where that never happens.
  var end: Instant? {
    state.withLock { state in
      guard length > 0, state.hasOthers, let record = state.record else { return nil }
      return record.heard + length
    }
  }

  /// When another office was last heard of.
  var heard: Instant? { state.withLock { $0.record?.heard } }

  /// Whether the user may be let in now.
  func admits(_ user: RowID, now: Instant) -> Bool {
    guard let end, now >= end else { return true }
    let confirmed = state.withLock { $0.record?.confirmed[user.rawValue] }
    return confirmed.map { now < $0 + length } ?? false
  }

  /// The operator of this machine answers for these users. Returns until when.
  func confirm(_ users: [RowID], now: Instant) -> Instant {
    state.withLock { state in
      var record = state.record ?? Record(heard: now)
      record.confirmed = record.confirmed.filter { now < $0.value + length }
      for user in users { record.confirmed[user.rawValue] = now }
      state.record = record
      state.isDirty = true
      state.savedAt = .zero
    }
    return now + length
  }

  /// Writes down what changed, the hearing of others at most once an hour.
  func save(to store: ReplicaStore, now: Instant) async {
    let record = state.withLock { state -> Record? in
      guard state.isDirty, abs(now - state.savedAt) >= Self.saveEvery else { return nil }
      state.isDirty = false
      state.savedAt = now
      return state.record
    }
    guard let record, let bytes = try? JSONEncoder().encode(record) else { return }
    try? await store.write { $0.setLocal(Self.key, .bytes([UInt8](bytes))) }
  }

  /// What a person should know before the doors close.
  func alarm(now: Instant) -> AlarmReport? {
    guard let end, let heard, now >= heard + length / 2 else { return nil }
    let isOver = now >= end
    return AlarmReport(
      id: "sign-ins", kind: "cut_off", ticketID: nil, groupID: nil, office: nil,
      raisedAt: WireTime(heard + length / 2),
      message: "This node has heard of no other office since \(WireTime(heard)). "
        + (isOver
          ? "Users are let in only once its operator confirms them: `helio user confirm EMAIL`."
          : "From \(WireTime(end)) on it lets in only users whom its operator confirms: `helio user "
            + "confirm EMAIL`. Mend the network, or confirm them."))
  }
}
