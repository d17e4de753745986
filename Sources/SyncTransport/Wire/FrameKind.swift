// Frames are counted by what they carry.

package import ReplicaCore

/// The type of a message, as metrics name it.
package enum FrameKind: String, Hashable, Sendable, CaseIterable {
  case hello
  case members
  case summary
  case want
  case batch
  case ack
  case bucketsRequest = "buckets_request"
  case buckets
  case snapshotRequest = "snapshot_request"
  case snapshotChunk = "snapshot_chunk"
  case snapshotRefused = "snapshot_refused"
  case presence
  case bye
  case blobRequest = "blob_request"
  case blobChunk = "blob_chunk"
  case blobRefused = "blob_refused"

  package init(_ message: SyncMessage) {
    self =
      switch message {
      case .hello: .hello
      case .members: .members
      case .summary: .summary
      case .want: .want
      case .batch: .batch
      case .ack: .ack
      case .bucketsRequest: .bucketsRequest
      case .buckets: .buckets
      case .snapshotRequest: .snapshotRequest
      case .snapshotChunk: .snapshotChunk
      case .snapshotRefused: .snapshotRefused
      case .presence: .presence
      case .bye: .bye
      }
  }

  package init(_ message: BulkMessage) {
    self =
      switch message {
      case .request: .blobRequest
      case .chunk: .blobChunk
      case .refused: .blobRefused
      }
  }
}
