// API tokens: made, listed, looked at, revoked; one's own, or by an admin anybody's.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TokenRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/tokens", list)
    routes.post("/tokens", create)
    routes.get("/tokens/{id}", show)
    routes.post("/tokens/{id}/revoke", revoke)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let query = try call.tokenQuery()
    let page = try await services.node.tokens(query)
    return call.pageResponse(page, query.page, key: "tokens") { Self.write($1, to: &$0) }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    let token = try await services.token(call.id(), for: call)
    return .json { json in
      json.key("token")
      Self.write(token, to: &json)
    }
  }

  /// For the user with `user_id` or `email`, else for oneself; agents make their own, admins
  /// anybody's.
  @Sendable private func create(_ call: Call) async throws -> Response {
    var body = try await call.json("token")
    var user = body.id("user_id")
    let email = body.text("email")
    let label = body.text("label") ?? ""
    let expiresAt = body.instant("expires_at")
    try body.check()
    if user == nil, let email {
      let page = PageRequest.cursor(size: 1, after: nil, before: nil)
      user = try await services.desk.users(UserQuery(email: email, page: page)).rows.first?.id
      guard user != nil else {
        // Who may not make tokens for others learns nothing of them either.
        try call.mustAdminister("make a token for another user")
        throw APIError.invalid("email", .recordNotFound, "No user has the address \(email).")
      }
    }
    // The operator is no user.
    guard let user = user ?? (call.actor.user == .none ? nil : call.actor.user) else {
      throw APIError.invalid("user_id", .blankValue, "user_id or email must be given")
    }
    if user != call.actor.user { try call.mustAdminister("make a token for another user") }
    let report = try await services.node.createToken(
      TokenRequest(user: user, label: label, expiresAt: expiresAt), as: call.actor)
    return try .codable(["token": report], .created)
  }

  @Sendable private func revoke(_ call: Call) async throws -> Response {
    _ = try await services.desk.submit(.revokeToken(call.id()), as: call.actor)
    return .noContent
  }

  private static func write(_ token: TokenEntry, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", token.id)
      json.field("user_id", token.user)
      json.field("label", token.label)
      json.field("revoked", token.revoked)
      json.field("created_at", token.createdAt)
      json.field("expires_at", token.expiresAt)
      json.field("last_used_at", token.lastUsedAt)
    }
  }
}

extension Call {
  /// One's own; with `user_id` those of another, with `all=true` everybody's, for who may read
  /// accounts.
  func tokenQuery() throws(APIError) -> TokenQuery {
    var user: RowID? = actor.user
    if let named = try query.id("user_id") { user = named }
    // The operator is no user and has none.
    if query["all"] == "true" || user == RowID.none { user = nil }
    if user != actor.user { try mustReadAccounts() }
    return TokenQuery(user: user, page: try page())
  }

  func mustReadAccounts() throws(APIError) {
    guard actor.role.mayReadAccounts else {
      throw .forbidden(
        "The role \(actor.role.rawValue) sees its own tokens; those of others are for admins and "
          + "auditors.")
    }
  }
}

extension AgentServices {
  /// The token, where the caller may see it; else it is not found.
  func token(_ id: RowID, for call: Call) async throws -> TokenEntry {
    guard let token = try await node.token(id),
      token.user == call.actor.user || call.actor.role.mayReadAccounts
    else { throw APIError.notFound }
    return token
  }
}
