// Groups of agents.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct GroupPresenter {
  let base: String

  func write(_ group: GroupRecord, to json: inout JSONWriter) {
    json.object { json in members(of: group, to: &json) }
  }

  func members(of group: GroupRecord, to json: inout JSONWriter) {
    json.field("url", url(group.id))
    json.field("id", group.id)
    json.field("is_public", true)
    json.field("name", group.name)
    json.field("description", group.description ?? "")
    json.field("default", false)
    json.field("deleted", group.deleted)
    json.field("created_at", group.createdAt)
    json.field("updated_at", group.updatedAt)
    json.field("home_office", group.home)
  }

  func url(_ group: RowID) -> String { "\(base)/api/v2/groups/\(group).json" }
}

struct GroupRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/groups") { try await list($0, user: nil) }
    routes.get("/groups/assignable") { try await list($0, user: nil) }
    routes.get("/users/{id}/groups") { call in
      try await list(call, user: call.parent(.user, in: desk))
    }
    routes.post("/groups", create)
    routes.get("/groups/count", count)
    routes.get("/groups/{id}", show)
    routes.update("/groups/{id}", update)
    routes.delete("/groups/{id}", delete)
  }

  private func list(_ call: Call, user: RowID?) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let page = try await desk.groups(of: user, page: request)
    let presenter = GroupPresenter(base: call.base)
    return call.pageResponse(page, request, key: "groups") { presenter.write($1, to: &$0) }
  }

  @Sendable private func count(_ call: Call) async throws -> Response {
    try call.mustRead()
    let page = try await desk.groups(of: nil, page: .offset(page: 1, size: 1))
    return .json { json in
      json.field(
        "count",
        object: { json in
          json.field("value", page.count ?? page.rows.count)
          json.null("refreshed_at")
        })
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(call.id(), .ok, call)
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let draft = try draft(try await call.json("group"))
    guard draft.name?.contains(where: { !$0.isWhitespace }) == true else {
      throw APIError.invalid("name", .blankValue, "A group needs a name.")
    }
    let receipt = try await desk.submit(.createGroup(draft), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let draft = try draft(try await call.json("group"))
    let id = try call.id()
    _ = try await desk.submit(.updateGroup(id, draft), as: call.actor)
    return try await answer(id, .ok, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.deleteGroup(call.id()), as: call.actor)
    return .noContent
  }

  private func draft(_ body: FieldReader) throws(DeskFailure) -> GroupDraft {
    var body = body
    let draft = GroupDraft(
      name: body.text("name"), description: body.text("description"),
      home: body.office("home_office"))
    try body.check()
    return draft
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    guard let group = try await desk.groups([id]).first else { throw APIError.notFound }
    let presenter = GroupPresenter(base: call.base)
    var response = Response.json(status) { json in
      json.key("group")
      presenter.write(group, to: &json)
    }
    if status == .created { response.headers[.location] = presenter.url(id) }
    return response
  }
}
