// Files that were uploaded to this node and that no comment took yet. They are this node's alone.

internal import Foundation
package import HelpdeskDomain
package import ReplicaCore
internal import Synchronization

/// One upload token and its files.
package struct Upload: Hashable, Sendable {
  package var token: String
  /// Who uploaded them; nobody else may attach them.
  package var user: RowID
  package var expiresAt: Instant
  package var files: [AttachmentDraft]

  package init(token: String, user: RowID, expiresAt: Instant, files: [AttachmentDraft]) {
    self.token = token
    self.user = user
    self.expiresAt = expiresAt
    self.files = files
  }
}

/// The uploads of a node: one small file for each, read at start.
package final class UploadBook: Sendable {
  private let folder: String
  private let uploads: Mutex<[String: Upload]>
  /// Held while a file is written, which may take as long as the disk likes; the uploads can be read
  /// and removed meanwhile.
  private let saving = Mutex(())

  /// Reads what an earlier run left. What cannot be read is removed: its client was not answered.
  package init(_ blobs: BlobStore) {
    folder = blobs.root + "/uploads"
    var found: [String: Upload] = [:]
    for name in Folder.names(folder) {
      let path = "\(folder)/\(name)"
      guard name.hasSuffix(Self.suffix), let data = FileManager.default.contents(atPath: path),
        let stored = try? JSONDecoder().decode(StoredUpload.self, from: data),
        let upload = stored.upload, upload.token + Self.suffix == name
      else {
        Folder.remove(path)
        continue
      }
      found[upload.token] = upload
    }
    uploads = Mutex(found)
  }

  private static let suffix = ".json"

  package var all: [Upload] { uploads.withLock { Array($0.values) } }

  package subscript(token: String) -> Upload? { uploads.withLock { $0[token] } }

  /// How much waits under a user's tokens.
  package func waiting(of user: RowID) -> (uploads: Int, bytes: UInt64) {
    uploads.withLock { uploads in
      let own = uploads.values.filter { $0.user == user }
      return (own.count, own.flatMap(\.files).reduce(0) { $0 + $1.key.size })
    }
  }

  /// Whether an upload names these bytes.
  package func names(_ hash: Digest) -> Bool {
    uploads.withLock { $0.values.contains { $0.files.contains { $0.key.hash == hash } } }
  }

  /// Adds a file to an upload of this user, or to a new one where `token` names none yet; durable
  /// when this returns. All its files live on until `expiresAt` then. Nil where the token is
  /// another user's, or goes meanwhile. It waits for the disk. Throws `diskFull`, `ioFailed`.
  package func add(
    _ file: AttachmentDraft, to token: String, of user: RowID, expiresAt: Instant
  ) throws -> Upload? {
    try saving.withLock { _ in
      let old = self[token]
      var upload = old ?? Upload(token: token, user: user, expiresAt: expiresAt, files: [])
      guard upload.user == user else { return nil }
      upload.files.append(file)
      upload.expiresAt = max(upload.expiresAt, expiresAt)
      try save(upload)
      let kept = uploads.withLock { uploads -> Upload? in
        let now = uploads[token]
        // It was removed meanwhile.
        if old != nil, now == nil { return nil }
        // A comment that takes it may have let it live longer.
        upload.expiresAt = max(upload.expiresAt, now?.expiresAt ?? expiresAt)
        uploads[token] = upload
        return upload
      }
      if kept == nil { Folder.remove(path(token)) }
      return kept
    }
  }

  /// Lets an upload live at least so long, so that it does not go while a comment takes it.
  package func extend(_ token: String, to time: Instant) {
    uploads.withLock { uploads in
      guard let old = uploads[token]?.expiresAt else { return }
      uploads[token]?.expiresAt = max(old, time)
    }
  }

  /// Removes an upload; returns its files.
  @discardableResult
  package func remove(_ token: String) -> [AttachmentDraft] {
    guard let upload = uploads.withLock({ $0.removeValue(forKey: token) }) else { return [] }
    Folder.remove(path(token))
    return upload.files
  }

  /// Removes what has expired; returns its files.
  package func expire(_ now: Instant) -> [AttachmentDraft] {
    let old = uploads.withLock { uploads in
      let old = uploads.values.filter { $0.expiresAt <= now }
      for upload in old { uploads[upload.token] = nil }
      return old
    }
    for upload in old { Folder.remove(path(upload.token)) }
    return old.flatMap(\.files)
  }

  private func path(_ token: String) -> String { "\(folder)/\(token)\(Self.suffix)" }

  private func save(_ upload: Upload) throws {
    let data = try JSONEncoder().encode(StoredUpload(upload))
    let path = path(upload.token)
    guard let file = try OpenFile(path + ".new", O_RDWR | O_CREAT | O_TRUNC) else { return }
    do {
      try data.withUnsafeBytes { try file.write($0, at: 0) }
      try file.sync()
      try Folder.publish(path + ".new", as: path)
    } catch {
      Folder.remove(path + ".new")
      throw error
    }
  }
}

/// The form of an upload on the disk.
private struct StoredUpload: Codable {
  struct File: Codable {
    var id: RowID
    var name: String
    var type: String
    var hash: String
    var size: UInt64
  }

  var token: String
  var user: RowID
  var expiresAt: Int64
  var files: [File]

  init(_ upload: Upload) {
    token = upload.token
    user = upload.user
    expiresAt = upload.expiresAt.milliseconds
    files = upload.files.map {
      File(
        id: $0.id, name: $0.fileName, type: $0.contentType, hash: $0.key.hash.description,
        size: $0.key.size)
    }
  }

  var upload: Upload? {
    var drafts: [AttachmentDraft] = []
    for file in files {
      guard let hash = Digest(hex: file.hash) else { return nil }
      drafts.append(
        AttachmentDraft(
          id: file.id, fileName: file.name, contentType: file.type,
          key: BlobKey(hash: hash, size: file.size)))
    }
    return Upload(
      token: token, user: user, expiresAt: Instant(milliseconds: expiresAt), files: drafts)
  }
}
