// Private keys live in files that only their owner can read; this is the one place that touches them.

internal import Foundation

#if canImport(Glibc)
  // Which of the two defines `stat` depends on which the compiler reads first.
  internal import CoreFoundation
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What went wrong with a key file, with what to do about it.
package enum KeyFileError: Error, Hashable, Sendable {
  /// Group or others may read it (INVARIANTS, hostile input 25).
  case readableByOthers(path: String, mode: UInt32)
  case missing(path: String)
  /// Saving never overwrites a key.
  case exists(path: String)
  case notAFile(path: String)
  case notAKey(path: String)
  /// The system refused `operation`; `reason` is its own word.
  case system(path: String, operation: String, reason: String)

  /// A stable word for logs and scripts.
  package var code: String {
    switch self {
    case .readableByOthers: "key_file_readable_by_others"
    case .missing: "key_file_missing"
    case .exists: "key_file_exists"
    case .notAFile: "key_file_not_a_file"
    case .notAKey: "key_file_not_a_key"
    case .system: "key_file_io"
    }
  }

  /// What is wrong, and against what rule.
  package var message: String {
    switch self {
    case .readableByOthers(let path, let mode):
      "The key file \(path) has mode 0\(String(mode, radix: 8)): group or others can use it. "
        + "A node's key must be readable by its owner alone (0600)."
    case .missing(let path): "There is no key file at \(path)."
    case .exists(let path): "There is already a key file at \(path); it is never overwritten."
    case .notAFile(let path): "\(path) is not a regular file."
    case .notAKey(let path): "\(path) does not hold a P-256 private key in PEM form."
    case .system(let path, let operation, let reason): "Could not \(operation) \(path): \(reason)."
    }
  }

  /// What to do.
  package var hint: String {
    switch self {
    case .readableByOthers(let path, _):
      "Run: chmod 600 '\(path)'. If others were on this machine, take the node out of the cluster "
        + "(helio remove) and let it join again with a new key."
    case .missing: "Found a cluster (helio init) or join one (helio join), or restore the file."
    case .exists: "Use another data directory, or move the old key away first."
    case .notAFile: "Put the key itself there, not a directory or a device."
    case .notAKey: "Restore the file from the backup of this node, or let the node join again."
    case .system: "Check the path, its permissions and the free space, then try again."
    }
  }
}

/// One secret text in one file of mode 0600.
package struct KeyFile: Hashable, Sendable {
  /// Where the file is.
  package let path: String

  package init(path: String) { self.path = path }

  /// The node key in this file; refused while group or others have any right on the file.
  package func loadKey() throws(KeyFileError) -> NodeKey {
    let text = try loadText()
    do { return try NodeKey(pem: text) } catch { throw .notAKey(path: path) }
  }

  /// Writes the key as PEM, mode 0600 from the first byte on, synced; never over another file.
  package func save(_ key: NodeKey) throws(KeyFileError) { try saveText(key.pem) }

  /// The text of the file, under the same rule as ``loadKey()``.
  package func loadText() throws(KeyFileError) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw errno == ENOENT ? .missing(path: path) : failure("open")
    }
    defer { _ = close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure("inspect") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    let mode = UInt32(status.st_mode) & 0o7777
    guard mode & 0o077 == 0 else { throw .readableByOthers(path: path, mode: mode) }
    guard status.st_size <= TrustLimits.keyFileBytes else { throw .notAKey(path: path) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("read") }
      filled += count
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notAKey(path: path) }
    return text
  }

  /// Writes a new file with mode 0600, and its directory entry, to stable storage.
  package func saveText(_ text: String) throws(KeyFileError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw errno == EEXIST ? .exists(path: path) : failure("create")
    }
    do throws(KeyFileError) {
      defer { _ = close(file) }
      // An umask can only take rights away; an access list could add some.
      guard fchmod(file, 0o600) == 0 else { throw failure("protect") }
      try write(Array(text.utf8), to: file)
      guard fsync(file) == 0 else { throw failure("sync") }
      try syncDirectory()
    } catch {
      _ = unlink(path)
      throw error
    }
  }

  /// As ``saveText(_:)``, but in the place of what is there, which stays whole until then.
  package func replaceText(_ text: String) throws(KeyFileError) {
    let fresh = KeyFile(path: path + ".new")
    // What an interruption left behind.
    if unlink(fresh.path) != 0, errno != ENOENT { throw fresh.failure("remove") }
    try fresh.saveText(text)
    guard rename(fresh.path, path) == 0 else {
      let told = failure("replace")
      _ = unlink(fresh.path)
      throw told
    }
    try syncDirectory()
  }

  private func write(_ bytes: [UInt8], to file: Int32) throws(KeyFileError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        #if canImport(Glibc)
          Glibc.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #elseif canImport(Musl)
          Musl.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #else
          Darwin.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #endif
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("write") }
      done += count
    }
  }

  private func syncDirectory() throws(KeyFileError) {
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let directory = open(parent, O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { throw failure("open the directory of") }
    defer { _ = close(directory) }
    guard fsync(directory) == 0 else { throw failure("sync the directory of") }
  }

  private func failure(_ operation: String) -> KeyFileError {
    .system(path: path, operation: operation, reason: String(cString: strerror(errno)))
  }
}
