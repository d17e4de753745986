// Strangers may open sockets; how many at once is bounded.

internal import Synchronization

/// Counts a listener's connections, and those of them that are not judged yet.
final class ListenerLoad: Sendable {
  private let counts = Mutex((all: 0, pending: 0))

  func enter() throws(PeerLinkError) {
    let taken = counts.withLock { counts in
      guard counts.all < LinkLimits.connections else { return false }
      counts.all += 1
      return true
    }
    guard taken else { throw .busy(limit: LinkLimits.connections) }
  }

  func leave() { counts.withLock { $0.all -= 1 } }

  func beginHandshake() throws(PeerLinkError) {
    let taken = counts.withLock { counts in
      guard counts.pending < LinkLimits.pendingHandshakes else { return false }
      counts.pending += 1
      return true
    }
    guard taken else { throw .busy(limit: LinkLimits.pendingHandshakes) }
  }

  func endHandshake() { counts.withLock { $0.pending -= 1 } }
}
