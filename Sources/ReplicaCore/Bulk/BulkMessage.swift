// What goes over a bulk connection: requests for pieces of files, and their answers.

/// Why a node does not send a piece.
package enum BulkRefusal: UInt8, Hashable, Sendable {
  /// These bytes are not on this node, or not yet.
  case notHere = 1
  /// The file cannot be read here.
  case unreadable = 2
}

/// One message between two nodes beside their sync session. Requests are answered in the order in
/// which they came, each by exactly one chunk or one refusal.
package enum BulkMessage: Hashable, Sendable {
  case request(BlobRange)
  case chunk(hash: Digest, offset: UInt64, bytes: [UInt8])
  case refused(hash: Digest, BulkRefusal)
}
