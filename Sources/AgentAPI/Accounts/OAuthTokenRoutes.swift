// The same tokens in the shape in which clients of the compatible API ask for them.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct OAuthTokenRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/oauth/tokens", list)
    routes.post("/oauth/tokens", create)
    routes.get("/oauth/tokens/current") { call in try await show(current(call), call) }
    routes.delete("/oauth/tokens/current") { call in try await revoke(current(call), call) }
    routes.get("/oauth/tokens/{id}") { call in try await show(call.id(), call) }
    routes.delete("/oauth/tokens/{id}") { call in try await revoke(call.id(), call) }
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let reason = "tokens belong to no client here; leave it out"
    try call.mustNotAsk(for: ["client_id": reason, "global_client_id": reason])
    let query = try call.tokenQuery()
    let page = try await services.node.tokens(query)
    return call.pageResponse(page, query.page, key: "tokens") { write($1, nil, call, to: &$0) }
  }

  /// For oneself. A token has the rights of its user, so a narrower scope is not promised.
  @Sendable private func create(_ call: Call) async throws -> Response {
    var body = try await call.json("token")
    let label = body.text("label") ?? body.text("description") ?? ""
    let expiresAt = body.instant("expires_at")
    if let scopes = body.texts("scopes"), Set(scopes) != ["read", "write"] {
      body.problem(
        "scopes", .invalidValue,
        "scopes: a token has all rights of its user, [\"read\", \"write\"]; for fewer make it for "
          + "a user of another role")
    }
    try body.check()
    let report = try await services.node.createToken(
      TokenRequest(user: call.actor.user, label: label, expiresAt: expiresAt), as: call.actor)
    guard let token = try await services.node.token(RowID(report.id)) else {
      throw APIError.notFound
    }
    return .json(.created) { json in
      json.key("token")
      write(token, report.token, call, to: &json)
    }
  }

  private func show(_ id: RowID, _ call: Call) async throws -> Response {
    let token = try await services.token(id, for: call)
    return .json { json in
      json.key("token")
      write(token, nil, call, to: &json)
    }
  }

  private func revoke(_ id: RowID, _ call: Call) async throws -> Response {
    _ = try await services.desk.submit(.revokeToken(id), as: call.actor)
    return .noContent
  }

  /// The token of this very request.
  private func current(_ call: Call) throws(APIError) -> RowID {
    guard case .token(let id) = call.signIn.basis else { throw .notFound }
    return id
  }

  private func write(
    _ token: TokenEntry, _ secret: String?, _ call: Call, to json: inout JSONWriter
  ) {
    json.object { json in
      json.field("url", "\(call.base)/api/v2/oauth/tokens/\(token.id).json")
      json.field("id", token.id)
      json.field("user_id", token.user)
      json.null("client_id")
      // Only a hash is stored, so there is nothing to show of it later.
      json.field("token", secret)
      json.field("full_token", secret)
      json.null("refresh_token")
      json.field("label", token.label)
      json.field("created_at", token.createdAt)
      json.field("expires_at", token.expiresAt)
      json.field("used_at", token.lastUsedAt)
      json.field("revoked", token.revoked)
      json.field("scopes", ["read", "write"])
    }
  }
}
