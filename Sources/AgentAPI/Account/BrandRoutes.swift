// The one brand of this desk: the cluster under its name.

internal import Hummingbird
internal import ReplicaCore

struct BrandRoutes {
  /// An id that no node gives out: those below 10,000.
  static let id = RowID(301)

  let node: any NodeService

  func add(to routes: Routes) {
    routes.get("/brands", list)
    routes.get("/brands/{id}", show)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let page = try [try await node.status().cluster].page(request)
    return call.pageResponse(page, request, key: "brands") { write($1, call, to: &$0) }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    guard try call.id() == Self.id else { throw APIError.notFound }
    let name = try await node.status().cluster
    return .json { json in
      json.key("brand")
      write(name, call, to: &json)
    }
  }

  private func write(_ name: String, _ call: Call, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", "\(call.base)/api/v2/brands/\(Self.id).json")
      json.field("id", Self.id)
      json.field("name", name)
      json.field("brand_url", call.base)
      json.field("subdomain", name)
      json.null("host_mapping")
      json.field("has_help_center", false)
      json.field("help_center_state", "disabled")
      json.field("active", true)
      json.field("default", true)
      json.field("is_deleted", false)
      json.null("logo")
      json.field("ticket_form_ids", [TicketFormRoutes.id])
      json.field("signature_template", "{{agent.signature}}")
      json.builtInDates()
    }
  }
}
