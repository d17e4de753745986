// What this node applies, told to whoever listens.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// Fans events out to subscribers; a slow one loses some and is told how many.
final class DeskFeed: Sendable {
  private static let buffer = 1_000
  /// Deltas that are read at a time; each may be as long as 2 MiB.
  private static let page = 100

  private struct State {
    var next = 0
    var listeners: [Int: AsyncStream<NumberedEvent>.Continuation] = [:]
    var lost: [Int: Int] = [:]
  }

  private let state = Mutex(State())

  func subscribe() -> AsyncStream<NumberedEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: NumberedEvent.self, bufferingPolicy: .bufferingOldest(Self.buffer))
    let number = state.withLock { state in
      state.next += 1
      state.listeners[state.next] = continuation
      return state.next
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { state in
        state.listeners[number] = nil
        state.lost[number] = nil
      }
    }
    return stream
  }

  /// What came after an apply number, read back from the log, then what comes.
  func subscribe(after number: Int64, in store: ReplicaStore) async -> AsyncStream<NumberedEvent> {
    // Subscribed first: what is applied while the log is read comes twice, and is known by its
    // number; the other way round it would be missed.
    let live = subscribe()
    let (stream, continuation) = AsyncStream.makeStream(
      of: NumberedEvent.self,
      bufferingPolicy: .bufferingOldest(Self.buffer + APILimits.eventsReplayed * 2))
    let task = Task {
      let last = await Self.replay(after: number, in: store, to: continuation)
      for await event in live {
        if let number = event.number, number <= last { continue }
        continuation.yield(event)
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  /// Returns the number up to which the log was read.
  private static func replay(
    after number: Int64, in store: ReplicaStore, to stream: AsyncStream<NumberedEvent>.Continuation
  ) async -> Int64 {
    let end = store.appliedNumber
    // A number beyond ours was given out by another database; one too far back is not read.
    guard number <= end, end - number <= Int64(APILimits.eventsReplayed) else {
      stream.yield(NumberedEvent(.lost(number <= end ? Int(end - number) : nil)))
      return end
    }
    await Self.read(store, after: number, upTo: end) { stream.yield($0) }
    return end
  }

  var isWatched: Bool { state.withLock { !$0.listeners.isEmpty } }

  /// Tells of the deltas between two apply numbers.
  func tell(of store: ReplicaStore, after: Int64, upTo end: Int64) async {
    await Self.read(store, after: after, upTo: end) { send($0) }
  }

  /// Void deltas did nothing, so there is nothing to tell.
  private static func read(
    _ store: ReplicaStore, after: Int64, upTo end: Int64, _ tell: (NumberedEvent) -> Void
  ) async {
    var place = after
    while place < end {
      let from = place
      let entries = (try? await store.read { try $0.log(after: from, limit: Self.page) }) ?? []
      guard let last = entries.last?.applied else { return }
      for entry in entries where entry.applied <= end && entry.void == nil {
        for event in events(of: entry) { tell(NumberedEvent(event, number: entry.applied)) }
      }
      place = last
    }
  }

  private static func events(of entry: HistoryEntry) -> [DeskEvent] {
    let header = entry.delta.header
    return entry.delta.changes.map { change in
      change.row.entity == Desk.ticket
        ? .ticket(change.row.id, dot: header.dot, actor: header.actor, at: header.shownAt)
        : .row(change.row, dot: header.dot, at: header.shownAt)
    }
  }

  func send(_ event: DeskEvent) { send(NumberedEvent(event)) }

  private func send(_ event: NumberedEvent) {
    state.withLock { state in
      for (number, listener) in state.listeners {
        if let lost = state.lost[number] {
          guard case .enqueued = listener.yield(NumberedEvent(.lost(lost))) else {
            state.lost[number] = lost + 1
            continue
          }
          state.lost[number] = nil
        }
        if case .dropped = listener.yield(event) { state.lost[number, default: 0] += 1 }
      }
    }
  }

  func finish() {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.finish() }
  }
}
