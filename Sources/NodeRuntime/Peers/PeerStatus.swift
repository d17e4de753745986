// What this node knows of every other node: state, data age, what is unsent.

package import ReplicaCore

/// The state of the exchange with one peer.
package struct PeerStatus: Hashable, Sendable {
  package enum Link: String, Hashable, Sendable, Codable {
    /// A live session.
    case connected
    /// Trying to reach it.
    case unreachable
    /// An operator paused it.
    case paused
    /// Refused by us or by it; `reason` says why.
    case refused
  }

  package var link = Link.unreachable
  package var reason: String?
  /// The peer's vector when it last told us.
  package var vector = VersionVector()
  /// When it last told us anything.
  package var heardAt: Instant?
  /// When it last agreed with us in everything.
  package var equalAt: Instant?
  package var clockSkewMilliseconds: Int64 = 0
  /// At equal vectors the fingerprints differed since this time.
  package var damagedSince: Instant?
  package var connectedSince: Instant?

  package init() {}

  /// Our deltas that the peer has not told us it has.
  package func unsent(own: Slot, vector mine: VersionVector) -> UInt64 {
    mine[own] - min(mine[own], vector[own])
  }

  /// Takes in what a session noted.
  package mutating func note(_ note: SessionNote, now: Instant) {
    switch note {
    case .closed(let bye, let text): return closed(bye, text)
    case .live(_, let skew):
      link = .connected
      reason = nil
      connectedSince = now
      clockSkewMilliseconds = skew
    case .peerState(let theirs, let equal):
      vector.merge(theirs)
      if equal {
        equalAt = now
        damagedSince = nil
      }
    case .fingerprintDiffers:
      damagedSince = damagedSince ?? now
    case .peerSaid(let text): reason = text
    }
    heardAt = now
  }

  private mutating func closed(_ bye: ByeReason, _ text: String) {
    switch bye {
    case .duplicateLink: return  // The other link goes on.
    case .paused: link = .paused
    case .shuttingDown, .stalled: link = .unreachable
    case .otherCluster, .otherDrillClock, .protocolVersion, .notAdmitted, .removed, .fork,
      .badBatch, .malformed, .overLimit:
      link = .refused
    }
    reason = text.isEmpty ? "\(bye)" : text
  }
}
