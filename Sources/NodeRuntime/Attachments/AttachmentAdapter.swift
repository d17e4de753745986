// Attached files as the API sees them: rows from the store, bytes from the disk.

internal import AgentAPI
internal import ClusterTrust
internal import Foundation
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Puts store, files and uploads behind ``AttachmentService``.
struct AttachmentAdapter: AttachmentService {
  var parts: NodeParts

  private var files: AttachmentParts { parts.attachments }

  // MARK: Uploads

  func receive(
    _ request: UploadRequest, as actor: Actor
  ) async throws(DeskFailure) -> any UploadSink {
    if let reason = parts.standing.readOnly { throw .refused(.readOnly(reason: reason)) }
    let now = parts.clock.now
    if let token = request.token {
      guard let upload = files.uploads[token], upload.user == actor.user, upload.expiresAt > now
      else { throw .refused(.notFound(kind: "upload", id: token)) }
      guard upload.files.count < StoreLimits.uploadFiles else {
        throw .refused(
          .overLimit(
            limit: "files of one upload", value: Int64(upload.files.count) + 1,
            maximum: Int64(StoreLimits.uploadFiles)))
      }
    }
    try checkPlace(for: actor, isNew: request.token == nil)
    do {
      return NodeUploadSink(
        parts: parts, writer: try files.blobs.begin(), request: request, user: actor.user)
    } catch { throw DeskAdapter.failure(error) }
  }

  /// Whether the user may have more lie about.
  private func checkPlace(for actor: Actor, isNew: Bool) throws(DeskFailure) {
    let waiting = files.uploads.waiting(of: actor.user)
    guard waiting.bytes < StoreLimits.uploadBytesPerUser else {
      throw .refused(
        .overLimit(
          limit: "bytes of your uploads that no comment took yet", value: Int64(waiting.bytes),
          maximum: Int64(StoreLimits.uploadBytesPerUser)))
    }
    guard !isNew || waiting.uploads < StoreLimits.uploadsPerUser else {
      throw .refused(
        .overLimit(
          limit: "your uploads that no comment took yet", value: Int64(waiting.uploads) + 1,
          maximum: Int64(StoreLimits.uploadsPerUser)))
    }
  }

  func discard(upload token: String, as actor: Actor) async throws(DeskFailure) {
    guard files.uploads[token]?.user == actor.user else {
      throw .refused(.notFound(kind: "upload", id: token))
    }
    await files.keeper.removeUnnamed(files.uploads.remove(token).map(\.key.hash))
  }

  // MARK: Reading

  func attachment(
    _ id: RowID, as actor: Actor
  ) async throws(DeskFailure) -> ShownAttachment? {
    if let draft = waiting(id, of: actor) {
      return ShownAttachment(record: draft.record, state: .here)
    }
    let found: AttachmentRecord?
    do {
      found = try await parts.store.read { view -> AttachmentRecord? in
        guard let record = try view.attachment(id),
          let ticket = try view.ticket(record.ticket), !ticket.deleted,
          let comment = try view.comment(record.comment), comment.ticket == ticket.id,
          actor.mayRead(comment, of: ticket)
        else { return nil }
        return record
      }
    } catch { throw DeskAdapter.failure(error) }
    guard let found else { return nil }
    return await shown(found, connected)
  }

  func attachments(
    ofTicket ticket: RowID
  ) async throws(DeskFailure) -> [ShownAttachment] {
    let records: [AttachmentRecord]
    do {
      records = try await parts.store.read { try $0.attachments(ofTicket: ticket) }
    } catch { throw DeskAdapter.failure(error) }
    let connected = connected
    var result: [ShownAttachment] = []
    for record in records { result.append(await shown(record, connected)) }
    return result
  }

  func bytes(
    of attachment: AttachmentRecord
  ) async throws(DeskFailure) -> (any AttachmentBytes)? {
    do {
      return try files.blobs.file(attachment.key).map { NodeAttachmentBytes(file: $0) }
    } catch { throw DeskAdapter.failure(error) }
  }

  private func waiting(_ id: RowID, of actor: Actor) -> AttachmentDraft? {
    files.uploads.all.filter { $0.user == actor.user }.flatMap(\.files).first { $0.id == id }
  }

  private var connected: Set<Slot> {
    Set(parts.table.status.filter { $0.value.link == .connected }.map(\.key))
  }

  private func shown(_ record: AttachmentRecord, _ connected: Set<Slot>) async -> ShownAttachment {
    let slot = record.id.slot
    let origin = parts.book.membership.member(slot)?.node.rawValue
    return ShownAttachment(
      record: record, state: await state(of: record, connected), origin: origin)
  }

  private func state(
    of record: AttachmentRecord, _ connected: Set<Slot>
  ) async -> AttachmentState {
    if record.redacted { return .redacted }
    if files.blobs.holds(record.key) { return .here }
    let (isUnderWay, have) = await files.keeper.progress(of: record.key, connected: connected)
    return isUnderWay ? .onTheWay(have: have) : .missing(have: have)
  }
}

extension AttachmentDraft {
  /// As it is shown before a comment takes it.
  fileprivate var record: AttachmentRecord {
    AttachmentRecord(
      id: id, comment: .none, ticket: .none, fileName: fileName, contentType: contentType, key: key)
  }
}

/// A file on its way in.
private struct NodeUploadSink: UploadSink {
  let parts: NodeParts
  let writer: BlobWriter
  let request: UploadRequest
  let user: RowID

  func write(_ bytes: [UInt8]) async throws(DeskFailure) {
    do { try writer.write(bytes) } catch { throw DeskAdapter.failure(error) }
  }

  func finish() async throws(DeskFailure) -> ShownUpload {
    let key: BlobKey
    do {
      key = try await parts.attachments.disk.run { [writer] in try writer.finish() }
    } catch { throw DeskAdapter.failure(error) }
    let answer: Result<ShownUpload, DeskFailure>
    do throws(DeskFailure) { answer = .success(try await noted(key)) } catch {
      answer = .failure(error)
    }
    parts.attachments.blobs.unpin(key.hash)
    if case .failure = answer { await parts.attachments.keeper.removeUnnamed([key.hash]) }
    return try answer.get()
  }

  private func noted(_ key: BlobKey) async throws(DeskFailure) -> ShownUpload {
    do {
      let id = try await parts.store.write { try $0.newRowID() }
      let file = AttachmentDraft(
        id: id, fileName: request.fileName, contentType: request.contentType, key: key)
      let (uploads, user) = (parts.attachments.uploads, user)
      let token = request.token ?? Self.newToken()
      let end = parts.clock.now + StoreLimits.uploadKept
      let upload = try await parts.attachments.disk.run {
        try uploads.add(file, to: token, of: user, expiresAt: end)
      }
      guard let upload else {
        throw DeskFailure.refused(.notFound(kind: "upload", id: token))
      }
      return ShownUpload(
        token: upload.token, expiresAt: upload.expiresAt, files: upload.files.map(\.record))
    } catch { throw DeskAdapter.failure(error) }
  }

  func abandon() async { writer.abandon() }

  /// 128 random bits; it names an upload, and only its user's login opens it.
  private static func newToken() -> String {
    UUID().uuidString.lowercased().replacing("-", with: "")
  }
}

private struct NodeAttachmentBytes: AttachmentBytes {
  let file: BlobFile

  func read(_ count: Int, at offset: UInt64) throws(DeskFailure) -> [UInt8] {
    do { return try file.read(count, at: offset) } catch { throw DeskAdapter.failure(error) }
  }
}
