// Serving snapshots to joiners.

package import ReplicaCore

/// Gives out pieces of a snapshot.
package protocol SnapshotSource: Sendable {
  /// The piece at an offset of snapshot `id` (nil: a fresh one), or a refusal with its reason.
  func chunk(of id: UInt64?, at offset: UInt64) async -> SyncMessage
}
