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
}
