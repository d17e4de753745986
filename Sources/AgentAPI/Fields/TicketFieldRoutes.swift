// The fields that tickets have beside the built-in ones.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketFieldRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/ticket_fields", list)
    routes.post("/ticket_fields", create)
    routes.get("/ticket_fields/{id}", show)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let page = try await desk.ticketFields().page(request)
    return call.pageResponse(page, request, key: "ticket_fields") { json, field in
      write(field, call, to: &json)
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(call.id(), .ok, call)
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    var body = try await call.json("ticket_field")
    let title = body.text("title")
    let type = body.text("type") ?? "text"
    let key = body.text("key")
    let description = body.text("description")
    var options: String?
    if let value = body.values["custom_field_options"], value != .null {
      if case .array = value, case .text(let text) = value.fieldValue {
        options = text
      } else {
        body.problem("custom_field_options", .invalidValue, "custom_field_options must be a list")
      }
    }
    if title == nil, !body.has("title") {
      body.problem("title", .blankValue, "A ticket field needs a title.")
    }
    try body.check()
    let draft = TicketFieldDraft(
      title: title ?? "", type: type, key: key, description: description, options: options)
    let receipt = try await desk.submit(.createTicketField(draft), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    guard let field = try await desk.ticketFields().first(where: { $0.id == id }) else {
      throw APIError.notFound
    }
    var response = Response.json(status) { json in
      json.key("ticket_field")
      write(field, call, to: &json)
    }
    if status == .created { response.headers[.location] = url(id, call) }
    return response
  }

  private func write(_ field: TicketFieldRecord, _ call: Call, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", url(field.id, call))
      json.field("id", field.id)
      json.field("type", field.type)
      json.field("title", field.title)
      json.field("raw_title", field.title)
      json.field("key", field.key)
      json.field("description", field.description ?? "")
      json.field("raw_description", field.description ?? "")
      json.field("position", 0)
      json.field("active", field.active)
      json.field("required", false)
      json.field("collapsed_for_agents", false)
      json.null("regexp_for_validation", "tag")
      json.field("title_in_portal", field.title)
      json.field("visible_in_portal", false)
      json.field("editable_in_portal", false)
      json.field("required_in_portal", false)
      json.field("removable", true)
      json.field("created_at", field.createdAt)
      json.field("updated_at", field.updatedAt)
      json.key("custom_field_options")
      // Parsed and written anew: what another node stored need not be JSON.
      let options = field.options.flatMap { try? JSONValue.parse(Array($0.utf8)) }
      (options ?? .null).write(to: &json)
    }
  }

  private func url(_ id: RowID, _ call: Call) -> String {
    "\(call.base)/api/v2/ticket_fields/\(id).json"
  }
}
