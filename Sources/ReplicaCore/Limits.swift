// The limits of the core, in one place.

package enum Limits {
  /// One delta, body and personal values together, in bytes.
  package static let deltaBytes = 2 << 20
  /// One batch; it holds at least one delta. Heads close at least every so many bytes.
  package static let batchBytes = 1 << 20
  /// Bytes of deltas that a receiver lets a sender have under way.
  package static let creditBytes: UInt64 = 4 << 20
  /// Between two SUMMARY messages while anything moves, in milliseconds.
  package static let summaryInterval: Int64 = 2_000
  /// Between two WANT messages where what was pushed builds on what is missing, in milliseconds.
  package static let missingInterval: Int64 = 250
  /// The longest that quiet stretches it to.
  package static let quietSummaryInterval: Int64 = 10_000
  /// A peer that says nothing for so long is closed, in milliseconds.
  package static let peerStall: Int64 = 30_000
  /// One attached file, in bytes.
  package static let attachmentBytes: UInt64 = 25 << 20
  /// One piece of a file between nodes, in bytes.
  package static let bulkChunkBytes = 128 << 10
  /// Pieces asked for and not answered yet, on one bulk connection.
  package static let bulkAhead = 8
  /// A peer that answers none of them for so long is left, in milliseconds.
  package static let bulkPatience: Int64 = 120_000
  /// A bulk connection on which nothing is asked for so long is closed, in milliseconds.
  package static let bulkIdle: Int64 = 10_000
}
