// What two replicas say to each other; the transport carries it, the session decides it.

/// The first word of a connection, both ways.
package struct Hello: Hashable, Sendable {
  /// 2 adds PRESENCE; whoever speaks 1 never gets it.
  package static let currentVersion: UInt32 = 2

  package var cluster: String
  package var slot: Slot
  /// The highest protocol version the sender speaks; the lower of the two is used.
  package var protocolVersion: UInt32
  package var schemaLevel: UInt16
  package var clock: Instant
  /// Roster time minus clock, milliseconds; a drill moves it, the same on all nodes.
  package var drillOffset: Int64
  /// Digest of the set of membership records.
  package var membership: Digest

  package init(
    cluster: String, slot: Slot, protocolVersion: UInt32 = Hello.currentVersion,
    schemaLevel: UInt16, clock: Instant, drillOffset: Int64, membership: Digest
  ) {
    self.cluster = cluster
    self.slot = slot
    self.protocolVersion = protocolVersion
    self.schemaLevel = schemaLevel
    self.clock = clock
    self.drillOffset = drillOffset
    self.membership = membership
  }
}

/// Deltas in the sender's apply order, cut where every slot in it is covered by a head.
package struct DeltaBatch: Hashable, Sendable {
  package var deltas: [EncodedDelta]
  package var heads: [SignedHead]

  package init(deltas: [EncodedDelta], heads: [SignedHead]) {
    self.deltas = deltas
    self.heads = heads
  }

  package var byteCount: Int { deltas.reduce(0) { $0 + $1.byteCount } }
}

/// A vector with the chain hash at each of its dots.
package struct HeadedVector: Hashable, Sendable {
  package var vector: VersionVector
  package var hashes: [Slot: Digest]

  package init(vector: VersionVector, hashes: [Slot: Digest]) {
    self.vector = vector
    self.hashes = hashes
  }

  /// A short digest of vector and hashes, for SUMMARY.
  package var digest: UInt64 {
    var writer = ByteWriter()
    for (slot, seq) in vector.sorted {
      writer.dot(Dot(slot, seq))
      writer.raw((hashes[slot] ?? .zero).bytes)
    }
    return Digest.sha256(writer.bytes).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// Why a side ends the session. Shown to operators at both ends.
package enum ByeReason: UInt8, Hashable, Sendable {
  case shuttingDown = 1
  case otherCluster = 2
  case otherDrillClock = 3
  case protocolVersion = 4
  case notAdmitted = 5
  case removed = 6
  case fork = 7
  case badBatch = 8
  case malformed = 9
  case stalled = 10
  case paused = 11
  case duplicateLink = 12
  case overLimit = 13
}

/// One message of the sync session.
package enum SyncMessage: Hashable, Sendable {
  case hello(Hello)
  /// Membership records in their signed byte form (all of the sender's).
  case members([[UInt8]])
  /// Digest of the sender's ``HeadedVector`` and fingerprint digest at that vector.
  case summary(digest: UInt64, fingerprint: UInt64)
  /// "Send me what I lack": my vector with hashes, and bytes of credit.
  case want(HeadedVector, credit: UInt64)
  case batch(DeltaBatch)
  /// After commit: the receiver's vector now, and further credit in bytes.
  case ack(VersionVector, credit: UInt64)
  /// Fingerprint buckets, on request of `verify`.
  case bucketsRequest
  case buckets(vector: VersionVector, sums: [Fingerprint.Sum])
  /// Snapshot: ask from a byte offset of the snapshot named (nil: a fresh one).
  case snapshotRequest(id: UInt64?, offset: UInt64)
  /// A piece of the snapshot file; `hash` covers `bytes`; `total` is the file's size.
  case snapshotChunk(id: UInt64, offset: UInt64, total: UInt64, hash: Digest, bytes: [UInt8])
  case snapshotRefused(reason: String)
  /// Who is at work at the sender, all of them; no part of the replica.
  case presence([PresenceMark])
  case bye(ByeReason, String)
}

/// One agent at work, as a node tells it to its peers.
package struct PresenceMark: Hashable, Sendable {
  package var user: RowID
  /// ``RowID/none``: on no ticket.
  package var ticket: RowID
  package var isEditing: Bool
  /// Milliseconds since the agent's client said so.
  package var age: Int64

  package init(user: RowID, ticket: RowID, isEditing: Bool, age: Int64) {
    self.user = user
    self.ticket = ticket
    self.isEditing = isEditing
    self.age = age
  }
}
