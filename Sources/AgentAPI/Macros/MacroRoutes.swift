// Macros: prepared answers and changes, which an agent applies to a ticket or to many.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct MacroRoutes {
  let desk: any DeskService
  /// Runs what is applied to many, as a job.
  let bulk: BulkRun

  func add(to routes: Routes) {
    routes.get("/macros") { try await list($0) { $0 } }
    routes.post("/macros", create)
    routes.get("/macros/active") { try await list($0) { $0.filter(\.active) } }
    routes.get("/macros/search") { try await list($0) { $0 } }
    routes.get("/macros/count") { call in
      try call.mustRead()
      return .count(try await desk.macros(for: call.actor).count)
    }
    routes.get("/macros/actions", actions)
    routes.get("/macros/categories", categories)
    routes.delete("/macros/destroy_many", deleteMany)
    routes.get("/macros/{id}", show)
    routes.update("/macros/{id}", update)
    routes.delete("/macros/{id}", delete)
    routes.get("/macros/{id}/apply", apply)
    routes.post("/macros/{id}/apply_many", applyMany)
    routes.get("/tickets/{id}/macros/{macro}/apply", applyToTicket)
  }

  private func list(
    _ call: Call, _ choose: ([MacroRecord]) -> [MacroRecord]
  ) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let macros = try call.shelf(choose(try await desk.macros(for: call.actor)))
    let presenter = MacroPresenter(base: call.base)
    return call.pageResponse(try macros.page(request), request, key: "macros") {
      presenter.write($1, to: &$0)
    }
  }

  @Sendable private func actions(_ call: Call) async throws -> Response {
    try call.mustRead()
    let fields = try await desk.ticketFields().filter(\.active)
    return .json { json in
      json.key("actions")
      MacroPresenter.kinds(fields, to: &json)
    }
  }

  @Sendable private func categories(_ call: Call) async throws -> Response {
    try call.mustRead()
    let macros = try await desk.macros(for: call.actor)
    return .json { $0.field("categories", Set(macros.compactMap(\.category)).sorted()) }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(call.id(), .ok, call)
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let draft = try MacroInput(try await call.json("macro")).draft
    let receipt = try await desk.submit(.macro(.create(draft)), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let id = try call.id()
    let draft = try MacroInput(try await call.json("macro")).draft
    _ = try await desk.submit(.macro(.update(id, draft)), as: call.actor)
    return try await answer(id, .ok, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.macro(.delete([call.id()])), as: call.actor)
    return .noContent
  }

  @Sendable private func deleteMany(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.macro(.delete(call.someIDs())), as: call.actor)
    return .noContent
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    let macro = try await found(id, call)
    let presenter = MacroPresenter(base: call.base)
    var response = Response.json(status) { json in
      json.key("macro")
      presenter.write(macro, to: &json)
    }
    if status == .created { response.headers[.location] = presenter.url(id) }
    return response
  }

  private func found(_ id: RowID, _ call: Call) async throws -> MacroRecord {
    guard let macro = try await desk.macro(id, for: call.actor) else { throw APIError.notFound }
    return macro
  }

  /// What it would change, whatever the ticket.
  @Sendable private func apply(_ call: Call) async throws -> Response {
    try call.mustRead()
    let macro = try await found(try call.id(), call)
    let effect = try await MacroApplying(desk: desk, macro: macro, call: call).effect(on: nil)
    return .json { json in
      json.field(
        "result", object: { $0.field("ticket", object: { effect.writeChanges(to: &$0) }) })
    }
  }

  /// The ticket as it would be.
  @Sendable private func applyToTicket(_ call: Call) async throws -> Response {
    // Placeholders stand for comments and addresses too.
    try call.mustReadPrivate()
    let macro = try await found(try call.id("macro"), call)
    var presenter = try await call.presenter(desk)
    guard let ticket = try await desk.ticket(call.id()) else { throw APIError.notFound }
    let effect = try await MacroApplying(desk: desk, macro: macro, call: call).effect(on: ticket)
    let applied = effect.applied(to: ticket)
    try await presenter.prepare(for: [applied], desk)
    return .json { [presenter] json in
      json.field(
        "result",
        object: { json in
          json.field(
            "ticket",
            object: { json in
              presenter.members(of: applied, to: &json)
              effect.writeComment(to: &json)
            })
        })
    }
  }

  /// `?ids=1,2`: saves what it does to each, as one job.
  @Sendable private func applyMany(_ call: Call) async throws -> Response {
    let macro = try await found(try call.id(), call)
    guard macro.active else {
      throw APIError.invalid(
        "base", .invalidValue, "base: macro \(macro.id) is not active; activate it first")
    }
    let ids = try call.someIDs()
    let applying = MacroApplying(desk: desk, macro: macro, call: call)
    let rows = ids.map { id in
      BulkRow(id: id, action: "update") {
        guard let ticket = try await desk.ticket(id) else { throw APIError.notFound }
        return try await applying.command(on: ticket)
      }
    }
    return try await bulk.response(rows, call)
  }
}
