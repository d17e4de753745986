// Tickets of another desk with their original dates: no rule acts on them, no notice goes out.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketImportRoutes {
  let desk: any DeskService
  let jobs: JobList

  func add(to routes: Routes) {
    routes.post("/imports/tickets", create)
    routes.post("/imports/tickets/create_many", createMany)
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    try call.mustAdminister("import")
    let body = try await call.json("ticket")
    let receipt = try await desk.submit(try await command(body, call), as: call.actor)
    var presenter = try await call.presenter(desk)
    guard let id = receipt.created, let ticket = try await desk.ticket(id) else {
      throw APIError.notFound
    }
    try await presenter.prepare(for: [ticket], desk)
    var response = Response.json(.created) { json in
      json.key("ticket")
      presenter.write(ticket, to: &json)
    }
    response.headers[.location] = presenter.url(id)
    return response
  }

  @Sendable private func createMany(_ call: Call) async throws -> Response {
    try call.mustAdminister("import")
    let rows = try await call.rows("tickets").map { body in
      BulkRow(id: nil, action: nil) { try await command(body, call) }
    }
    return try await BulkRun(desk: desk, jobs: jobs).response(rows, call)
  }

  private func command(_ body: FieldReader, _ call: Call) async throws -> DeskCommand {
    var history = try TicketImportInput(body).history
    history.edit = try await TicketWriting(desk: desk).edit(of: body, call)
    return .importHistory(history)
  }
}
