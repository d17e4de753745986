// A snapshot is the replicated part of a store at one commit, as a file that can be sent.

package import ReplicaCore

/// A snapshot that lies ready to be sent.
package struct SnapshotInfo: Hashable, Sendable {
  /// Names it between the two ends; a joiner resumes under it.
  package var id: UInt64
  package var bytes: UInt64
  /// What it contains.
  package var vector: VersionVector
}

/// A piece of a snapshot.
package struct SnapshotChunk: Hashable, Sendable {
  package var id: UInt64
  package var offset: UInt64
  /// The whole file's size.
  package var total: UInt64
  /// SHA-256 of `bytes`.
  package var hash: Digest
  package var bytes: [UInt8]

  package init(id: UInt64, offset: UInt64, total: UInt64, hash: Digest, bytes: [UInt8]) {
    self.id = id
    self.offset = offset
    self.total = total
    self.hash = hash
    self.bytes = bytes
  }
}
