// One process owns a data directory: a second one on the same file would break SQLite's WAL.

internal import Foundation
internal import Synchronization

/// An advisory lock on a data directory, held until it is released or the process ends.
final class DirectoryLock: Sendable {
  private let descriptor: Mutex<Int32?>

  /// Takes the lock, or throws ``StoreError/locked(directory:pid:)`` naming the holder.
  init(directory: String) throws(StoreError) {
    let path = directory + "/lock"
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw .cannotOpen(path: path, cause: String(cString: strerror(errno)))
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let holder = Self.readPID(opened)
      close(opened)
      throw .locked(directory: directory, pid: holder)
    }
    let text = "\(getpid())\n"
    ftruncate(opened, 0)
    _ = text.withCString { pwrite(opened, $0, strlen($0), 0) }
    descriptor = Mutex(opened)
  }

  deinit { release() }

  /// Gives the directory free; a second call does nothing.
  func release() {
    descriptor.withLock { held in
      if let held { close(held) }
      held = nil
    }
  }

  private static func readPID(_ descriptor: Int32) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    let digits = buffer[0..<count].prefix { (0x30...0x39).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}

/// The free bytes of a volume.
enum FreeSpace {
  /// Nil where the system does not say.
  static func bytes(at path: String) -> Int64? {
    var stats = statvfs()
    guard statvfs(path, &stats) == 0 else { return nil }
    return Int64(stats.f_bavail) * Int64(stats.f_frsize)
  }
}
