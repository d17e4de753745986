// Who owns what, and the acts that change it.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct OwnershipRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/ownership", show)
    routes.post("/tickets/{id}/take") { call in
      var body = try await call.optionalJSON()
      let foreign = body.flag("even_if_foreign") ?? false
      try body.check()
      return try await act(call, .take(ticket: call.id(), evenIfForeign: foreign))
    }
    routes.post("/tickets/{id}/hand-to", handTo)
    routes.post("/tickets/{id}/send-back") { call in
      var body = try await call.optionalJSON()
      let note = body.text("note")
      try body.check()
      return try await act(call, .sendBack(ticket: call.id(), note: note))
    }
    routes.post("/tickets/{id}/stay") { call in
      var body = try await call.optionalJSON()
      let wake = body.instant("wake_at")
      try body.check()
      return try await act(call, .stay(ticket: call.id(), wakeAt: wake))
    }
    routes.post("/tickets/{id}/move-on") { call in
      try await act(call, .moveOn(ticket: call.id()))
    }
    routes.post("/tickets/{id}/cover") { call in
      try await act(call, .cover(ticket: call.id()))
    }
  }

  /// Of one ticket (`ticket_id`), of several (`ids`), else who is on duty per group; now or `at`.
  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    let time = try call.query.instant("at")
    if let ticket = try call.query.id("ticket_id") {
      guard let owner = try await services.node.owners(of: [ticket], at: time).first else {
        throw APIError.notFound
      }
      return try .codable(["ownership": owner])
    }
    if call.query.has("ids") {
      let owners = try await services.node.owners(of: call.query.ids(), at: time)
      return try .codable(["ownerships": owners])
    }
    return try .codable(["duty": try await services.node.duty(at: time)])
  }

  @Sendable private func handTo(_ call: Call) async throws -> Response {
    var body = try await call.json()
    let office = body.office("office")
    let agent = body.id("agent_id")
    let note = body.text("note")
    if office == nil, !body.has("office") {
      body.problem("office", .blankValue, "office must be the code of the office to hand to")
    }
    try body.check()
    guard let office else {
      throw APIError.invalid("office", .blankValue, "office must be given")
    }
    return try await act(
      call, .handTo(ticket: call.id(), office: office, agent: agent, note: note))
  }

  /// Runs the act and answers with the ownership it led to.
  private func act(_ call: Call, _ command: DeskCommand) async throws -> Response {
    let receipt = try await services.desk.submit(command, as: call.actor)
    guard let owner = try await services.node.owners(of: [call.id()], at: nil).first else {
      throw APIError.notFound
    }
    return try .codable(ActReport(changed: receipt.changed, ownership: owner))
  }

  private struct ActReport: Codable {
    var changed: Bool
    var ownership: OwnershipReport
  }
}
