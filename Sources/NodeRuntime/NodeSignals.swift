// What the parts tell the upkeep: something was committed, the membership changed, a peer spoke.

internal import ReplicaCore

/// Coalesced signals: the upkeep looks at the state, so one of a kind is enough.
final class NodeSignals: Sendable {
  enum Signal: Sendable {
    case committed
    case membershipChanged
    case peerNoted(Slot, SessionNote)
    /// A member holds this delta of a removed node, beyond its seal.
    case foundBeyondSeal(Dot)
  }

  let stream: AsyncStream<Signal>
  private let continuation: AsyncStream<Signal>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream(
      of: Signal.self, bufferingPolicy: .bufferingNewest(256))
  }

  func committed() { continuation.yield(.committed) }
  func foundBeyondSeal(_ dot: Dot) { continuation.yield(.foundBeyondSeal(dot)) }
  func membershipChanged() { continuation.yield(.membershipChanged) }
  /// Only what the upkeep acts on: peers say much, and the place for signals is short.
  func peerNoted(_ peer: Slot, _ note: SessionNote) {
    guard case .peerState(_, equal: true) = note else { return }
    continuation.yield(.peerNoted(peer, note))
  }
}
