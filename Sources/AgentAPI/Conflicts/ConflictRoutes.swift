// The conflict inbox: both values, who wrote them where, and how it is settled.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct ConflictRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/conflicts", list)
    routes.get("/conflicts/{id}", show)
    routes.post("/conflicts/{id}/resolve", resolve)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustReadPrivate()
    let request = try call.page()
    let page = try await desk.conflicts(page: request, as: call.actor)
    return call.pageResponse(page, request, key: "conflicts") { ConflictID.write($1, to: &$0) }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustReadPrivate()
    guard let id = ConflictID(call.text("id")), let conflict = try await find(id, call)
    else { throw APIError.notFound }
    return .json { json in
      json.key("conflict")
      ConflictID.write(conflict, to: &json)
    }
  }

  @Sendable private func resolve(_ call: Call) async throws -> Response {
    guard let id = ConflictID(call.text("id")) else { throw APIError.notFound }
    var body = try await call.json()
    let name = body.text("choice")
    let dot = body.text("dot")
    let choice: ConflictChoice?
    switch name {
    case "keep": choice = .keep
    case "both": choice = .both
    case "other": choice = try await other(dot, id, &body, call)
    default:
      choice = nil
      body.problem("choice", .invalidValue, "choice must be keep, other or both")
    }
    try body.check()
    guard let choice else { throw APIError.notFound }
    let receipt = try await desk.submit(
      .resolveConflict(row: id.row, cell: id.cell, choice), as: call.actor)
    let left = try await find(id, call)
    return .json { json in
      json.field("changed", receipt.changed)
      json.key("conflict")
      if let left {
        ConflictID.write(left, to: &json)
      } else {
        json.literal("null")
      }
    }
  }

  /// The conflict, where the caller may see it.
  private func find(_ id: ConflictID, _ call: Call) async throws -> ConflictRecord? {
    try await desk.conflict(id.row, id.cell).flatMap { $0.isShown(to: call.actor) ? $0 : nil }
  }

  /// The write that `other` means; it need not be named where there is only one.
  private func other(
    _ text: String?, _ id: ConflictID, _ body: inout FieldReader, _ call: Call
  ) async throws -> ConflictChoice? {
    guard let conflict = try await find(id, call) else { throw APIError.notFound }
    let dots = conflict.others.map(\.stamp.dot)
    if let text {
      if let dot = dots.first(where: { $0.description == text }) { return .other(dot) }
    } else if dots.count == 1 {
      return .other(dots[0])
    }
    let known = dots.map(\.description).joined(separator: ", ")
    body.problem("dot", .invalidValue, "dot must name one of the other writes: \(known)")
    return nil
  }
}
