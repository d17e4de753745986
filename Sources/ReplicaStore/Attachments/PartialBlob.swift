// A file that peers send: kept over cuts and restarts, shown only once its hash is right.

package import ReplicaCore
internal import Synchronization

/// The beginning of a file. For one writer at a time.
package final class PartialBlob: Sendable {
  package let key: BlobKey
  private let store: BlobStore
  private let file: OpenFile
  private let length: Mutex<UInt64>

  init(_ store: BlobStore, _ file: OpenFile, _ key: BlobKey) throws(StoreError) {
    self.store = store
    self.file = file
    self.key = key
    var size = file.size
    if size > key.size {
      try file.truncate(to: 0)
      size = 0
    }
    length = Mutex(size)
  }

  /// Bytes that are here.
  package var have: UInt64 { length.withLock { $0 } }
  package var isWhole: Bool { have == key.size }

  /// Adds the bytes that follow ``have``. Throws `diskFull`, `ioFailed`; the file is then as it
  /// was before.
  package func append(_ bytes: [UInt8]) throws {
    try length.withLock { length in
      guard length + UInt64(bytes.count) <= key.size else {
        throw StoreError.badQuery("\(bytes.count) bytes at \(length) go beyond \(key)")
      }
      do {
        try bytes.withUnsafeBytes { try file.write($0, at: length) }
      } catch {
        try? file.truncate(to: length)
        throw error
      }
      length += UInt64(bytes.count)
    }
  }

  /// Checks the hash over the whole file, read back from the disk. Where it is right the file is
  /// kept for good, and the answer is true; else all of it is dropped.
  package func finish() throws -> Bool {
    guard isWhole, try BlobFile.hash(of: file) == key.hash else {
      try discard()
      return false
    }
    try file.sync()
    try store.adopt(file, as: key)
    return true
  }

  /// Gives the file up, its name in the folder included.
  package func remove() { Folder.remove(file.path) }

  /// Drops what came.
  package func discard() throws {
    try length.withLock { length in
      try file.truncate(to: 0)
      length = 0
    }
  }
}
