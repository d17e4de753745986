// Uploads: a file comes as the raw body, and waits under a token for a comment to take it.

internal import HelpdeskDomain
internal import Hummingbird
internal import NIOCore
internal import ReplicaCore

struct UploadRoutes {
  let attachments: any AttachmentService

  func add(to routes: Routes) {
    routes.post("/uploads", upload)
    routes.delete("/uploads/{token}", discard)
  }

  @Sendable private func upload(_ call: Call) async throws -> Response {
    guard call.actor.mayUpload else {
      throw APIError.forbidden(
        "The role \(call.actor.role.rawValue) may not attach files; it needs light_agent, agent, "
          + "lead or admin.")
    }
    let request = UploadRequest(
      fileName: try fileName(call),
      contentType: ContentKind.declared(call.request.headers[.contentType]),
      token: call.query["token"])
    let sink = try await attachments.receive(request, as: call.actor)
    let upload: ShownUpload
    do {
      let size = try await UploadBody(call).write(to: sink)
      guard size > 0 else {
        throw APIError.invalid(
          "base", .blankValue, "The file is empty; send its bytes as the body.")
      }
      upload = try await sink.finish()
    } catch {
      await sink.abandon()
      throw error
    }
    return .json(.created) { json in
      json.field("upload", object: { write(upload, call, to: &$0) })
    }
  }

  private func write(_ upload: ShownUpload, _ call: Call, to json: inout JSONWriter) {
    let presenter = AttachmentPresenter(base: call.base)
    let files = upload.files.map { ShownAttachment(record: $0, state: .here) }
    json.field("token", upload.token)
    json.field("expires_at", upload.expiresAt)
    if let newest = files.last {
      json.key("attachment")
      presenter.write(newest, to: &json)
    }
    json.key("attachments")
    json.array(files) { presenter.write($1, to: &$0) }
  }

  /// The last part of the path that a client may send, as browsers once did.
  private func fileName(_ call: Call) throws -> String {
    guard let given = call.query["filename"] else {
      throw APIError.badRequest(
        "InvalidParameter", "filename must be given: /api/v2/uploads?filename=photo.png")
    }
    let name = given.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
    let count = name.unicodeScalars.count
    guard count <= DeskLimits.fileNameCharacters else {
      throw APIError.badRequest(
        "InvalidParameter",
        "filename has \(count) characters; at most \(DeskLimits.fileNameCharacters) go.")
    }
    guard !name.allSatisfy(\.isWhitespace), AttachmentRules.isFileName(name) else {
      throw APIError.badRequest(
        "InvalidParameter",
        "filename must be a name without control characters; it is not blank, \".\" or \"..\".")
    }
    return name
  }

  @Sendable private func discard(_ call: Call) async throws -> Response {
    try await attachments.discard(upload: call.text("token"), as: call.actor)
    return .noContent
  }
}

/// The body of an upload: as long as a file may be, at any speed that gets on, never in memory.
struct UploadBody {
  private let call: Call
  private let announced: UInt64?

  init(_ call: Call) {
    self.call = call
    announced = call.request.headers[.contentLength].flatMap { UInt64($0) }
  }

  /// Hands all of the body to the sink; returns its size. A body over the limit is read on for a
  /// while and thrown away, so that its sender hears the answer.
  func write(to sink: any UploadSink) async throws -> UInt64 {
    let clock = UploadClock(call.context)
    defer { clock.stop() }
    var size: UInt64 = 0
    var isOver = (announced ?? 0) > Limits.attachmentBytes
    if isOver, (announced ?? 0) > APILimits.uploadDrainBytes { throw call.closing(.fileTooLarge) }
    for try await buffer in call.request.body {
      size += UInt64(buffer.readableBytes)
      clock.moved(to: size)
      isOver = isOver || size > Limits.attachmentBytes
      guard !isOver else {
        // What came so far is of no use.
        await sink.abandon()
        guard size <= APILimits.uploadDrainBytes else { throw call.closing(.fileTooLarge) }
        continue
      }
      try await sink.write(Array(buffer.readableBytesView))
    }
    guard !isOver else { throw APIError.fileTooLarge }
    if let announced, size != announced {
      throw call.closing(
        .badRequest("InvalidBody", "The body ended after \(size) of \(announced) bytes; repeat."))
    }
    return size
  }
}

/// Ends a connection whose body does not get on: some seconds, and more for every byte that came.
final class UploadClock {
  private let channel: any Channel
  private let patience: Int64
  private let start = NIODeadline.now()
  private var deadline: Scheduled<Void>
  private var allowed: Int64

  init(_ context: AgentContext) {
    let channel = context.channel
    self.channel = channel
    patience = context.timeoutSeconds
    allowed = patience
    deadline = channel.eventLoop.scheduleTask(in: .seconds(patience)) {
      channel.close(promise: nil)
    }
  }

  func moved(to size: UInt64) {
    let more = patience + Int64(size / APILimits.uploadBytesPerSecond)
    guard more > allowed else { return }
    allowed = more
    deadline.cancel()
    deadline = channel.eventLoop.scheduleTask(deadline: start + .seconds(more)) { [channel] in
      channel.close(promise: nil)
    }
  }

  func stop() { deadline.cancel() }
}
