// The limits of the store, in one place.

package enum StoreLimits {
  /// The write-ahead log is cut back to this size, in bytes.
  package static let walBytes = 64 << 20
  /// Pages after which a commit checkpoints without waiting for readers.
  static let checkpointPages = 2_000
  /// From this size of the write-ahead log on a commit waits for readers to checkpoint it whole.
  static let walPressureBytes = 48 << 20
  /// Page cache of the writing connection, in KiB.
  static let writerCacheKiB = 65_536
  /// Page cache of each reading connection, in KiB.
  static let readerCacheKiB = 8_192
  package static let readers = 4
  /// How long a connection waits for a lock, in seconds.
  static let busySeconds = 5.0
  /// Below this many free bytes no write begins, so that what is written can be checkpointed.
  package static let reserveBytes: Int64 = 16 << 20
  /// Rows that a list may return on one page.
  package static let pageRows = 1_000
  /// Offset paging reaches no further.
  package static let offsetRows = 10_000
}
