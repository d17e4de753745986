// The options of a list field, one by one.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketFieldOptionRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/ticket_fields/{id}/options", list)
    routes.post("/ticket_fields/{id}/options", put)
    routes.get("/ticket_fields/{id}/options/{option}", show)
    routes.delete("/ticket_fields/{id}/options/{option}", delete)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    let field = try await field(call)
    let request = try call.page()
    let presenter = TicketFieldPresenter(base: call.base)
    return call.pageResponse(
      try field.choices.page(request), request, key: "custom_field_options"
    ) { presenter.option($1, of: field.id, to: &$0) }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(try call.id("option"), .ok, call)
  }

  /// With an `id` it changes that option, without one it makes it.
  @Sendable private func put(_ call: Call) async throws -> Response {
    var body = try await call.json("custom_field_option")
    let draft = TicketFieldOptionDraft(fields: &body)
    try body.check()
    let field = try call.id()
    let receipt = try await desk.submit(
      .ticketField(.putOption(field: field, draft)), as: call.actor)
    guard let id = receipt.created ?? draft.id else { throw APIError.notFound }
    return try await answer(id, draft.id == nil ? .created : .ok, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    let (field, option) = (try call.id(), try call.id("option"))
    _ = try await desk.submit(
      .ticketField(.deleteOption(field: field, option)), as: call.actor)
    return .noContent
  }

  private func field(_ call: Call) async throws -> TicketFieldRecord {
    let id = try call.id()
    guard let field = try await desk.ticketFields().first(where: { $0.id == id }) else {
      throw APIError.notFound
    }
    return field
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    let field = try await field(call)
    guard let option = field.choices.first(where: { $0.id == id }) else {
      throw APIError.notFound
    }
    let presenter = TicketFieldPresenter(base: call.base)
    var response = Response.json(status) { json in
      json.key("custom_field_option")
      presenter.option(option, of: field.id, to: &json)
    }
    if status == .created {
      response.headers[.location] = presenter.optionURL(id, of: field.id)
    }
    return response
  }
}

extension TicketFieldOptionDraft {
  /// Reads the members of an option.
  init(fields body: inout FieldReader) {
    let position = body.integer("position")
    self.init(
      id: body.id("id"), name: body.text("name") ?? body.text("raw_name"),
      value: body.text("value"), position: position.map { Int(clamping: $0) },
      isDefault: body.flag("default"))
  }
}
