// All links of a node by peer, so that a removed node's can be closed at once.

internal import NIOCore
internal import Synchronization

/// The list of links whose peer has proved a key, from before its verdict until they are closed.
package final class PeerLinks: Sendable {
  private struct Entry {
    var peer: PeerIdentity
    var purpose: LinkPurpose
    var control: LinkControl
    var admitted = false
  }

  private struct State {
    var next: UInt64 = 0
    var entries: [UInt64: Entry] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// Lists a link until its channel is closed; returns its number.
  func add(_ peer: PeerIdentity, _ purpose: LinkPurpose, _ control: LinkControl) -> UInt64 {
    let number = state.withLock {
      $0.next += 1
      $0.entries[$0.next] = Entry(peer: peer, purpose: purpose, control: control)
      return $0.next
    }
    control.channel.closeFuture.whenComplete { [weak self] _ in
      _ = self?.state.withLock { $0.entries.removeValue(forKey: number) }
    }
    return number
  }

  /// From here on the link's user has it.
  func admit(_ number: UInt64) { state.withLock { $0.entries[number]?.admitted = true } }

  /// Admitted peers that have a link for `purpose`, one entry for each link.
  package func peers(for purpose: LinkPurpose = .sync) -> [PeerIdentity] {
    state.withLock { state in
      state.entries.sorted { $0.key < $1.key }.map(\.value)
        .filter { $0.purpose == purpose && $0.admitted }.map(\.peer)
    }
  }

  /// Closes every link whose peer fits, within the shutdown timeout (1 s): the users of the links
  /// get ``PeerLinkError/closed(_:)`` with `reason`. Change what the check answers first: a link
  /// that is being judged meanwhile is then either listed here or refused.
  ///
  /// - Returns: how many links that were.
  @discardableResult
  package func closeAll(
    reason: String, where fits: @Sendable (PeerIdentity) -> Bool = { _ in true }
  ) -> Int {
    let found = state.withLock { $0.entries.values.filter { fits($0.peer) }.map(\.control) }
    for control in found { control.close(reason) }
    return found.count
  }
}
