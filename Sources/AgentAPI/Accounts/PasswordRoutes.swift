// Passwords: an admin sets one, everybody changes their own.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct PasswordRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.post("/users/{id}/password", set)
    routes.put("/users/{id}/password", change)
    routes.get("/users/{id}/password/requirements", requirements)
  }

  @Sendable private func set(_ call: Call) async throws -> Response {
    try call.mustAdminister("set a password (PUT changes one's own)")
    let id = try call.id()
    var body = try await call.json()
    let password = body.needed("password")
    try body.check()
    guard let user = try await services.desk.users([id]).first else { throw APIError.notFound }
    let hash = try await services.node.passwordHash(password, email: user.email)
    _ = try await services.desk.submit(.setPassword(user: id, hash: hash), as: call.actor)
    return .json { _ in }
  }

  @Sendable private func change(_ call: Call) async throws -> Response {
    var body = try await call.json()
    guard try call.id() == call.actor.user else {
      throw APIError.forbidden(
        "This changes one's own password; an admin sets that of another user with POST.")
    }
    let previous = body.needed("previous_password")
    let password = body.needed("password")
    try body.check()
    try await services.node.changePassword(
      from: previous, to: password, from: call.address, as: call.actor)
    return .json { _ in }
  }

  @Sendable private func requirements(_ call: Call) async throws -> Response {
    if try call.id() != call.actor.user { try call.mustAdminister("ask for others") }
    return .json { $0.field("requirements", services.node.passwordRequirements) }
  }
}

extension FieldReader {
  /// The text under the key, which must be there; empty where it is not, which is a problem.
  mutating func needed(_ key: String) -> String {
    let text = text(key)
    if text == nil, !problems.contains(where: { $0.field == prefix + key }) {
      problem(key, .blankValue, "\(prefix)\(key) must be given")
    }
    return text ?? ""
  }
}
