// What this node applies, told to whoever listens.

internal import AgentAPI
internal import Synchronization

/// Fans events out to subscribers; a slow one loses some and is told how many.
final class DeskFeed: Sendable {
  private static let buffer = 1_000

  private struct State {
    var next = 0
    var listeners: [Int: AsyncStream<DeskEvent>.Continuation] = [:]
    var lost: [Int: Int] = [:]
  }

  private let state = Mutex(State())

  func subscribe() -> AsyncStream<DeskEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: DeskEvent.self, bufferingPolicy: .bufferingOldest(Self.buffer))
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

  var isWatched: Bool { state.withLock { !$0.listeners.isEmpty } }

  func send(_ event: DeskEvent) {
    state.withLock { state in
      for (number, listener) in state.listeners {
        if let lost = state.lost[number] {
          guard case .enqueued = listener.yield(.lost(lost)) else {
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
