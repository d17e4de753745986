// What an operator sets up: users with an office and a role, and their API tokens.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct OperatorRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.post("/users", createUser)
    routes.post("/tokens", createToken)
    routes.post("/tokens/{id}/revoke", revokeToken)
  }

  @Sendable private func createUser(_ call: Call) async throws -> Response {
    try call.mustAdminister("create users")
    let input = try UserInput(try await call.json("user"))
    var draft = try input.draft()
    if let password = input.password {
      draft.edit.passwordHash = .set(try await services.node.passwordHash(password))
    }
    let receipt = try await services.desk.submit(.createUser(draft), as: call.actor)
    guard let id = receipt.created, let user = try await services.desk.users([id]).first else {
      throw APIError.notFound
    }
    return .json(.created) { json in
      json.key("user")
      UserPresenter(base: call.base).write(user, to: &json)
    }
  }

  /// For the user with `user_id` or `email`; agents make their own, admins anybody's.
  @Sendable private func createToken(_ call: Call) async throws -> Response {
    var body = try await call.json("token")
    var user = body.id("user_id")
    let email = body.text("email")
    let label = body.text("label") ?? ""
    let expiresAt = body.instant("expires_at")
    try body.check()
    if user == nil, let email {
      let page = PageRequest.cursor(size: 1, after: nil, before: nil)
      user = try await services.desk.users(UserQuery(email: email, page: page)).rows.first?.id
      if user == nil {
        throw APIError.invalid("email", .recordNotFound, "No user has the address \(email).")
      }
    }
    guard let user else {
      throw APIError.invalid("user_id", .blankValue, "user_id or email must be given")
    }
    if user != call.actor.user { try call.mustAdminister("make a token for another user") }
    let report = try await services.node.createToken(
      TokenRequest(user: user, label: label, expiresAt: expiresAt), as: call.actor)
    return try .codable(["token": report], .created)
  }

  @Sendable private func revokeToken(_ call: Call) async throws -> Response {
    _ = try await services.desk.submit(.revokeToken(call.id()), as: call.actor)
    return .noContent
  }
}
