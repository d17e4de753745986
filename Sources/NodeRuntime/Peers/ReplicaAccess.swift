// What a peer link needs of the replica; the store stands behind it.

package import ReplicaCore

/// The replica as the sync session's driver sees it.
package protocol ReplicaAccess: Sendable {
  /// Vector, hashes and fingerprint after the last commit.
  var localState: LocalState { get }
  /// Deltas in apply order without what `excluding` covers, ended where heads cover all of it.
  func readLog(
    excluding: VersionVector, onlySlot: Slot?, after: Int64?, maxBytes: Int
  ) async throws -> (batch: DeltaBatch, next: Int64?)
  /// Verifies and commits what is new of a batch.
  func persist(_ batch: DeltaBatch, from peer: Slot) async -> ApplyOutcome
  /// The first dot where our chain differs from theirs, of the dots that both hold.
  func firstDifference(from theirs: HeadedVector) async -> Dot?
  /// A peer says that its chain differs from ours at a dot. It is said, not signed.
  func noteDifference(at dot: Dot, by peer: Slot)
  /// Vector and fingerprint buckets, read together.
  func buckets() async -> (vector: VersionVector, sums: [Fingerprint.Sum])
}

/// The membership log as a peer link sees it.
package protocol MembershipAccess: Sendable {
  /// Every record in its signed byte form.
  var membershipRecords: [[UInt8]] { get }
  var membershipDigest: Digest { get }
  /// Takes in a peer's records; true where any was new.
  func mergeMembership(_ records: [[UInt8]]) async -> Bool
}
