// The one form of this desk: every field, for everybody.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketFormRoutes {
  /// An id that no node gives out: those below 10,000.
  static let id = RowID(201)

  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/ticket_forms", list)
    routes.get("/ticket_forms/show_many", showMany)
    routes.get("/ticket_forms/{id}", show)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    // The one form is active, and customers see it.
    let isAsked = try ["active", "end_user_visible"].allSatisfy { try call.query.flag($0) ?? true }
    let page = try (isAsked ? [try await fields()] : []).page(request)
    return call.pageResponse(page, request, key: "ticket_forms") { write($1, call, to: &$0) }
  }

  @Sendable private func showMany(_ call: Call) async throws -> Response {
    try call.mustRead()
    let isAsked = try call.query.ids().contains(Self.id)
    let forms = isAsked ? [try await fields()] : []
    return .json { json in
      json.key("ticket_forms")
      json.array(forms) { write($1, call, to: &$0) }
      json.null("next_page", "previous_page")
      json.field("count", forms.count)
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    guard try call.id() == Self.id else { throw APIError.notFound }
    let fields = try await fields()
    return .json { json in
      json.key("ticket_form")
      write(fields, call, to: &json)
    }
  }

  private func fields() async throws -> [RowID] {
    SystemField.allCases.map(\.id) + (try await desk.ticketFields().filter(\.active).map(\.id))
  }

  private func write(_ fields: [RowID], _ call: Call, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", "\(call.base)/api/v2/ticket_forms/\(Self.id).json")
      json.field("id", Self.id)
      json.field("name", "Default Ticket Form")
      json.field("raw_name", "Default Ticket Form")
      json.field("display_name", "Default Ticket Form")
      json.field("raw_display_name", "Default Ticket Form")
      json.field("position", 1)
      json.field("active", true)
      json.field("default", true)
      json.field("end_user_visible", true)
      json.field("ticket_field_ids", fields)
      json.field("in_all_brands", true)
      json.field("restricted_brand_ids", [RowID]())
      json.field("in_all_organizations", true)
      json.field("restricted_organization_ids", [RowID]())
      json.field("agent_conditions", [RowID]())
      json.field("end_user_conditions", [RowID]())
      json.builtInDates()
    }
  }
}
