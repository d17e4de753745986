// The desk as customers see it: their own requests and what was said to them, nothing else.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct RequestRoutes {
  let desk: any DeskService
  let attachments: any AttachmentService

  func add(to routes: Routes) {
    routes.get("/requests") { call in try await list(call, status(call)) }
    routes.get("/requests/open") { try await list($0, ["new", "open", "pending", "hold"]) }
    routes.get("/requests/solved") { try await list($0, ["solved", "closed"]) }
    routes.get("/requests/ccd") { call in
      try await list(call, status(call), of: .collaborator(call.actor.user))
    }
    routes.post("/requests", create)
    routes.get("/requests/{id}", show)
    routes.update("/requests/{id}", update)
    routes.get("/requests/{id}/comments", comments)
    routes.get("/requests/{id}/comments/{comment}", comment)
    routes.get("/users/{id}/requests") { call in
      try await list(call, status(call), of: .requester(call.parent(.user, in: desk)))
    }
    routes.get("/organizations/{id}/requests") { call in
      let organization = try await call.parent(.organization, in: desk)
      return try await list(call, status(call), of: .organization(organization))
    }
  }

  /// `status=open,solved`.
  private func status(_ call: Call) throws(APIError) -> [String] {
    let words = (call.query["status"] ?? "").split(separator: ",").map(String.init)
    for word in words where TicketStatus(rawValue: word) == nil {
      throw .badRequest("InvalidParameter", "There is no status \"\(word)\".")
    }
    return words
  }

  private func list(
    _ call: Call, _ statuses: [String], of term: TicketFilter.Term? = nil
  ) async throws -> Response {
    let filters =
      [TicketFilter(term ?? .requester(call.actor.user))]
      + statuses.map { TicketFilter(.status(.equal, $0)) }
    let query = TicketQuery(
      filters: filters, order: .id, ascending: try call.query.ascending() ?? true,
      page: try call.page())
    var page = try await desk.tickets(query)
    let presenter = try await presenter(page.rows, call)
    if !call.actor.role.mayRead { page.rows.removeAll { presenter.texts[$0.id] == nil } }
    let sideloads = try await Sideloads(
      includes(call), tickets: page.rows, call: call, desk: desk)
    return call.pageResponse(page, query.page, key: "requests", sideloads: sideloads.write) {
      presenter.write($1, to: &$0)
    }
  }

  /// Rows of other people are for those who may read the desk.
  private func includes(_ call: Call) -> Set<String> {
    call.actor.role.mayRead ? call.query.includes : []
  }

  private func presenter(_ tickets: [TicketRecord], _ call: Call) async throws -> RequestPresenter {
    var texts: [RowID: String] = [:]
    for ticket in tickets { texts[ticket.id] = try await firstPublicText(ticket.id) }
    return RequestPresenter(base: call.base, reader: call.actor, texts: texts)
  }

  private func firstPublicText(_ ticket: RowID) async throws -> String? {
    var cursor: String?
    repeat {
      let page = try await desk.comments(
        ticket, ascending: true,
        page: .cursor(size: APILimits.pageSize, after: cursor, before: nil))
      if let comment = page.rows.first(where: \.isPublic) { return comment.body }
      cursor = page.hasMore ? page.afterCursor : nil
    } while cursor != nil
    return nil
  }

  private func publicComments(_ ticket: RowID) async throws -> [CommentRecord] {
    var found: [CommentRecord] = []
    var cursor: String?
    repeat {
      let page = try await desk.comments(
        ticket, ascending: true,
        page: .cursor(size: APILimits.pageSize, after: cursor, before: nil))
      found += page.rows.filter(\.isPublic)
      cursor = page.hasMore ? page.afterCursor : nil
    } while cursor != nil
    return found
  }

  /// A request that the caller may see; any other is as good as none. One of which nothing public
  /// was said is the desk's own affair, whoever it is about.
  private func request(_ call: Call) async throws -> TicketRecord {
    guard let ticket = try await desk.ticket(call.id()) else { throw APIError.notFound }
    guard !call.actor.role.mayRead else { return ticket }
    let user = call.actor.user
    guard ticket.requester == user || ticket.collaborators.contains(user),
      try await firstPublicText(ticket.id) != nil
    else { throw APIError.notFound }
    return ticket
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try await answer(request(call), .ok, call)
  }

  private func answer(_ ticket: TicketRecord, _ status: HTTPResponse.Status, _ call: Call)
    async throws -> Response
  {
    let presenter = try await presenter([ticket], call)
    var response = Response.json(status) { json in
      json.key("request")
      presenter.write(ticket, to: &json)
    }
    if status == .created { response.headers[.location] = presenter.url(ticket.id) }
    return response
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let input = try TicketInput(try await call.json("request"), creating: true)
    guard let comment = input.comment else {
      throw APIError.invalid(
        "comment", .blankValue,
        "A request needs its first comment: {\"comment\": {\"body\": \"…\"}}")
    }
    var draft = RequestDraft(subject: input.edit.subject, comment: comment)
    draft.priority = input.edit.priority
    draft.type = input.edit.type
    draft.dueAt = input.edit.dueAt
    draft.fields = input.edit.fields
    let receipt = try await desk.submit(.createRequest(draft), as: call.actor)
    guard let id = receipt.created, let ticket = try await desk.ticket(id) else {
      throw APIError.notFound
    }
    return try await answer(ticket, .created, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let id = try call.id()
    var body = try await call.json("request")
    let solved = body.flag("solved") ?? false
    try body.check()
    let input = try TicketInput(body, creating: false)
    _ = try await request(call)
    _ = try await desk.submit(
      .updateRequest(id, RequestEdit(comment: input.comment, solved: solved)), as: call.actor)
    return try await answer(request(call), .ok, call)
  }

  @Sendable private func comments(_ call: Call) async throws -> Response {
    let ticket = try await request(call)
    let request = try call.page()
    let all = try await publicComments(ticket.id)
    let page = try KeysetList(
      comments: all, of: ticket.id, ascending: !call.query.isNewestFirst()
    ).page(request)
    let people = try await desk.users(Set(page.rows.map(\.author)).sorted())
    let shelf = try await files(of: ticket.id, call)
    return call.pageResponse(
      page, request, key: "comments",
      sideloads: { json in
        json.key("users")
        json.array(people) { json, user in Self.write(user, to: &json) }
      }
    ) { json, comment in Self.write(comment, ticket.id, shelf, call, to: &json) }
  }

  private func files(of ticket: RowID, _ call: Call) async throws -> AttachmentShelf {
    AttachmentShelf(base: call.base, try await attachments.attachments(ofTicket: ticket))
  }

  @Sendable private func comment(_ call: Call) async throws -> Response {
    let ticket = try await request(call)
    let id = try call.id("comment")
    guard let comment = try await publicComments(ticket.id).first(where: { $0.id == id }) else {
      throw APIError.notFound
    }
    let shelf = try await files(of: ticket.id, call)
    return .json { json in
      json.key("comment")
      Self.write(comment, ticket.id, shelf, call, to: &json)
    }
  }

  private static func write(
    _ comment: CommentRecord, _ ticket: RowID, _ shelf: AttachmentShelf, _ call: Call,
    to json: inout JSONWriter
  ) {
    json.object { json in
      json.field(
        "url", "\(call.base)/api/v2/requests/\(ticket)/comments/\(comment.id).json")
      json.field("id", comment.id)
      json.field("type", "Comment")
      json.field("request_id", ticket)
      json.field("author_id", comment.author)
      json.field("body", comment.body)
      json.field("html_body", HTMLText.html(comment.body))
      json.field("plain_body", comment.body)
      json.field("public", true)
      shelf.write(comment.id, to: &json)
      json.field("created_at", comment.createdAt)
    }
  }

  /// Of the people who speak to a customer, their names.
  private static func write(_ user: UserRecord, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", user.id)
      json.field("name", user.name)
      json.null("photo")
      json.field("agent", user.role != .endUser)
      json.field("organization_id", user.role == .endUser ? user.organization : nil)
    }
  }
}
