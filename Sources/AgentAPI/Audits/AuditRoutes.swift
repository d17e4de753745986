// The history of a ticket, read from the delta log.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct AuditRoutes {
  let desk: any DeskService
  let attachments: any AttachmentService

  func add(to routes: Routes) {
    routes.get("/tickets/{id}/audits", list)
    routes.get("/tickets/{id}/audits/{audit}", show)
  }

  private struct Audit {
    var entry: HistoryEntry
    var events: [AuditEvent]
  }

  private func audits(_ call: Call) async throws -> (ticket: RowID, audits: [Audit]) {
    try call.mustRead()
    let ticket = try call.id()
    let entries = try await desk.history(RowRef(Desk.ticket, ticket))
    if entries.isEmpty { throw APIError.notFound }
    var trail = AuditTrail(ticket: ticket)
    return (ticket, entries.map { Audit(entry: $0, events: trail.events(of: $0.delta)) })
  }

  private func files(of ticket: RowID, _ call: Call) async throws -> AttachmentShelf {
    AttachmentShelf(base: call.base, try await attachments.attachments(ofTicket: ticket))
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let (ticket, all) = try await audits(call)
    let request = try call.page()
    let page = try all.page(request)
    let shelf = try await files(of: ticket, call)
    var users: [UserRecord]?
    if call.query.includes.contains("users") {
      users = try await desk.users(Set(page.rows.map(\.entry.delta.header.actor)).sorted())
    }
    return call.pageResponse(
      page, request, key: "audits",
      sideloads: { json in
        guard let users else { return }
        json.key("users")
        json.array(users) { UserPresenter(base: call.base).write($1, to: &$0) }
      }
    ) { json, audit in
      AuditPresenter.write(
        audit.entry.delta, ticket: ticket, events: audit.events, shelf, void: audit.entry.void,
        to: &json)
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    let wanted = try call.id("audit")
    let (ticket, all) = try await audits(call)
    guard let audit = all.first(where: { AuditPresenter.id(of: $0.entry.delta.dot) == wanted })
    else { throw APIError.notFound }
    let shelf = try await files(of: ticket, call)
    return .json { json in
      json.key("audit")
      AuditPresenter.write(
        audit.entry.delta, ticket: ticket, events: audit.events, shelf, void: audit.entry.void,
        to: &json)
    }
  }
}
