// The limits of the transport, in one place.

internal import ReplicaCore

/// Sizes and counts that no peer can exceed.
package enum LinkLimits {
  /// One frame without its 4-byte length, in bytes.
  package static let frameBytes = 4 << 20
  /// A batch once inflated, in bytes: what its deltas may need beside their 2 MiB is far less.
  package static let batchBytes = 4 << 20
  /// Deltas in one batch.
  package static let batchDeltas = 1 << 17
  /// Entries of one version vector: there are no more slots.
  package static let vectorEntries = 9_999
  /// Membership records in one frame.
  package static let memberRecords = 1 << 16
  /// Agents in one PRESENCE.
  package static let presenceMarks = 4_096
  /// Batches below this many bytes go uncompressed.
  package static let compressFrom = 512
  /// Bytes that may wait in memory to be written to one peer, a frame that is being sent apart.
  package static let outboundBytes = 8 << 20
  /// Inbound frames that may wait for the consumer; reading stops at the upper one.
  package static let inboundFrames = (low: 1, high: 4)
  /// A frame of the join exchange, in bytes.
  package static let joinFrameBytes = 1 << 20
  /// Connections to one listener that have not finished their handshake.
  package static let pendingHandshakes = 64
  /// Connections to one listener, all together.
  package static let connections = 512
  /// A peer's leaf certificate in DER, in bytes.
  package static let leafBytes = 16 << 10
  /// A peer makes progress with a whole frame or with so many bytes.
  package static let progressBytes = 1 << 10
}

/// How long a link waits; injected so that tests need not.
package struct LinkTimeouts: Hashable, Sendable {
  /// TCP connect.
  package var connect = Duration.seconds(10)
  /// From the accepted or connected socket to the verdict on the peer.
  package var handshake = Duration.seconds(10)
  /// Silence, or a frame that does not get on.
  package var stall = Duration.milliseconds(Limits.peerStall)
  /// Sent bytes that the other machine does not acknowledge (TCP_USER_TIMEOUT).
  package var unacknowledged = Duration.seconds(30)
  /// A peer that keeps talking and does not read.
  package var unwritable = Duration.seconds(120)
  /// The whole join exchange.
  package var join = Duration.seconds(30)
  /// How long a closing side waits for the other's close_notify.
  package var shutdown = Duration.seconds(1)

  package init() {}
}
