// The statuses of the desk as clients that know custom ones ask for them: the built-in ones.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct CustomStatusRoutes {
  func add(to routes: Routes) {
    routes.get("/custom_statuses", list)
    routes.get("/custom_statuses/{id}", show)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    var found = BuiltInStatus.allCases
    if let categories = call.query["status_categories"] {
      let wanted = categories.split(separator: ",").map(String.init)
      found = found.filter { wanted.contains($0.category.rawValue) }
    }
    if try call.query.flag("active") == false { found = [] }
    if try call.query.flag("default") == false { found = [] }
    let request = try call.page()
    return call.pageResponse(try found.page(request), request, key: "custom_statuses") {
      Self.write($1, call.base, to: &$0)
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    guard let status = BuiltInStatus(id: try call.id()) else { throw APIError.notFound }
    return .json { json in
      json.key("custom_status")
      Self.write(status, call.base, to: &json)
    }
  }

  static func write(_ status: BuiltInStatus, _ base: String, to json: inout JSONWriter) {
    let labels = status.labels
    json.object { json in
      json.field("url", "\(base)/api/v2/custom_statuses/\(status.id).json")
      json.field("id", status.id)
      json.field("status_category", status.category.rawValue)
      json.field("agent_label", labels.agent)
      json.field("raw_agent_label", labels.agent)
      json.field("end_user_label", labels.customer)
      json.field("raw_end_user_label", labels.customer)
      json.field("description", "")
      json.field("raw_description", "")
      json.field("end_user_description", "")
      json.field("raw_end_user_description", "")
      json.field("active", true)
      json.field("default", true)
      json.builtInDates()
    }
  }
}
