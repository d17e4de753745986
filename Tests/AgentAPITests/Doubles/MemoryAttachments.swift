// Files in memory, so that the routes of uploads and attachments are tested without a disk.

import AgentAPI
import HelpdeskDomain
import ReplicaCore
import Synchronization

/// Keeps uploads; tests put attachments and their states here themselves.
final class MemoryAttachments: AttachmentService {
  struct Stored {
    var shown: ShownAttachment
    var bytes: [UInt8]?
  }

  struct State {
    var files: [RowID: Stored] = [:]
    var uploads: [String: ShownUpload] = [:]
    var next: Int64 = 500
    var abandoned = 0
    /// What the next written piece is refused with.
    var refusal: DeskFailure?
  }

  let state = Mutex(State())

  var abandoned: Int { state.withLock { $0.abandoned } }
  var uploads: [String: ShownUpload] { state.withLock { $0.uploads } }

  func put(_ shown: ShownAttachment, _ bytes: [UInt8]?) {
    state.withLock { $0.files[shown.record.id] = Stored(shown: shown, bytes: bytes) }
  }

  func refuseNextPiece(_ failure: DeskFailure) { state.withLock { $0.refusal = failure } }

  func receive(
    _ request: UploadRequest, as actor: Actor
  ) async throws(DeskFailure) -> any UploadSink {
    if let token = request.token, uploads[token] == nil {
      throw .refused(.notFound(kind: "upload", id: token))
    }
    return Sink(owner: self, request: request)
  }

  func discard(upload token: String, as actor: Actor) async throws(DeskFailure) {
    guard state.withLock({ $0.uploads.removeValue(forKey: token) }) != nil else {
      throw .refused(.notFound(kind: "upload", id: token))
    }
  }

  func attachment(
    _ id: RowID, as actor: Actor
  ) async throws(DeskFailure) -> ShownAttachment? {
    actor.role == .endUser ? nil : state.withLock { $0.files[id]?.shown }
  }

  func attachments(ofTicket ticket: RowID) async throws(DeskFailure) -> [ShownAttachment] {
    state.withLock { state in
      state.files.values.map(\.shown).filter { $0.record.ticket == ticket }
        .sorted { $0.record.id < $1.record.id }
    }
  }

  func bytes(
    of attachment: AttachmentRecord
  ) async throws(DeskFailure) -> (any AttachmentBytes)? {
    state.withLock { $0.files[attachment.id]?.bytes }.map(Bytes.init)
  }

  private struct Bytes: AttachmentBytes {
    let all: [UInt8]

    func read(_ count: Int, at offset: UInt64) throws(DeskFailure) -> [UInt8] {
      Array(all.dropFirst(Int(offset)).prefix(count))
    }
  }

  private final class Sink: UploadSink {
    let owner: MemoryAttachments
    let request: UploadRequest
    let bytes = Mutex<[UInt8]>([])

    init(owner: MemoryAttachments, request: UploadRequest) {
      self.owner = owner
      self.request = request
    }

    func write(_ piece: [UInt8]) async throws(DeskFailure) {
      let refusal = owner.state.withLock { state in
        defer { state.refusal = nil }
        return state.refusal
      }
      if let refusal { throw refusal }
      bytes.withLock { $0 += piece }
    }

    func finish() async throws(DeskFailure) -> ShownUpload {
      let all = bytes.withLock { $0 }
      return owner.state.withLock { state in
        state.next += 1
        let key = BlobKey(hash: .sha256(all), size: UInt64(all.count))
        let record = AttachmentRecord(
          id: RowID(number: state.next, slot: MemoryDesk.slot), comment: .none, ticket: .none,
          fileName: request.fileName, contentType: request.contentType, key: key)
        let token = request.token ?? "token-\(state.next)"
        var upload =
          state.uploads[token]
          ?? ShownUpload(token: token, expiresAt: MemoryDesk.now + 3_600_000, files: [])
        upload.files.append(record)
        state.uploads[token] = upload
        state.files[record.id] = Stored(
          shown: ShownAttachment(record: record, state: .here), bytes: all)
        return upload
      }
    }

    func abandon() async { owner.state.withLock { $0.abandoned += 1 } }
  }
}
