// A file that a client sends, on its way to the disk: hashed as it comes, whole or not at all.

package import ReplicaCore
internal import Synchronization

/// Takes a file piece by piece. Unless it is finished, nothing stays of it.
package final class BlobWriter: Sendable {
  private struct State {
    var hash = BlobHash()
    var size: UInt64 = 0
    var sinceCheck = 0
    var ended = false
  }

  private let store: BlobStore
  private let file: OpenFile
  private let state = Mutex(State())

  init(_ store: BlobStore, _ file: OpenFile) {
    self.store = store
    self.file = file
  }

  deinit { abandon() }

  /// Bytes taken so far.
  package var size: UInt64 { state.withLock { $0.size } }

  /// Takes the next piece. For one caller at a time. Throws `diskFull`, `ioFailed`.
  package func write(_ bytes: [UInt8]) throws {
    try state.withLock { state in
      state.sinceCheck += bytes.count
      if state.sinceCheck >= 1 << 20 {
        state.sinceCheck = 0
        try store.checkSpace()
      }
      try bytes.withUnsafeBytes { try file.write($0, at: state.size) }
      state.hash.update(bytes)
      state.size += UInt64(bytes.count)
    }
  }

  /// Ends the file: it is on the disk under its hash when this returns, and pinned there until
  /// ``BlobStore/unpin(_:)``.
  package func finish() throws -> BlobKey {
    try state.withLock { state in
      try file.sync()
      let key = BlobKey(hash: state.hash.finish(), size: state.size)
      try store.adopt(file, as: key, pinned: true)
      state.ended = true
      return key
    }
  }

  /// Drops what came.
  package func abandon() {
    state.withLock { state in
      if !state.ended { Folder.remove(file.path) }
      state.ended = true
    }
  }
}
