// Exports in the order in which this node applied changes, so that late changes of another
// office are not missed.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct IncrementalRoutes {
  let services: AgentServices
  private var desk: any DeskService { services.desk }

  func add(to routes: Routes) {
    both(routes, .tickets, tickets)
    both(routes, .ticketEvents, ticketEvents)
    both(routes, .users, users)
    both(routes, .organizations, organizations)
  }

  /// By time at the path itself, by cursor below it.
  private func both(
    _ routes: Routes, _ stream: ExportStream,
    _ answer: @escaping @Sendable (ExportCall) async throws -> Response
  ) {
    let node = services.node
    let path = "/incremental/\(stream.rawValue)"
    routes.get(path) { call in
      try await answer(ExportCall(call, stream, .time, slot: node.slot))
    }
    routes.get("\(path)/cursor") { call in
      try await answer(ExportCall(call, stream, .cursor, slot: node.slot))
    }
  }

  @Sendable private func tickets(_ export: ExportCall) async throws -> Response {
    let call = export.call
    var presenter = try await call.presenter(desk)
    let page = try await desk.exportTickets(export.request)
    let withoutDeleted = call.query["exclude_deleted"] == "true"
    let rows = withoutDeleted ? page.rows.filter { !$0.deleted } : page.rows
    try await presenter.prepare(for: rows, desk)
    let sideloads = try await Sideloads(call.query.includes, tickets: rows, call: call, desk: desk)
    return export.response(page, count: rows.count) { json in
      json.key("tickets")
      json.array(rows) { presenter.write($1, to: &$0) }
      sideloads.write(to: &json)
    }
  }

  @Sendable private func ticketEvents(_ export: ExportCall) async throws -> Response {
    let page = try await desk.exportTicketDeltas(export.request)
    let events = try await TicketEvents(
      page.rows, withComments: export.call.query.includes.contains("comment_events"), export.call,
      services)
    return export.response(page, count: events.count) { json in
      json.key("ticket_events")
      events.write(to: &json)
    }
  }

  @Sendable private func users(_ export: ExportCall) async throws -> Response {
    let presenter = UserPresenter(base: export.call.base)
    let page = try await desk.exportUsers(export.request)
    let sideloads = try await Sideloads(
      export.call.query.includes, users: page.rows, call: export.call, desk: desk)
    return export.response(page, count: page.rows.count) { json in
      json.key("users")
      json.array(page.rows) { presenter.write($1, to: &$0) }
      sideloads.write(to: &json)
    }
  }

  @Sendable private func organizations(_ export: ExportCall) async throws -> Response {
    let presenter = OrganizationPresenter(base: export.call.base)
    let page = try await desk.exportOrganizations(export.request)
    return export.response(page, count: page.rows.count) { json in
      json.key("organizations")
      json.array(page.rows) { presenter.write($1, to: &$0) }
    }
  }
}
