// Collects the pieces of a snapshot in a file, so that a broken transfer goes on where it was.

internal import Foundation
internal import ReplicaCore

/// A snapshot on its way into a data directory that has no database yet.
package struct SnapshotDownload: Sendable {
  package let directory: String

  /// Looks into a data directory for a transfer that was broken off.
  package init(directory: String) throws {
    self.directory = directory
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw StoreError.cannotOpen(path: directory, cause: error.localizedDescription)
    }
  }

  private static let prefix = "incoming-"

  /// The snapshot under way and the offset to ask from; nil where none is.
  package var position: (id: UInt64, offset: UInt64)? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names.sorted() where name.hasPrefix(Self.prefix) {
      guard let id = UInt64(name.dropFirst(Self.prefix.count)) else { continue }
      let attributes = try? FileManager.default.attributesOfItem(atPath: path(id))
      return (id, (attributes?[.size] as? NSNumber)?.uint64Value ?? 0)
    }
    return nil
  }

  private func path(_ id: UInt64) -> String { "\(directory)/\(Self.prefix)\(id)" }

  /// Takes the next piece. Returns whether the file is whole. Throws `snapshot` where the piece is
  /// not the one that comes next, or does not match its hash; the file is then as before.
  package func take(_ chunk: SnapshotChunk) throws -> Bool {
    guard Digest.sha256(chunk.bytes) == chunk.hash else {
      throw StoreError.snapshot("the piece at \(chunk.offset) does not match its hash")
    }
    if let position, position.id != chunk.id { try discard() }
    let offset = position?.offset ?? 0
    guard chunk.offset == offset else {
      throw StoreError.snapshot("a piece at \(chunk.offset) came, the one at \(offset) is next")
    }
    let path = path(chunk.id)
    if offset == 0 { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    guard let file = FileHandle(forUpdatingAtPath: path) else {
      throw StoreError.cannotOpen(path: path, cause: "the file cannot be written")
    }
    defer { try? file.close() }
    try file.seekToEnd()
    do {
      try file.write(contentsOf: Data(chunk.bytes))
      try file.synchronize()
    } catch {
      try? file.truncate(atOffset: offset)
      throw StoreError.ioFailed(cause: "\(error)")
    }
    return offset + UInt64(chunk.bytes.count) == chunk.total
  }

  /// Gives up the transfer.
  package func discard() throws {
    guard let position else { return }
    try FileManager.default.removeItem(atPath: path(position.id))
  }

  /// The file, once whole.
  var file: String? { position.map { path($0.id) } }
}
