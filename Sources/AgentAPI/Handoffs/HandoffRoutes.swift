// The handoff board, and what leads do with it.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct HandoffRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/handoffs", board)
    routes.post("/handoffs/accept") { try await act($0, .accept) }
    routes.post("/handoffs/note", note)
    routes.post("/cover", cover)
  }

  @Sendable private func board(_ call: Call) async throws -> Response {
    try call.mustRead()
    var query: OfficeID?
    if let code = call.query["office"] {
      guard OfficeID(code).isValid else {
        throw APIError.badRequest("InvalidParameter", "\"\(code)\" is no office code.")
      }
      query = OfficeID(code)
    }
    var board = try await services.node.board(office: query)
    if !call.actor.role.mayReadPrivate { board.hideNotes() }
    return try .codable(["board": board])
  }

  @Sendable private func note(_ call: Call) async throws -> Response {
    var body = try await call.json()
    let ticket = body.id("ticket_id")
    let text = body.text("text")
    let next = body.text("next_action")
    for key in ["ticket_id", "text"] where !body.has(key) {
      body.problem(key, .blankValue, "\(key) must be given")
    }
    try body.check()
    guard let ticket, let text else {
      throw APIError.invalid("base", .blankValue, "ticket_id and text must be given")
    }
    return try await act(call, .handoffNote(ticket: ticket, text: text, nextAction: next))
  }

  /// One ticket where the body names it, else everything that waits.
  @Sendable private func cover(_ call: Call) async throws -> Response {
    var body = try await call.optionalJSON()
    let ticket = body.id("ticket_id")
    try body.check()
    return try await act(call, .cover(ticket: ticket))
  }

  /// Runs the act and answers with the board of the actor's office afterwards.
  private func act(_ call: Call, _ command: DeskCommand) async throws -> Response {
    let receipt = try await services.desk.submit(command, as: call.actor)
    let board = try await services.node.board(office: call.actor.office)
    return try .codable(ActReport(changed: receipt.changed, board: board))
  }

  private struct ActReport: Codable {
    var changed: Bool
    var board: BoardReport
  }
}
