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

  /// One subscriber.
  private final class Listener: Sendable {
    private let stream: AsyncStream<NumberedEvent>.Continuation
    /// Events that found no place since the last one that did.
    private let lost = Atomic(0)

    init(_ stream: AsyncStream<NumberedEvent>.Continuation) { self.stream = stream }

    func send(_ event: NumberedEvent) {
      let missed = lost.exchange(0, ordering: .relaxed)
      if missed > 0, case .dropped = stream.yield(NumberedEvent(.lost(missed))) {
        lost.add(missed + 1, ordering: .relaxed)
      } else if case .dropped = stream.yield(event) {
        lost.add(1, ordering: .relaxed)
      }
    }

    func finish() { stream.finish() }
  }

  private struct State {
    var next = 0
    var listeners: [Int: Listener] = [:]
  }

  /// Never held while a listener is woken: waking a task takes the lock under which the runtime
  /// cancels it, and a cancelled listener leaves by taking this one.
  private let state = Mutex(State())

  /// What comes; first where that begins, so that who is cut off before the first event misses none.
  func subscribe(in store: ReplicaStore) -> AsyncStream<NumberedEvent> {
    // Read first: what is applied in between is behind the place, and told at least once.
    subscribe(beginning: NumberedEvent(.begun, number: store.appliedNumber))
  }

  func subscribe(beginning first: NumberedEvent? = nil) -> AsyncStream<NumberedEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: NumberedEvent.self, bufferingPolicy: .bufferingOldest(Self.buffer))
    if let first { continuation.yield(first) }
    let number = state.withLock { state in
      state.next += 1
      state.listeners[state.next] = Listener(continuation)
      return state.next
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
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
    let listener = Listener(continuation)
    let task = Task {
      let last = await Self.replay(after: number, in: store, to: listener)
      for await event in live {
        if let number = event.number, number <= last { continue }
        listener.send(event)
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  /// Returns the number up to which the log was read.
  private static func replay(
    after number: Int64, in store: ReplicaStore, to listener: Listener
  ) async -> Int64 {
    let end = store.appliedNumber
    // A number beyond ours was given out by another database; one too far back is not read.
    guard number <= end, end - number <= Int64(APILimits.eventsReplayed) else {
      listener.send(NumberedEvent(.lost(number <= end ? Int(end - number) : nil)))
      return end
    }
    await Self.read(store, after: number, upTo: end) { listener.send($0) }
    return end
  }

  var isWatched: Bool { state.withLock { !$0.listeners.isEmpty } }

  /// Tells of the deltas between two apply numbers.
  func tell(of store: ReplicaStore, after: Int64, upTo end: Int64) async {
    await Self.read(store, after: after, upTo: end) { send($0) }
  }

  /// Void deltas did nothing, so there is nothing to tell. What cannot be read is told as lost.
  private static func read(
    _ store: ReplicaStore, after: Int64, upTo end: Int64, _ tell: (NumberedEvent) -> Void
  ) async {
    var place = after
    while place < end {
      let from = place
      let entries = (try? await store.read { try $0.log(after: from, limit: Self.page) }) ?? []
      guard let last = entries.last?.applied else {
        return tell(NumberedEvent(.lost(Int(end - place))))
      }
      for entry in entries where entry.applied <= end && entry.void == nil {
        let events = events(of: entry)
        for (index, event) in events.enumerated() {
          tell(
            NumberedEvent(
              event, number: entry.applied, isFollowed: index + 1 < events.count))
        }
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
    for listener in listeners { listener.send(event) }
  }

  func finish() {
    for listener in listeners { listener.finish() }
  }

  private var listeners: [Listener] { state.withLock { Array($0.listeners.values) } }
}
