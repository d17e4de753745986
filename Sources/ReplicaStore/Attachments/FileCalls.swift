// The system's file calls as typed errors: no file operation of attachments goes another way.

internal import Foundation

/// An open file that is closed with its owner.
final class OpenFile: Sendable {
  let descriptor: Int32
  let path: String

  /// Throws `diskFull`, `ioFailed`; nil where there is no such file.
  init?(_ path: String, _ flags: Int32) throws(StoreError) {
    descriptor = open(path, flags | O_CLOEXEC, 0o600)
    self.path = path
    guard descriptor < 0 else { return }
    if errno == ENOENT { return nil }
    throw Self.failure("opening", path)
  }

  deinit { close(descriptor) }

  /// Writes all of the bytes at an offset.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
        off_t(offset) + off_t(done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("writing", path) }
      done += count
    }
  }

  /// Up to `count` bytes from an offset; fewer only at the end of the file.
  func read(_ count: Int, at offset: UInt64) throws(StoreError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), count - filled,
          off_t(offset) + off_t(filled))
        if got < 0, errno == EINTR { continue }
        failed = got < 0
        guard got > 0 else { return }
        filled += got
      }
    }
    if failed { throw Self.failure("reading", path) }
    return bytes
  }

  func truncate(to size: UInt64) throws(StoreError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure("cutting", path) }
  }

  /// Returns once the file is on the disk.
  func sync() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw Self.failure("syncing", path) }
  }

  var size: UInt64 {
    var info = stat()
    return fstat(descriptor, &info) == 0 ? UInt64(max(0, info.st_size)) : 0
  }

  static func failure(_ doing: String, _ path: String) -> StoreError {
    if errno == ENOSPC || errno == EDQUOT { return .diskFull(free: nil) }
    return .ioFailed(cause: "\(doing) \(path): \(String(cString: strerror(errno)))")
  }
}

/// What is done to names in folders.
enum Folder {
  static func make(_ path: String) throws(StoreError) {
    guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
    throw OpenFile.failure("making", path)
  }

  /// Gives a whole file its name for good: it is there after a power loss too.
  static func publish(_ from: String, as target: String) throws(StoreError) {
    guard rename(from, target) == 0 else { throw OpenFile.failure("renaming", from) }
    try sync((target as NSString).deletingLastPathComponent)
  }

  static func sync(_ path: String) throws(StoreError) {
    guard let folder = try OpenFile(path, O_RDONLY) else { return }
    try folder.sync()
  }

  /// Names in a folder, sorted; none where it is not there.
  static func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  static func remove(_ path: String) { unlink(path) }
}
