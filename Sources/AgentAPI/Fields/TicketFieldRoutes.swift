// The fields that tickets have, the built-in ones and those that the desk made.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketFieldRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/ticket_fields", list)
    routes.post("/ticket_fields", create)
    routes.get("/ticket_fields/count") { call in
      try call.mustRead()
      return .count(SystemField.allCases.count + (try await desk.ticketFields().count))
    }
    routes.get("/ticket_fields/{id}", show)
    routes.update("/ticket_fields/{id}", update)
    routes.delete("/ticket_fields/{id}", delete)
  }

  /// One row of the list: the built-in fields come first.
  private enum Row: Sendable {
    case system(SystemField)
    case custom(TicketFieldRecord)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let custom = try await desk.ticketFields()
    let rows = SystemField.allCases.map(Row.system) + custom.map(Row.custom)
    return call.pageResponse(try rows.page(request), request, key: "ticket_fields") { json, row in
      write(row, call, to: &json)
    }
  }

  private func write(_ row: Row, _ call: Call, to json: inout JSONWriter) {
    let presenter = TicketFieldPresenter(base: call.base)
    switch row {
    case .system(let field): presenter.write(field, to: &json)
    case .custom(let field): presenter.write(field, to: &json)
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(call.id(), .ok, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let id = try call.id()
    var body = try await call.json("ticket_field")
    var edit = TicketFieldEdit()
    edit.title = body.text("title") ?? body.text("raw_title")
    edit.type = body.text("type")
    edit.description = body.textChange("description")
    edit.active = body.flag("active")
    edit.position = body.integer("position")
    edit.options = options(&body)
    Self.refuseRules(&body)
    try body.check()
    _ = try await desk.submit(.ticketField(.update(id, edit)), as: call.actor)
    return try await answer(id, .ok, call)
  }

  /// Objects with a `value`, or plain texts.
  private func options(_ body: inout FieldReader) -> [TicketFieldOptionDraft]? {
    if let texts = body.values["custom_field_options"]?.plain, case .list = texts {
      return texts.texts.map { TicketFieldOptionDraft(name: $0, value: $0) }
    }
    return body.objects("custom_field_options")?.map { entry in
      var entry = entry
      let draft = TicketFieldOptionDraft(fields: &entry)
      body.take(entry)
      return draft
    }
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.ticketField(.delete(call.id())), as: call.actor)
    return .noContent
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
    let active = body.flag("active") ?? true
    let position = body.integer("position")
    Self.refuseRules(&body)
    Self.check(type, &body)
    if title == nil, !body.has("title") {
      body.problem("title", .blankValue, "A ticket field needs a title.")
    }
    try body.check()
    var draft = TicketFieldDraft(
      title: title ?? "", type: type, key: key, description: description, options: options)
    draft.active = active
    draft.position = position
    let receipt = try await desk.submit(.createTicketField(draft), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  private static func check(_ type: String, _ body: inout FieldReader) {
    switch TicketFieldType(rawValue: type.lowercased()) {
    case .regexp:
      body.problem(
        "type", .invalidValue,
        "type: a regexp field would take any value, since no pattern is checked here; make it text")
    case nil:
      let known = TicketFieldType.allCases.filter { $0 != .regexp }.map(\.rawValue)
      body.problem(
        "type", .invalidValue,
        "type: '\(type.prefix(64))' is not one of \(known.joined(separator: ", ")); these alone are "
          + "kept here")
    default: break
    }
  }

  /// Rules that this desk does not hold tickets to: who sets one would rely on it.
  private static func refuseRules(_ body: inout FieldReader) {
    for key in ["required", "required_in_portal"] where body.flag(key) == true {
      body.problem(key, .invalidValue, "\(key): no field is required here; leave it out")
    }
    for (key, reason) in [
      ("regexp_for_validation", "values are held to no pattern"), ("tag", "fields set no tags"),
      ("relationship_target_type", "there are no lookup fields"),
    ] {
      if let text = body.text(key), !text.isEmpty {
        body.problem(key, .invalidValue, "\(key): \(reason) here; leave it out")
      }
    }
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    let custom = try await desk.ticketFields().first { $0.id == id }
    guard let row = custom.map(Row.custom) ?? SystemField(id: id).map(Row.system) else {
      throw APIError.notFound
    }
    var response = Response.json(status) { json in
      json.key("ticket_field")
      write(row, call, to: &json)
    }
    if status == .created {
      response.headers[.location] = TicketFieldPresenter(base: call.base).url(id)
    }
    return response
  }
}
