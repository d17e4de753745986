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
    var events: [AuditChild]
  }

  private func audits(_ call: Call) async throws -> (ticket: RowID, audits: [Audit]) {
    try call.mustReadPrivate()
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
    let audits = try KeysetList(
      "audits \(ticket)", all, ascending: !call.query.isNewestFirst()
    ) { ($0.entry.applied, 0) }
    let page = try audits.page(request)
    let shelf = try await files(of: ticket, call)
    let shown = try await desk.ticket(ticket)
    let actors = page.rows.map(\.entry.delta.header.actor)
    let sideloads = try await Sideloads(
      call.query.includes, users: actors, groups: [shown?.group],
      organizations: [shown?.organization], call: call, desk: desk)
    let disabled = Self.disabled(try await desk.users(Set(actors).sorted()))
    return call.pageResponse(
      page, request, key: "audits", sideloads: sideloads.write
    ) { json, audit in
      AuditPresenter.write(
        audit.entry.delta, applied: audit.entry.applied, ticket: ticket, events: audit.events,
        shelf, void: audit.entry.void, afterDisabling: Self.isLate(audit.entry, disabled),
        to: &json)
    }
  }

  private static func disabled(_ users: [UserRecord]) -> [RowID: HLC] {
    Dictionary(
      users.compactMap { user in user.disabled.map { (user.id, $0) } }, uniquingKeysWith: max)
  }

  /// Whether the author was disabled by then at another node. Had this one's author known, the act
  /// would be void; so it has effect, and somebody should look at it.
  private static func isLate(_ entry: HistoryEntry, _ disabled: [RowID: HLC]) -> Bool {
    let header = entry.delta.header
    return entry.void == nil && disabled[header.actor].map { header.hlc > $0 } ?? false
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    let wanted = try call.id("audit")
    let (ticket, all) = try await audits(call)
    guard let audit = all.first(where: { AuditPresenter.id(of: $0.entry.delta.dot) == wanted })
    else { throw APIError.notFound }
    let shelf = try await files(of: ticket, call)
    let disabled = Self.disabled(try await desk.users([audit.entry.delta.header.actor]))
    return .json { json in
      json.key("audit")
      AuditPresenter.write(
        audit.entry.delta, applied: audit.entry.applied, ticket: ticket, events: audit.events,
        shelf, void: audit.entry.void, afterDisabling: Self.isLate(audit.entry, disabled),
        to: &json)
    }
  }
}
