// The live links and what is known of every peer, behind one lock so that commits can tell them.

package import ReplicaCore
internal import Synchronization

/// Live links by slot, and the status of every peer.
package final class LinkTable: Sendable {
  private struct State {
    var links: [Slot: PeerLink] = [:]
    var status: [Slot: PeerStatus] = [:]
    var paused: Set<Slot> = []
    var allPaused = false
  }

  /// Two links that opened within this time raced; the one dialled by the lower slot stays.
  private static let race: Int64 = 5_000

  private let state = Mutex(State())
  private let own: Slot
  private let now: @Sendable () -> Instant

  package init(own: Slot, now: @escaping @Sendable () -> Instant) {
    self.own = own
    self.now = now
  }

  /// Tells every link's session.
  package func tell(_ event: SessionEvent) {
    for link in state.withLock({ Array($0.links.values) }) { link.tell(event) }
  }

  /// Enters a link; answers which link gives way, be it the older one or the new one itself.
  package func enter(_ link: PeerLink) -> PeerLink? {
    state.withLock { state in
      guard let old = state.links[link.peer] else {
        state.links[link.peer] = link
        return nil
      }
      let byLower = (own < link.peer) == old.dialledByUs
      let raced = link.openedAt - old.openedAt < Self.race
      if raced, byLower, old.dialledByUs != link.dialledByUs { return link }
      state.links[link.peer] = link
      return old
    }
  }

  package func leave(_ link: PeerLink, reason: String?) {
    state.withLock { state in
      guard state.links[link.peer] === link else { return }
      state.links[link.peer] = nil
      var status = state.status[link.peer] ?? PeerStatus()
      if status.link == .connected { status.link = .unreachable }
      status.connectedSince = nil
      if let reason { status.reason = reason }
      state.status[link.peer] = status
    }
  }

  package func link(to peer: Slot) -> PeerLink? { state.withLock { $0.links[peer] } }
  package var links: [PeerLink] { state.withLock { Array($0.links.values) } }
  package var status: [Slot: PeerStatus] { state.withLock { $0.status } }

  package func note(_ peer: Slot, _ note: SessionNote) {
    let now = now()
    state.withLock { $0.status[peer, default: PeerStatus()].note(note, now: now) }
  }

  package func failed(_ peer: Slot, _ link: PeerStatus.Link, _ reason: String) {
    state.withLock { state in
      guard state.links[peer] == nil else { return }
      state.status[peer, default: PeerStatus()].link = link
      state.status[peer, default: PeerStatus()].reason = reason
    }
  }

  // MARK: Pausing

  package func isPaused(_ peer: Slot) -> Bool {
    state.withLock { $0.allPaused || $0.paused.contains(peer) }
  }

  /// Stops talking to a peer (nil: to all) until resumed; live links say BYE.
  package func pause(_ peer: Slot?) {
    let closing = state.withLock { state in
      if let peer { state.paused.insert(peer) } else { state.allPaused = true }
      let closing = state.links.values.filter { peer == nil || $0.peer == peer }
      for link in closing { state.status[link.peer, default: PeerStatus()].link = .paused }
      return closing
    }
    for link in closing { link.tell(.shutdown(.paused)) }
  }

  package func resume(_ peer: Slot?) {
    state.withLock { state in
      if let peer {
        state.paused.remove(peer)
      } else {
        state.paused = []
        state.allPaused = false
      }
    }
  }
}
