// The comments of a ticket.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct CommentRoutes {
  let desk: any DeskService
  let attachments: any AttachmentService

  func add(to routes: Routes) {
    routes.get("/tickets/{id}/comments", list)
    routes.get("/tickets/{id}/comments/count", count)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    let ticket = try call.id()
    guard try await desk.ticket(ticket) != nil else { throw APIError.notFound }
    let request = try call.page()
    let page = try await comments(of: ticket, ascending: !call.query.isNewestFirst(), request, call)
    let shelf = AttachmentShelf(
      base: call.base, try await attachments.attachments(ofTicket: ticket))
    let sideloads = try await Sideloads(
      call.query.includes, users: page.rows.map(\.author), call: call, desk: desk)
    return call.pageResponse(page, request, key: "comments", sideloads: sideloads.write) {
      CommentPresenter.write($1, shelf, to: &$0)
    }
  }

  /// A viewer sees the public ones, and counts no others.
  private func comments(
    of ticket: RowID, ascending: Bool, _ request: PageRequest, _ call: Call
  ) async throws -> Page<CommentRecord> {
    guard !call.actor.role.mayReadPrivate else {
      return try await desk.comments(ticket, ascending: ascending, page: request)
    }
    var shown: [CommentRecord] = []
    var after: String?
    repeat {
      let page = try await desk.comments(
        ticket, ascending: true,
        page: .cursor(size: APILimits.pageSize, after: after, before: nil))
      shown += page.rows.filter(\.isPublic)
      after = page.hasMore ? page.afterCursor : nil
    } while after != nil
    return try KeysetList(comments: shown, of: ticket, ascending: ascending).page(request)
  }

  @Sendable private func count(_ call: Call) async throws -> Response {
    try call.mustRead()
    let ticket = try call.id()
    guard try await desk.ticket(ticket) != nil else { throw APIError.notFound }
    let page = try await comments(
      of: ticket, ascending: true, .offset(page: 1, size: 1), call)
    return .json { json in
      json.field(
        "count",
        object: { json in
          json.field("value", page.count ?? page.rows.count)
          json.null("refreshed_at")
        })
    }
  }
}

enum CommentPresenter {
  static func write(
    _ comment: CommentRecord, _ shelf: AttachmentShelf, to json: inout JSONWriter
  ) {
    json.object { json in
      json.field("id", comment.id)
      json.field("type", "Comment")
      json.field("author_id", comment.author)
      json.field("body", comment.body)
      json.field("html_body", HTMLText.html(comment.body))
      json.field("plain_body", comment.body)
      json.field("public", comment.isPublic)
      shelf.write(comment.id, to: &json)
      json.field("audit_id", AuditPresenter.id(of: comment.dot))
      json.field("via", comment.via)
      json.field("created_at", comment.createdAt)
      json.field(
        "metadata",
        object: { json in
          json.field("system", object: { _ in })
          json.field("custom", object: { _ in })
        })
    }
  }
}
