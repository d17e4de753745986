// Presence over HTTP: a client says what its user does and says it again before it is forgotten.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct PresenceRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/presence", list)
    routes.put("/presence", set)
    routes.delete("/presence") { call in
      try mustWork(call)
      await services.node.setPresence(nil, of: call.actor)
      return .noContent
    }
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(call)
  }

  @Sendable private func set(_ call: Call) async throws -> Response {
    try mustWork(call)
    var body = try await call.json("presence")
    let ticket = body.id("ticket_id")
    let word = body.text("activity") ?? PresenceState.Activity.viewing.rawValue
    let activity = PresenceState.Activity(rawValue: word)
    if activity == nil {
      body.problem(
        "activity", .invalidValue, "activity must be viewing or editing, not \"\(word)\"")
    }
    try body.check()
    if let ticket, try await services.desk.ticket(ticket) == nil {
      throw APIError.invalid("ticket_id", .recordNotFound, "There is no ticket \(ticket).")
    }
    await services.node.setPresence(
      PresenceState(ticket: ticket, activity: activity ?? .viewing), of: call.actor)
    return try await answer(call)
  }

  /// Those at one ticket with `ticket_id`, else all.
  private func answer(_ call: Call) async throws -> Response {
    let wanted = try call.query.id("ticket_id")
    let found = await services.node.presences().filter {
      wanted == nil || $0.ticketID == wanted?.rawValue
    }
    return try .codable(
      Answer(presences: found, expiresAfterSeconds: APILimits.presenceSeconds))
  }

  private struct Answer: Codable {
    var presences: [PresenceReport]
    var expiresAfterSeconds: Int64
  }

  /// Readers leave no trace at a ticket, and the operator is nobody of the desk.
  private func mustWork(_ call: Call) throws(APIError) {
    guard call.actor.role.mayWork, call.actor.user != .none else {
      throw .forbidden(
        "The role \(call.actor.role.rawValue) may not do this; it needs light_agent, agent, lead or "
          + "admin, as a user.")
    }
  }
}
