// Files of comments: what they are, their bytes, and taking these away.

internal import HelpdeskDomain
internal import Hummingbird
internal import NIOCore
internal import ReplicaCore

struct AttachmentRoutes {
  let desk: any DeskService
  let attachments: any AttachmentService

  func add(to routes: Routes) {
    routes.get("/attachments/{id}", show)
    routes.get("/attachments/{id}/content", content)
    routes.put("/tickets/{id}/comments/{comment}/attachments/{attachment}/redact", redact)
  }

  private func attachment(_ id: RowID, _ call: Call) async throws -> ShownAttachment {
    guard let found = try await attachments.attachment(id, as: call.actor) else {
      throw APIError.notFound
    }
    return found
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    answer(try await attachment(call.id(), call), call)
  }

  private func answer(_ shown: ShownAttachment, _ call: Call) -> Response {
    .json { json in
      json.key("attachment")
      AttachmentPresenter(base: call.base).write(shown, to: &json)
    }
  }

  @Sendable private func redact(_ call: Call) async throws -> Response {
    let id = try call.id("attachment")
    _ = try await desk.submit(
      .redactAttachment(id, comment: call.id("comment"), ticket: call.id()), as: call.actor)
    return answer(try await attachment(id, call), call)
  }

  @Sendable private func content(_ call: Call) async throws -> Response {
    let shown = try await attachment(call.id(), call)
    guard shown.state != .redacted else { throw APIError.notFound }
    guard let bytes = try await attachments.bytes(of: shown.record) else {
      throw APIError.notHere(shown)
    }
    let size = shown.record.key.size
    var headers: HTTPFields = [
      .contentType: ContentKind.serving(shown.record.contentType), .acceptRanges: "bytes",
      .contentDisposition: ContentDisposition.attachment(shown.record.fileName),
      .contentSecurityPolicy: "sandbox; default-src 'none'; frame-ancestors 'none'",
    ]
    switch ByteSpan.asked(call.request.headers[.range], size: size) {
    case .whole:
      let span = ByteSpan(start: 0, count: size)
      return Response(status: .ok, headers: headers, body: body(bytes, span))
    case .part(let span):
      headers[.contentRange] = "bytes \(span.start)-\(span.start + span.count - 1)/\(size)"
      return Response(status: .partialContent, headers: headers, body: body(bytes, span))
    case .unsatisfiable: throw APIError.rangeOutside(size)
    }
  }

  private func body(_ bytes: any AttachmentBytes, _ span: ByteSpan) -> ResponseBody {
    ResponseBody(contentLength: Int(clamping: span.count)) { writer in
      var offset = span.start
      let end = span.start + span.count
      while offset < end {
        let piece = try bytes.read(
          Int(min(UInt64(APILimits.filePieceBytes), end - offset)), at: offset)
        // A file that was cut short on the disk must not look whole.
        guard !piece.isEmpty else { throw AttachmentCutShort() }
        try await writer.write(ByteBuffer(bytes: piece))
        offset += UInt64(piece.count)
      }
      try await writer.finish(nil)
    }
  }
}

/// The file on the disk ended before it should.
private struct AttachmentCutShort: Error {}

extension APIError {
  static let fileTooLarge = APIError(
    status: .contentTooLarge, error: "AttachmentTooLarge",
    description: "The file is larger than \(Limits.attachmentBytes) bytes (25 MiB), the limit of "
      + "one file; nothing was kept. Send less, or a link to it.",
    closes: true)

  static func rangeOutside(_ size: UInt64) -> APIError {
    APIError(
      status: .rangeNotSatisfiable, error: "RangeNotSatisfiable",
      description: "The file has \(size) bytes; the range asked for begins after them.")
  }

  /// The bytes are not on this node.
  static func notHere(_ shown: ShownAttachment) -> APIError {
    let origin = shown.origin.map { " They were added at \($0)." } ?? ""
    switch shown.state {
    case .onTheWay(let have):
      return APIError(
        status: .serviceUnavailable, error: "AttachmentOnTheWay",
        description: "The bytes of this file are on their way to this node: \(have) of "
          + "\(shown.record.key.size) are here.\(origin) Repeat in some seconds.",
        retryAfter: 5)
    case .here, .missing, .redacted:
      return APIError(
        status: .serviceUnavailable, error: "AttachmentMissing",
        description: "The bytes of this file are not on this node, and no connected node has "
          + "them.\(origin) They come by themselves once a node that has them can be reached.",
        retryAfter: 60)
    }
  }
}
