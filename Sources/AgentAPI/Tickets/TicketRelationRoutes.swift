// What stands around a ticket: who is copied, what refers to it, and the deleted ones.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketRelationRoutes {
  let desk: any DeskService
  let node: any NodeService

  func add(to routes: Routes) {
    routes.get("/tickets/{id}/collaborators", collaborators)
    routes.get("/tickets/{id}/related", related)
    routes.get("/tickets/{id}/metrics", metrics)
    routes.get("/ticket_metrics", everyMetrics)
    routes.get("/deleted_tickets", deleted)
    routes.put("/deleted_tickets/{id}/restore") { call in
      _ = try await desk.submit(.restoreTicket(call.id()), as: call.actor)
      return .noContent
    }
    routes.put("/deleted_tickets/restore_many") { call in
      let ids = try call.query.ids()
      guard !ids.isEmpty else {
        throw APIError.badRequest("InvalidParameter", "Give the tickets: ids=1,2,3.")
      }
      for id in ids {
        _ = try await desk.submit(.restoreTicket(id), as: call.actor)
      }
      return .noContent
    }
  }

  private func ticket(_ call: Call) async throws -> TicketRecord {
    try call.mustRead()
    guard let ticket = try await desk.ticket(call.id()) else { throw APIError.notFound }
    return ticket
  }

  @Sendable private func collaborators(_ call: Call) async throws -> Response {
    let request = try call.page()
    let page = try await desk.users(ticket(call).collaborators).page(request)
    let presenter = UserPresenter(base: call.base, reader: call.actor)
    return call.pageResponse(page, request, key: "users") { presenter.write($1, to: &$0) }
  }

  @Sendable private func related(_ call: Call) async throws -> Response {
    let ticket = try await ticket(call)
    let incidents = try await desk.ticketCount([TicketFilter(.problem(ticket.id))])
    return .json { json in
      json.field(
        "ticket_related",
        object: { json in
          json.field("url", "\(call.base)/api/v2/tickets/\(ticket.id)/related.json")
          json.null("topic_id")
          json.field("jira_issue_ids", [String]())
          json.field("followup_source_ids", [RowID]())
          json.field("from_archive", false)
          json.field("incidents", incidents)
          json.field("merged_into", ticket.mergedInto)
        })
    }
  }

  private func measured(_ ticket: TicketRecord, _ now: Instant) async throws -> TicketMetrics {
    TicketMetrics(
      ticket, history: try await desk.history(RowRef(Desk.ticket, ticket.id)), now: now)
  }

  @Sendable private func metrics(_ call: Call) async throws -> Response {
    let metrics = try await measured(ticket(call), node.status().clock.now.instant)
    return .json { json in
      json.key("ticket_metric")
      metrics.write(base: call.base, to: &json)
    }
  }

  @Sendable private func everyMetrics(_ call: Call) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let page = try await desk.tickets(TicketQuery(page: request))
    let now = try await node.status().clock.now.instant
    var rows: [TicketMetrics] = []
    for ticket in page.rows { rows.append(try await measured(ticket, now)) }
    let shown = Page(
      rows: rows, hasMore: page.hasMore, afterCursor: page.afterCursor,
      beforeCursor: page.beforeCursor, count: page.count)
    return call.pageResponse(shown, request, key: "ticket_metrics") {
      $1.write(base: call.base, to: &$0)
    }
  }

  @Sendable private func deleted(_ call: Call) async throws -> Response {
    // Descriptions may be private comments.
    try call.mustReadPrivate()
    let request = try call.page()
    let page = try await desk.deletedTickets(request)
    return call.pageResponse(page, request, key: "deleted_tickets") { json, ticket in
      json.object { json in
        json.field("id", ticket.id)
        json.field("subject", ticket.subject)
        json.field("description", ticket.description)
        json.field("previous_state", ticket.status)
        json.field("deleted_at", ticket.updatedAt)
      }
    }
  }
}
