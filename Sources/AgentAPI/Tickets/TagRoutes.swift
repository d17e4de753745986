// The tags of a ticket on their own.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TagRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/tickets/{id}/tags") { call in
      try call.mustRead()
      return try await answer(.ok, call)
    }
    // POST replaces, PUT adds, DELETE takes away, as clients of this API expect.
    routes.post("/tickets/{id}/tags") { call in
      try await change(call, .created) { $0.tags = $1 }
    }
    routes.put("/tickets/{id}/tags") { call in
      try await change(call, .ok) { $0.addTags = $1 }
    }
    routes.delete("/tickets/{id}/tags") { call in
      try await change(call, .ok) { $0.removeTags = $1 }
    }
  }

  private func change(
    _ call: Call, _ status: HTTPResponse.Status, _ apply: (inout TicketEdit, [String]) -> Void
  ) async throws -> Response {
    var body = try await call.json()
    let tags = body.texts("tags")
    var edit = TicketEdit()
    TicketInput.readConcurrency(&body, into: &edit)
    try body.check()
    guard let tags else {
      throw APIError.invalid("tags", .blankValue, "The body must hold a list under \"tags\".")
    }
    apply(&edit, tags)
    _ = try await desk.submit(.updateTicket(call.id(), edit), as: call.actor)
    return try await answer(status, call)
  }

  private func answer(_ status: HTTPResponse.Status, _ call: Call) async throws -> Response {
    guard let ticket = try await desk.ticket(call.id()) else { throw APIError.notFound }
    return .json(status) { $0.field("tags", ticket.tags) }
  }
}
