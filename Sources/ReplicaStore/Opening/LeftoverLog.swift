// Makes the write-ahead log that an earlier process left behind durable before it is built upon.

internal import Foundation

/// The write-ahead log found when a store is opened.
///
/// A sync that failed leaves pages that can still be read and are never written to the disk: Linux
/// counts them as clean from then on, and a later sync succeeds without them. A node that ends by
/// that, starts again and appends to such a log would lose what it acknowledges after the hole at
/// the next power loss, since SQLite reads a log up to the first frame that is not whole. So the
/// same bytes are written once more, which makes the pages dirty, and synced.
enum LeftoverLog {
  /// Read and written at once, in bytes.
  private static let piece = 1 << 20

  /// Writes the log of the database at `path` again and syncs it. Nothing where there is none.
  ///
  /// Only while the directory's lock is held and before SQLite opens the file. Throws `diskFull`
  /// or `ioFailed`.
  static func settle(database path: String) throws(StoreError) {
    let descriptor = open(path + "-wal", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return }
      throw failure("opening")
    }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: piece)
    var offset: off_t = 0
    while true {
      let count = pread(descriptor, &buffer, piece, offset)
      guard count >= 0 else { throw failure("reading") }
      if count == 0 { break }
      try write(buffer[0..<count], to: descriptor, at: offset)
      offset += off_t(count)
    }
    guard offset == 0 || fsync(descriptor) == 0 else { throw failure("syncing") }
  }

  private static func write(
    _ bytes: ArraySlice<UInt8>, to descriptor: Int32, at offset: off_t
  ) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, offset + off_t(done))
      }
      guard count > 0 else { throw failure("writing") }
      done += count
    }
  }

  private static func failure(_ doing: String) -> StoreError {
    if errno == ENOSPC { return .diskFull(free: nil) }
    return .ioFailed(cause: "\(doing) the log left behind: \(String(cString: strerror(errno)))")
  }
}
