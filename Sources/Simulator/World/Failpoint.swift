// The places at which a run lets the shipped path die or fail: by name, armed by a fault, counted.

internal import ReplicaStore

/// A place in the life of a write, a batch or a session. It lies in the driver or in a closure that
/// the shipped code calls; nothing in the shipped code knows of it.
package enum Failpoint: String, CaseIterable, Sendable, Codable {
  // Own commands, in this order.
  case commitBegun = "commit_begun"
  case commitHalfDecided = "commit_half_decided"
  /// Deltas are made, no head closes them.
  case commitBeforeHead = "commit_before_head"
  case commitSigningFails = "commit_signing_fails"
  /// The head is made, nothing is written.
  case commitSealed = "commit_sealed"
  /// All rows are written, the transaction is not committed.
  case commitWritten = "commit_written"
  case commitDiskFull = "commit_disk_full"
  case commitIOError = "commit_io_error"
  /// The write-ahead log ends inside of the last transaction.
  case tornLastWrite = "torn_last_write"
  /// Durable, and nobody was told.
  case commitUnanswered = "commit_unanswered"
  /// Answered, and no peer was told.
  case commitUnpushed = "commit_unpushed"
  // Batches of peers.
  case applyBegun = "apply_begun"
  case applyHalfJudged = "apply_half_judged"
  case applyJudged = "apply_judged"
  case applyWritten = "apply_written"
  case applyDiskFull = "apply_disk_full"
  case applyIOError = "apply_io_error"
  /// Durable, and not acknowledged to the peer.
  case applyUnacknowledged = "apply_unacknowledged"
  // Sessions.
  case logReadFails = "log_read_fails"
  case crashBeforeBatch = "crash_before_batch"
  case crashAfterBatch = "crash_after_batch"
  case helloNotSent = "hello_not_sent"
  case summaryNotSent = "summary_not_sent"
  case wantNotSent = "want_not_sent"
  case batchNotSent = "batch_not_sent"
  case ackNotSent = "ack_not_sent"
  /// Power is lost again as soon as the node has started.
  case crashAtStart = "crash_at_start"

  /// What the place throws, where it lies inside of a transaction.
  var error: any Error {
    switch self {
    case .commitDiskFull, .applyDiskFull: StoreError.diskFull(free: nil)
    case .commitIOError, .applyIOError: StoreError.ioFailed(cause: "simulated")
    case .commitSigningFails: SigningFailed()
    default: PowerLost()
    }
  }
}

/// The key would not sign: the group of commands is refused as a whole.
struct SigningFailed: Error {}

/// Called at each place inside of a transaction; throws where the place is armed.
typealias Probe = (Failpoint) throws -> Void

/// How often each place made something fail.
package struct FailpointCounts: Sendable, Codable {
  package private(set) var counts: [String: Int] = [:]

  /// Nothing was hit yet.
  package init() {}

  mutating func hit(_ point: Failpoint) { counts[point.rawValue, default: 0] += 1 }

  /// Adds the counts of another run.
  package mutating func add(_ other: FailpointCounts) {
    for (name, count) in other.counts { counts[name, default: 0] += count }
  }

  /// In the order in which they are declared; places that were never hit with 0.
  package var sorted: [(name: String, count: Int)] {
    Failpoint.allCases.map { ($0.rawValue, counts[$0.rawValue] ?? 0) }
  }
}
