// Who belongs to which group.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct MembershipRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/group_memberships") { try await list($0) }
    routes.get("/group_memberships/assignable") { try await list($0) }
    routes.get("/groups/{id}/memberships") { call in
      try await list(call, group: call.parent(.group, in: desk))
    }
    routes.get("/users/{id}/group_memberships") { call in
      try await list(call, user: call.parent(.user, in: desk))
    }
    routes.post("/group_memberships", create)
    routes.get("/group_memberships/{id}", show)
    routes.delete("/group_memberships/{id}", delete)
  }

  private func list(_ call: Call, user: RowID? = nil, group: RowID? = nil) async throws
    -> Response
  {
    try call.mustRead()
    let request = try call.page()
    let page = try await desk.memberships(
      MembershipQuery(
        user: user ?? call.query.id("user_id"), group: group ?? call.query.id("group_id"),
        page: request))
    let sideloads = try await Sideloads(
      call.query.includes, users: page.rows.map(\.user), groups: page.rows.map(\.group),
      call: call, desk: desk)
    return call.pageResponse(
      page, request, key: "group_memberships", sideloads: sideloads.write
    ) { json, membership in
      write(membership, call, to: &json)
    }
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    var body = try await call.json("group_membership")
    let user = body.id("user_id")
    let group = body.id("group_id")
    let isDefault = body.flag("default") ?? false
    for key in ["user_id", "group_id"] where !body.has(key) {
      body.problem(key, .blankValue, "\(key) must be given")
    }
    try body.check()
    guard let user, let group else {
      throw APIError.invalid("base", .blankValue, "user_id and group_id must be given")
    }
    let receipt = try await desk.submit(
      .addMembership(user: user, group: group, isDefault: isDefault), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(call.id(), .ok, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.removeMembership(call.id()), as: call.actor)
    return .noContent
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    let page = try await desk.memberships(
      MembershipQuery(id: id, page: .cursor(size: 1, after: nil, before: nil)))
    guard let membership = page.rows.first else { throw APIError.notFound }
    var response = Response.json(status) { json in
      json.key("group_membership")
      write(membership, call, to: &json)
    }
    if status == .created { response.headers[.location] = url(id, call) }
    return response
  }

  private func write(_ membership: MembershipRecord, _ call: Call, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", url(membership.id, call))
      json.field("id", membership.id)
      json.field("user_id", membership.user)
      json.field("group_id", membership.group)
      json.field("default", membership.isDefault)
      json.field("created_at", membership.createdAt)
      json.field("updated_at", membership.updatedAt)
    }
  }

  private func url(_ id: RowID, _ call: Call) -> String {
    "\(call.base)/api/v2/group_memberships/\(id).json"
  }
}
