// The roster and what it covers.

internal import HelpdeskDomain
internal import Hummingbird

struct RosterRoutes {
  let node: any NodeService

  func add(to routes: Routes) {
    routes.get("/roster", show)
    routes.post("/roster", publish)
    routes.put("/roster", publish)
    routes.get("/roster/coverage", coverage)
    routes.get("/coverage", coverage)
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    guard let roster = try await node.roster() else {
      return .json { $0.null("roster") }
    }
    return try .codable(["roster": roster])
  }

  /// The body is the roster file itself: TOML, or JSON where the content type says so.
  @Sendable private func publish(_ call: Call) async throws -> Response {
    try call.mustAdminister("publish a roster")
    let bytes = try await call.body()
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw APIError.badRequest("InvalidUTF8", "The roster is not UTF-8.")
    }
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw APIError.badRequest("EmptyBody", "The body is empty; send the roster file.")
    }
    let type = call.request.headers[.contentType] ?? ""
    let upload = RosterUpload(
      text: text, format: type.contains("json") ? .json : .toml,
      emergency: call.query["emergency"] == "true")
    let report = try await node.publishRoster(upload, as: call.actor)
    return try .codable(["roster": report], .created)
  }

  @Sendable private func coverage(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try .codable(["coverage": try await node.coverage(week: call.query["week"])])
  }
}
