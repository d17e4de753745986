// One at a time, for work that waits inside.

/// A fair queue of one: `take` runs bodies one after the other, in the order they came.
package actor AsyncTurn {
  private var busy = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  package init() {}

  package func take<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
    if busy {
      await withCheckedContinuation { waiting.append($0) }
    } else {
      busy = true
    }
    defer { release() }
    return try await body()
  }

  private func release() {
    if waiting.isEmpty { busy = false } else { waiting.removeFirst().resume() }
  }
}
