// What an operator sets up: users with an office and a role, and who answers for them.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct OperatorRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.post("/users", createUser)
    routes.post("/users/{id}/confirm", confirm)
  }

  @Sendable private func createUser(_ call: Call) async throws -> Response {
    try call.mustAdminister("create users")
    let input = try await UserInput.read(call, services.desk)
    var draft = try input.draft()
    if let password = input.password {
      draft.edit.passwordHash = .set(
        try await services.node.passwordHash(password, email: draft.email))
    }
    let receipt = try await services.desk.submit(.createUser(draft), as: call.actor)
    guard let id = receipt.created, let user = try await services.desk.users([id]).first else {
      throw APIError.notFound
    }
    return .json(.created) { json in
      json.key("user")
      UserPresenter(base: call.base, reader: call.actor).write(user, to: &json)
    }
  }

  /// A node that is cut off for too long lets in only whom its operator answers for: the person at
  /// the machine, no admin from elsewhere.
  @Sendable private func confirm(_ call: Call) async throws -> Response {
    guard call.signIn.basis == .operatorSocket, call.actor.user == .none else {
      throw APIError.forbidden(
        "Only the operator of this node's machine confirms users: `helio user confirm EMAIL`.")
    }
    let id = try call.id()
    guard let user = try await services.desk.users([id]).first, user.active else {
      throw APIError.notFound
    }
    let until = try await services.node.confirm([id])
    return .json { json in
      json.field("user_id", id)
      json.field("confirmed_until", until)
    }
  }
}
