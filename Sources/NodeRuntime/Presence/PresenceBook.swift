// Who is at work where: in memory only, told to peers beside the deltas, forgotten by itself.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import Synchronization

/// The agents present at this node, and what each peer last said of its own.
final class PresenceBook: Sendable {
  struct Entry: Hashable {
    var user: RowID
    var state: PresenceState
    /// On this node's clock.
    var told: Instant
  }

  /// One agent at a node.
  struct Line: Hashable {
    var slot: Slot
    var entry: Entry
    /// Milliseconds, as this node sees it.
    var age: Int64
  }

  private struct State {
    var own: [RowID: Entry] = [:]
    var peers: [Slot: [Entry]] = [:]
    var isDirty = false
    var sentAt = Instant.zero
  }

  /// Milliseconds.
  static let life = APILimits.presenceSeconds * 1_000
  /// What has not changed is told again so often, for links that are new.
  private static let repeatEvery: Int64 = 15_000

  private let state = Mutex(State())
  private let own: Slot

  init(own: Slot) { self.own = own }

  /// What an agent does; nil where they left.
  func tell(_ user: RowID, _ doing: PresenceState?, now: Instant) {
    state.withLock { state in
      let before = state.own[user]
      state.own[user] = doing.map { Entry(user: user, state: $0, told: now) }
      // The same again is told with the next repetition.
      if before?.state != doing { state.isDirty = true }
      guard state.own.count > APILimits.presences else { return }
      let oldest = state.own.values.min { ($0.told, $0.user) < ($1.told, $1.user) }
      if let oldest { state.own[oldest.user] = nil }
    }
  }

  /// What a peer says of all agents at it.
  func heard(_ marks: [PresenceMark], from peer: Slot, now: Instant) {
    let entries = marks.prefix(APILimits.presences).compactMap { mark -> Entry? in
      guard mark.user.isValid, (0...Self.life).contains(mark.age) else { return nil }
      return Entry(
        user: mark.user,
        state: PresenceState(
          ticket: mark.ticket.isValid ? mark.ticket : nil,
          activity: mark.isEditing ? .editing : .viewing),
        told: now + -mark.age)
    }
    state.withLock { $0.peers[peer] = entries.isEmpty ? nil : entries }
  }

  /// Everybody present, the most recent first.
  func lines(now: Instant) -> [Line] {
    let (mine, theirs) = state.withLock { state in
      Self.forget(&state, now)
      return (state.own, state.peers)
    }
    var lines = mine.values.map { Line(slot: own, entry: $0, age: max(0, now - $0.told)) }
    for (slot, entries) in theirs {
      lines += entries.map { Line(slot: slot, entry: $0, age: max(0, now - $0.told)) }
    }
    return lines.sorted { ($0.age, $0.slot, $0.entry.user) < ($1.age, $1.slot, $1.entry.user) }
  }

  /// What to tell the peers now; nil where nothing is new.
  func outgoing(now: Instant) -> [PresenceMark]? {
    state.withLock { state in
      Self.forget(&state, now)
      let isDue = !state.own.isEmpty && abs(now - state.sentAt) >= Self.repeatEvery
      guard state.isDirty || isDue else { return nil }
      state.isDirty = false
      state.sentAt = now
      return state.own.values.sorted { $0.user < $1.user }.map { entry in
        PresenceMark(
          user: entry.user, ticket: entry.state.ticket ?? .none,
          isEditing: entry.state.activity == .editing, age: max(0, now - entry.told))
      }
    }
  }

  private static func forget(_ state: inout State, _ now: Instant) {
    let before = state.own.count
    state.own = state.own.filter { now - $0.value.told < life }
    if state.own.count != before { state.isDirty = true }
    state.peers = state.peers.compactMapValues { entries in
      let live = entries.filter { now - $0.told < life }
      return live.isEmpty ? nil : live
    }
  }
}
