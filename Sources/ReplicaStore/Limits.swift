// The limits of the store, in one place.

package enum StoreLimits {
  /// The write-ahead log is cut back to this size, in bytes.
  package static let walBytes = 64 << 20
  /// Pages after which a commit checkpoints without waiting for readers.
  static let checkpointPages = 2_000
  /// From this size of the write-ahead log on a commit cuts it back, once no reader needs it.
  package static let walPressureBytes = 48 << 20
  /// From this size on a commit waits for readers to do so.
  static let walMostBytes = 512 << 20
  /// Page cache of the writing connection, in KiB.
  static let writerCacheKiB = 65_536
  /// Page cache of each reading connection, in KiB.
  static let readerCacheKiB = 8_192
  package static let readers = 4
  /// How long a connection waits for a lock, in seconds.
  package static let busySeconds = 5.0
  /// Below this many free bytes no write begins, so that what is written can be checkpointed.
  package static let reserveBytes: Int64 = 16 << 20
  /// Below this many free bytes no file is taken in: the database comes first.
  package static let attachmentReserveBytes: Int64 = 64 << 20
  /// A file is read and written in pieces of so many bytes.
  package static let filePieceBytes = 256 << 10
  /// An uploaded file that no comment took goes after so long, in milliseconds.
  package static let uploadKept: Int64 = 3_600_000
  /// Files of one upload token.
  package static let uploadFiles = 50
  /// One user's uploads that no comment took yet.
  package static let uploadsPerUser = 500
  /// Their bytes.
  package static let uploadBytesPerUser: UInt64 = 1 << 30
  /// The files of a deleted ticket go after so long, in milliseconds.
  package static let deletedFilesKept: Int64 = 30 * 86_400_000
  /// Rows that a list may return on one page.
  package static let pageRows = 1_000
  /// Offset paging reaches no further.
  package static let offsetRows = 10_000
}
