// What happens to a session and what it wants done: the whole surface of the state machine.

/// What a replica knows of itself when a session decides: read after the last commit.
package struct LocalState: Hashable, Sendable {
  package var headed: HeadedVector
  /// Low 64 bits of the sum over all fingerprint buckets at that vector.
  package var fingerprint: UInt64

  package init(headed: HeadedVector, fingerprint: UInt64) {
    self.headed = headed
    self.fingerprint = fingerprint
  }
}

/// How a batch fared in the store.
package enum ApplyOutcome: Hashable, Sendable {
  /// Committed; `applied` of its deltas were new.
  case committed(applied: Int)
  /// Something before it is missing here: nothing beyond the gap was applied.
  case missing(applied: Int)
  /// A head or a link of the chain does not verify, or bytes are malformed.
  case refused(String)
  /// The same dot came with other content.
  case fork(Dot)
  /// The disk is full: nothing was applied, the peer keeps its deltas.
  case storageFull
}

package enum SessionEvent: Hashable, Sendable {
  /// The link is up and its peer's certificate was admitted.
  case opened
  case received(SyncMessage)
  /// Answer to ``SessionEffect/readLog(excluding:onlySlot:after:maxBytes:)``.
  case logRead(DeltaBatch, next: Int64?)
  /// Answer to ``SessionEffect/persist(_:)``, in the order of the batches.
  case applied(ApplyOutcome, bytes: Int)
  /// Deltas were committed here: own ones are pushed, those of others shorten the wait for the
  /// next SUMMARY.
  case committed(own: Bool)
  /// Answer to ``SessionEffect/compareHashes(_:)`` where a hash differs.
  case forkFound(Dot)
  /// Who is at work here, to be told to a peer that understands it.
  case presence([PresenceMark])
  /// The membership log grew here.
  case membershipChanged
  /// The time named by ``SessionEffect/arm(_:)`` has come.
  case tick
  /// The operator paused the link, or the node stops.
  case shutdown(ByeReason)
}

package enum SessionEffect: Hashable, Sendable {
  case send(SyncMessage)
  /// Send all membership records as `.members`.
  case sendMembers
  /// Take in records of the peer; answer with `.membershipChanged` where any was new.
  case mergeMembers([[UInt8]])
  /// Read the log in apply order without what `excluding` covers; answer with `.logRead`.
  case readLog(excluding: VersionVector, onlySlot: Slot?, after: Int64?, maxBytes: Int)
  /// Verify and commit the batch; answer with `.applied`.
  case persist(DeltaBatch)
  /// Compare the hashes at the dots that both hold; answer with `.forkFound` on a difference.
  case compareHashes(HeadedVector)
  /// Serve a snapshot from an offset on this connection.
  case serveSnapshot(id: UInt64?, offset: UInt64)
  /// A piece of a snapshot that was asked for.
  case snapshotChunk(id: UInt64, offset: UInt64, total: UInt64, hash: Digest, bytes: [UInt8])
  case sendBuckets
  /// Buckets of the peer at its vector, for `verify`.
  case bucketsReceived(VersionVector, [Fingerprint.Sum])
  /// Who is at work at the peer.
  case presenceReceived([PresenceMark])
  /// Call with `.tick` at this time; replaces the earlier one.
  case arm(Instant)
  case note(SessionNote)
  /// Close the link after what was sent.
  case close(ByeReason, String)
}

/// What people and metrics should know.
package enum SessionNote: Hashable, Sendable {
  case live(slot: Slot, clockSkewMilliseconds: Int64)
  /// The peer's state as far as it is known; `equal` when digests agree.
  case peerState(VersionVector, equal: Bool)
  /// Vectors are equal but the sums are not: a replica is damaged.
  case fingerprintDiffers
  case peerSaid(String)
  /// The session ended, by either side.
  case closed(ByeReason, String)
}
