// How much a session lets be under way; the limits, unless a test or the simulator draws others.

/// Sizes of the flow control of a session, in bytes.
package struct SessionFlow: Hashable, Sendable {
  /// What a receiver lets a sender have under way.
  package var credit: UInt64
  /// One batch; it holds at least one delta.
  package var batch: Int

  package init(credit: UInt64 = Limits.creditBytes, batch: Int = Limits.batchBytes) {
    self.credit = credit
    self.batch = batch
  }
}
