// What a person must look at, and that somebody has taken notice of it.

internal import HelpdeskDomain
internal import Hummingbird

struct AlarmRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/alarms", list)
    routes.post("/alarms/{id}/acknowledge", acknowledge)
  }

  /// Oldest first.
  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let page = try await services.node.alarms().page(request) { AlarmPlace($0) }
    let showsNotes = call.actor.role.mayReadPrivate
    return call.pageResponse(page, request, key: "alarms") { json, alarm in
      (showsNotes ? alarm : alarm.withoutNotes).write(to: &json)
    }
  }

  /// By the id or the cause of an alarm that stands here; it goes on standing.
  @Sendable private func acknowledge(_ call: Call) async throws -> Response {
    // The rules of the desk refuse it, too; asked before, nobody else learns which alarms stand.
    guard call.actor.role.mayEdit else {
      throw APIError.forbidden(
        "The role \(call.actor.role.rawValue) may not take notice of alarms; it needs agent, lead "
          + "or admin.")
    }
    var body = try await call.optionalJSON()
    let note = body.text("note")
    try body.check()
    let cause = try await find(call.text("id")).cause
    _ = try await services.desk.submit(.acknowledgeAlarm(cause: cause, note: note), as: call.actor)
    let alarm = try await find(cause)
    return .json { $0.field("alarm", alarm) }
  }

  private func find(_ name: String) async throws -> AlarmReport {
    let found = try await services.node.alarms().first { $0.id == name || $0.cause == name }
    guard let found else { throw APIError.notFound }
    return found
  }
}
