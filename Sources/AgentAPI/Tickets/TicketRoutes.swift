// Tickets: create, show, list, count, update, delete.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketRoutes {
  let desk: any DeskService
  private var writing: TicketWriting { TicketWriting(desk: desk) }

  func add(to routes: Routes) {
    routes.get("/tickets", { try await list($0, []) })
    routes.post("/tickets", create)
    routes.get("/tickets/count", count)
    routes.get("/tickets/recent", recent)
    routes.get("/tickets/show_many", showMany)
    routes.get("/tickets/{id}", show)
    routes.update("/tickets/{id}", update)
    routes.delete("/tickets/{id}", delete)
    routes.get("/problems") { call in
      try await list(call, [TicketFilter(.type(TicketType.problem.rawValue))])
    }
    routes.get("/tickets/{id}/incidents") { call in
      try await list(call, [TicketFilter(.problem(call.parent(.ticket, in: desk)))])
    }
    routes.get("/users/{id}/tickets/ccd") { call in
      try await list(call, [TicketFilter(.collaborator(call.parent(.user, in: desk)))])
    }
    routes.get("/organizations/{id}/tickets") { call in
      let organization = try await call.parent(.organization, in: desk)
      return try await list(call, [TicketFilter(.organization(organization))])
    }
    routes.get("/users/{id}/tickets/requested") { call in
      try await list(call, [TicketFilter(.requester(call.parent(.user, in: desk)))])
    }
    routes.get("/users/{id}/tickets/assigned") { call in
      try await list(call, [TicketFilter(.assignee(call.parent(.user, in: desk)))])
    }
  }

  @Sendable private func list(_ call: Call, _ filters: [TicketFilter]) async throws -> Response {
    try call.mustRead()
    var filters = filters
    if let external = try call.query.externalID() {
      filters.append(.init(.externalID(external)))
    }
    var query = TicketQuery(filters: filters, page: try call.page())
    (query.order, query.ascending) = try order(call.query)
    return try await respond(query, call)
  }

  @Sendable private func recent(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await respond(
      TicketQuery(order: .updatedAt, ascending: false, page: call.page()), call)
  }

  private func respond(_ query: TicketQuery, _ call: Call) async throws -> Response {
    var presenter = try await call.presenter(desk)
    let page = try await desk.tickets(query)
    try await presenter.prepare(for: page.rows, desk)
    let sideloads = try await Sideloads(
      call.query.includes, tickets: page.rows, call: call, desk: desk)
    return call.pageResponse(
      page, query.page, key: "tickets", sideloads: sideloads.write
    ) { presenter.write($1, to: &$0) }
  }

  /// `sort=-updated_at`, or `sort_by=updated_at&sort_order=desc`.
  private func order(_ query: QueryParameters) throws(APIError) -> (TicketOrder, Bool) {
    var ascending = try query.ascending() ?? true
    var name = query["sort_by"]
    if let sort = query["sort"] {
      ascending = !sort.hasPrefix("-")
      name = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
    }
    guard let name else { return (.id, ascending) }
    guard let order = TicketOrder(rawValue: name), order != .relevance else {
      throw .badRequest(
        "InvalidParameter",
        "Tickets are sorted by id, created_at, updated_at, priority or status, not \"\(name)\".")
    }
    return (order, ascending)
  }

  @Sendable private func count(_ call: Call) async throws -> Response {
    try call.mustRead()
    let count = try await desk.ticketCount([])
    return .json { json in
      json.field(
        "count",
        object: { json in
          json.field("value", count)
          json.null("refreshed_at")
        })
    }
  }

  @Sendable private func showMany(_ call: Call) async throws -> Response {
    try call.mustRead()
    let ids = try call.query.ids()
    var presenter = try await call.presenter(desk)
    let tickets = try await desk.tickets(ids)
    try await presenter.prepare(for: tickets, desk)
    let sideloads = try await Sideloads(
      call.query.includes, tickets: tickets, call: call, desk: desk)
    return .json { json in
      json.key("tickets")
      json.array(tickets) { presenter.write($1, to: &$0) }
      sideloads.write(to: &json)
      json.null("next_page", "previous_page")
      json.field("count", tickets.count)
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    var presenter = try await call.presenter(desk)
    guard let ticket = try await desk.ticket(call.id()) else { throw APIError.notFound }
    try await presenter.prepare(for: [ticket], desk)
    let sideloads = try await Sideloads(
      call.query.includes, tickets: [ticket], call: call, desk: desk)
    return .json { json in
      json.key("ticket")
      presenter.write(ticket, to: &json)
      sideloads.write(to: &json)
    }
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let (id, receipt) = try await writing.create(call.json("ticket"), call)
    return try await writing.response(id, receipt, before: nil, created: true, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let id = try call.id()
    let body = try await call.json("ticket")
    guard let before = try await desk.ticket(id) else { throw APIError.notFound }
    let receipt = try await writing.update(id, body, call)
    return try await writing.response(id, receipt, before: before, created: false, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.deleteTicket(call.id()), as: call.actor)
    return .noContent
  }
}
