// The handoff board, and what leads do with it.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct HandoffRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/handoffs", board)
    routes.get("/handoffs/next", next)
    routes.post("/handoffs/accept") { try await act($0, .accept) }
    routes.post("/handoffs/note", note)
    routes.post("/cover", cover)
  }

  @Sendable private func board(_ call: Call) async throws -> Response {
    try call.mustRead()
    var board = try await services.node.board(office: call.query.office())
    if !call.actor.role.mayReadPrivate { board.hideNotes() }
    return try .codable(["board": board])
  }

  /// What arrives at the office's next boundary, as things stand.
  @Sendable private func next(_ call: Call) async throws -> Response {
    try call.mustRead()
    let office = try call.query.office()
    var arrivals = try await services.node.arrivals(office: office)
    if !call.actor.role.mayReadPrivate { arrivals.hideNotes() }
    return try .codable(["arrivals": arrivals])
  }

  @Sendable private func note(_ call: Call) async throws -> Response {
    var body = try await call.json()
    let ticket = body.id("ticket_id")
    let text = body.text("text")
    let next = body.text("next_action")
    let promise = promise(&body)
    for key in ["ticket_id", "text"] where !body.has(key) {
      body.problem(key, .blankValue, "\(key) must be given")
    }
    try body.check()
    guard let ticket, let text else {
      throw APIError.invalid("base", .blankValue, "ticket_id and text must be given")
    }
    return try await act(
      call, .handoffNote(ticket: ticket, text: text, nextAction: next, promise: promise))
  }

  /// `{text, to, until}`; nil where none is given.
  private func promise(_ body: inout FieldReader) -> HandoffPromise? {
    guard var inner = body.object("promise") else { return nil }
    let (text, to, until) = (inner.text("text"), inner.text("to"), inner.instant("until"))
    for key in ["text", "until"] where !inner.has(key) {
      inner.problem(key, .blankValue, "promise.\(key) must be given")
    }
    body.take(inner)
    guard let text, let until else {
      if inner.problems.isEmpty {
        body.problem("promise", .blankValue, "promise.text and promise.until must be given")
      }
      return nil
    }
    return HandoffPromise(text: text, to: to, until: until)
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
