// Views: saved conditions, and the tickets that they find now.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct ViewRoutes {
  let desk: any DeskService
  private var rows: ViewRows { ViewRows(desk: desk) }

  func add(to routes: Routes) {
    routes.get("/views") { try await list($0) { $0 } }
    routes.post("/views", create)
    routes.get("/views/active") { try await list($0) { $0.filter(\.active) } }
    routes.get("/views/compact") { call in
      try await list(call) { Array($0.filter(\.active).prefix(APILimits.compactViews)) }
    }
    routes.get("/views/search") { try await list($0) { $0 } }
    routes.get("/views/count", count)
    routes.get("/views/count_many", countMany)
    routes.get("/views/show_many", showMany)
    routes.delete("/views/destroy_many", deleteMany)
    routes.post("/views/preview", preview)
    routes.post("/views/preview/count", previewCount)
    routes.get("/views/{id}", show)
    routes.update("/views/{id}", update)
    routes.delete("/views/{id}", delete)
    routes.get("/views/{id}/count", countOne)
    routes.get("/views/{id}/execute", execute)
    routes.get("/views/{id}/tickets", tickets)
  }

  private func list(
    _ call: Call, _ choose: ([ViewRecord]) -> [ViewRecord]
  ) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let views = try call.shelf(choose(try await desk.views(for: call.actor)))
    let presenter = try await presenter(call)
    return call.pageResponse(try views.page(request), request, key: "views") {
      presenter.write($1, to: &$0)
    }
  }

  @Sendable private func showMany(_ call: Call) async throws -> Response {
    try call.mustRead()
    let ids = try call.query.ids()
    let views = try await desk.views(for: call.actor).filter { ids.contains($0.id) }
    let presenter = try await presenter(call)
    return .json { json in
      json.key("views")
      json.array(views) { presenter.write($1, to: &$0) }
      json.null("next_page", "previous_page")
      json.field("count", views.count)
    }
  }

  @Sendable private func count(_ call: Call) async throws -> Response {
    try call.mustRead()
    let count = try await desk.views(for: call.actor).count
    return .json { json in
      json.field(
        "count",
        object: { json in
          json.field("value", count)
          json.null("refreshed_at")
        })
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(call.id(), .ok, call)
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let draft = try ViewInput(try await call.json("view")).draft
    let receipt = try await desk.submit(.view(.create(draft)), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let id = try call.id()
    let body = try await call.json("view")
    guard let before = try await desk.view(id, for: call.actor) else { throw APIError.notFound }
    let draft = try ViewInput(body, before: before.output).draft
    _ = try await desk.submit(.view(.update(id, draft)), as: call.actor)
    return try await answer(id, .ok, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.view(.delete([call.id()])), as: call.actor)
    return .noContent
  }

  @Sendable private func deleteMany(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.view(.delete(call.someIDs())), as: call.actor)
    return .noContent
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    let view = try await found(id, call)
    let presenter = try await presenter(call)
    var response = Response.json(status) { json in
      json.key("view")
      presenter.write(view, to: &json)
    }
    if status == .created { response.headers[.location] = presenter.url(id) }
    return response
  }

  private func found(_ id: RowID, _ call: Call) async throws -> ViewRecord {
    guard let view = try await desk.view(id, for: call.actor) else { throw APIError.notFound }
    return view
  }

  private func presenter(_ call: Call) async throws -> ViewPresenter {
    ViewPresenter(base: call.base, fields: try await desk.ticketFields())
  }

  @Sendable private func countOne(_ call: Call) async throws -> Response {
    try call.mustRead()
    let view = try await found(try call.id(), call)
    let value = try await desk.ticketCount(view.conditions, as: call.actor)
    return .json { json in
      json.key("view_count")
      ViewPresenter(base: call.base, fields: [])
        .count(view.id, active: view.active, value, to: &json)
    }
  }

  @Sendable private func countMany(_ call: Call) async throws -> Response {
    try call.mustRead()
    // Some clients name the ids after the path.
    let ids = try call.query.ids(call.query.has("ids") ? "ids" : "count_many")
    guard ids.count <= APILimits.countedViews else {
      throw APIError.tooManyValues(
        "ids holds \(ids.count) views; at most \(APILimits.countedViews) are counted at once.")
    }
    var counts: [(view: ViewRecord, value: Int)] = []
    for id in ids {
      guard let view = try await desk.view(id, for: call.actor) else { continue }
      counts.append((view, try await desk.ticketCount(view.conditions, as: call.actor)))
    }
    return .json { json in
      json.key("view_counts")
      json.array(counts) { json, count in
        ViewPresenter(base: call.base, fields: [])
          .count(count.view.id, active: count.view.active, count.value, to: &json)
      }
    }
  }

  @Sendable private func execute(_ call: Call) async throws -> Response {
    try call.mustRead()
    let view = try await found(try call.id(), call)
    return try await rows.execute(view.id, view.conditions, view.output, call)
  }

  @Sendable private func tickets(_ call: Call) async throws -> Response {
    try call.mustRead()
    let view = try await found(try call.id(), call)
    return try await rows.tickets(view, call)
  }

  /// Conditions that nobody has saved.
  @Sendable private func preview(_ call: Call) async throws -> Response {
    try call.mustRead()
    let draft = try ViewInput(try await call.json("view")).draft
    return try await rows.execute(
      nil, draft.conditions ?? ViewConditions(), draft.output ?? ViewOutput(), call)
  }

  @Sendable private func previewCount(_ call: Call) async throws -> Response {
    try call.mustRead()
    let draft = try ViewInput(try await call.json("view")).draft
    let value = try await desk.ticketCount(
      draft.conditions ?? ViewConditions(), as: call.actor)
    return .json { json in
      json.key("view_count")
      ViewPresenter(base: call.base, fields: []).count(nil, active: true, value, to: &json)
    }
  }
}
