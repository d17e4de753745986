// The bytes of attached files: each content once, under its hash, beside the database.

internal import Foundation
package import ReplicaCore
internal import Synchronization

/// Files below `attachments` in a data directory.
///
/// `blobs/ab/HASH` are whole files; `incoming` holds what a client is sending (nothing of it
/// outlives a start), `partial/HASH-SIZE` what a peer is sending (it does). A file gets its name
/// under `blobs` by a rename once it is whole and synced.
package final class BlobStore: Sendable {
  let root: String
  private let freeBytes: @Sendable (String) -> Int64?
  private let state: Mutex<State>
  /// Held while a file gets its name, which may take as long as the disk likes; what is here can be
  /// asked meanwhile.
  private let naming = Mutex(())

  private struct State {
    /// Whole files that are here, and their sizes.
    var known: [Digest: UInt64]
    /// Files that are about to be named, and by how many.
    var pins: [Digest: Int] = [:]
    /// How often each file was taken in by clients since the start.
    var arrivals: [Digest: Int] = [:]
  }

  /// Opens the folder, makes it where it is missing, and clears what was left half done.
  ///
  /// Only while the directory's lock is held. Throws `diskFull`, `ioFailed`.
  package static func open(_ options: StoreOptions) throws(StoreError) -> BlobStore {
    let root = options.directory + "/attachments"
    for folder in ["", "/blobs", "/incoming", "/partial", "/uploads"] {
      try Folder.make(root + folder)
    }
    for name in Folder.names(root + "/incoming") { Folder.remove("\(root)/incoming/\(name)") }
    return BlobStore(root: root, freeBytes: options.freeBytes)
  }

  private init(root: String, freeBytes: @escaping @Sendable (String) -> Int64?) {
    self.root = root
    self.freeBytes = freeBytes
    var found: [Digest: UInt64] = [:]
    for folder in Folder.names(root + "/blobs") {
      for name in Folder.names("\(root)/blobs/\(folder)") {
        guard let hash = Digest(hex: name),
          let file = try? OpenFile("\(root)/blobs/\(folder)/\(name)", O_RDONLY)
        else { continue }
        found[hash] = file.size
      }
    }
    state = Mutex(State(known: found))
  }

  /// Whole files that are here.
  package var all: [Digest] { state.withLock { Array($0.known.keys) } }
  package var count: Int { state.withLock { $0.known.count } }
  /// Bytes of all whole files.
  package var bytes: UInt64 { state.withLock { $0.known.values.reduce(0, +) } }

  package func holds(_ key: BlobKey) -> Bool { state.withLock { $0.known[key.hash] == key.size } }

  /// The file to read from; nil where it is not here. It can be read to its end even if it is
  /// removed meanwhile.
  package func file(_ key: BlobKey) throws(StoreError) -> BlobFile? {
    guard holds(key) else { return nil }
    guard let file = try OpenFile(path(key.hash), O_RDONLY), file.size == key.size else {
      return nil
    }
    return BlobFile(file)
  }

  /// How often the file was taken in by clients, to be given to ``remove(_:arrivals:)``: ask before
  /// finding out whether anything names it.
  package func arrivals(of hash: Digest) -> Int { state.withLock { $0.arrivals[hash] ?? 0 } }

  /// Removes the bytes, unless they are pinned, or came once more since `arrivals` was asked. What
  /// reads them goes on to the end.
  package func remove(_ hash: Digest, arrivals: Int) {
    naming.withLock { _ in
      let isGone = state.withLock { state in
        state.pins[hash] == nil && state.arrivals[hash] ?? 0 == arrivals
          && state.known.removeValue(forKey: hash) != nil
      }
      if isGone { Folder.remove(path(hash)) }
    }
  }

  /// Lets go of a file that ``BlobWriter/finish()`` pinned, once something names it.
  package func unpin(_ hash: Digest) {
    state.withLock { state in
      guard let count = state.pins[hash] else { return }
      state.pins[hash] = count > 1 ? count - 1 : nil
    }
  }

  /// Begins to take in a file whose hash is not known yet. Throws `diskFull`, `ioFailed`.
  package func begin() throws(StoreError) -> BlobWriter {
    try checkSpace()
    let path = "\(root)/incoming/\(UUID().uuidString)"
    guard let file = try OpenFile(path, O_RDWR | O_CREAT | O_EXCL) else {
      throw .ioFailed(cause: "\(root)/incoming is gone")
    }
    return BlobWriter(self, file)
  }

  /// What came of a file from peers; made empty where nothing did.
  package func partial(_ key: BlobKey) throws(StoreError) -> PartialBlob {
    try checkSpace()
    let path = "\(root)/partial/\(key.hash)-\(key.size)"
    guard let file = try OpenFile(path, O_RDWR | O_CREAT) else {
      throw .ioFailed(cause: "\(root)/partial is gone")
    }
    return try PartialBlob(self, file, key)
  }

  /// Bytes of the beginning of a file; 0 where there is none.
  package func partialBytes(_ key: BlobKey) -> UInt64 {
    let file = try? OpenFile("\(root)/partial/\(key.hash)-\(key.size)", O_RDONLY)
    return min(file?.size ?? 0, key.size)
  }

  /// Removes the beginning of a file, if there is one.
  package func removePartial(_ key: BlobKey) {
    Folder.remove("\(root)/partial/\(key.hash)-\(key.size)")
  }

  /// Removes the beginnings of files that nobody wants any more.
  package func keepPartials(of wanted: Set<BlobKey>) {
    let names = Set(wanted.map { "\($0.hash)-\($0.size)" })
    for name in Folder.names(root + "/partial") where !names.contains(name) {
      Folder.remove("\(root)/partial/\(name)")
    }
  }

  /// Throws `diskFull` where the database might soon lack space.
  func checkSpace() throws(StoreError) {
    guard let free = freeBytes(root), free < StoreLimits.attachmentReserveBytes else { return }
    throw .diskFull(free: free)
  }

  /// Gives a whole, synced file its place; a second copy of the same bytes is dropped. A pinned
  /// file is not removed before ``unpin(_:)``. It waits for the disk.
  func adopt(_ file: OpenFile, as key: BlobKey, pinned: Bool = false) throws {
    // Pinned first: what is here already must not go while its copy is looked at.
    if pinned { pin(key.hash) }
    do {
      try naming.withLock { _ in
        if holds(key), access(path(key.hash), R_OK) == 0 {
          Folder.remove(file.path)
        } else {
          try name(file, key)
          state.withLock { $0.known[key.hash] = key.size }
        }
      }
    } catch {
      if pinned { unpin(key.hash) }
      throw error
    }
  }

  private func pin(_ hash: Digest) {
    state.withLock { state in
      state.pins[hash, default: 0] += 1
      state.arrivals[hash, default: 0] += 1
    }
  }

  private func name(_ file: OpenFile, _ key: BlobKey) throws {
    let folder = "\(root)/blobs/\(key.hash.description.prefix(2))"
    if access(folder, R_OK) != 0 {
      try Folder.make(folder)
      try Folder.sync(root + "/blobs")
    }
    try Folder.publish(file.path, as: path(key.hash))
  }

  private func path(_ hash: Digest) -> String {
    let name = hash.description
    return "\(root)/blobs/\(name.prefix(2))/\(name)"
  }
}

/// A whole file, open for reading.
package struct BlobFile: Sendable {
  private let file: OpenFile
  package var size: UInt64 { file.size }

  init(_ file: OpenFile) { self.file = file }

  /// Up to `count` bytes from an offset; fewer only at the end. Throws `ioFailed`.
  package func read(_ count: Int, at offset: UInt64) throws(StoreError) -> [UInt8] {
    try file.read(count, at: offset)
  }

  /// SHA-256 over all of it, read anew from the disk.
  package func hash() throws(StoreError) -> Digest { try Self.hash(of: file) }

  static func hash(of file: OpenFile) throws(StoreError) -> Digest {
    var hash = BlobHash()
    var offset: UInt64 = 0
    while true {
      let piece = try file.read(StoreLimits.filePieceBytes, at: offset)
      if piece.isEmpty { break }
      hash.update(piece)
      offset += UInt64(piece.count)
    }
    return hash.finish()
  }
}
