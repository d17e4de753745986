// The tickets of a view, as rows of its columns or as whole tickets.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct ViewRows {
  let desk: any DeskService

  func execute(
    _ view: RowID?, _ conditions: ViewConditions, _ output: ViewOutput, _ call: Call
  ) async throws -> Response {
    let query = ViewQuery(
      conditions: conditions, order: try order(output, call), page: try call.page())
    var tickets = try await call.presenter(desk)
    let page = try await desk.tickets(query, as: call.actor)
    try await tickets.prepare(for: page.rows, desk)
    let presenter = ViewPresenter(base: call.base, fields: try await desk.ticketFields())
    let last = try await desk.lastComments(of: page.rows.map(\.id))
    let comments =
      call.actor.role.mayReadPrivate ? last : last.filter { $0.value.isPublic }
    let beside = try await Sideloads(
      sideloads(output), tickets: page.rows, call: call, desk: desk)
    return call.pageResponse(
      page, query.page, key: "rows",
      sideloads: { json in
        json.key("columns")
        presenter.columns(output.columns, to: &json)
        beside.write(to: &json)
        json.field(
          "view",
          object: { json in
            json.field("id", view)
            json.field("url", view.map(presenter.url))
          })
      }
    ) { json, ticket in
      let ticket = tickets.shown(ticket)
      json.object { json in
        presenter.brief(ticket, comments[ticket.id], tickets, to: &json)
        presenter.cells(output.columns, of: ticket, to: &json)
      }
    }
  }

  func tickets(_ view: ViewRecord, _ call: Call) async throws -> Response {
    let query = ViewQuery(
      conditions: view.conditions, order: try order(view.output, call), page: try call.page())
    var presenter = try await call.presenter(desk)
    let page = try await desk.tickets(query, as: call.actor)
    try await presenter.prepare(for: page.rows, desk)
    let sideloads = try await Sideloads(
      call.query.includes, tickets: page.rows, call: call, desk: desk)
    return call.pageResponse(
      page, query.page, key: "tickets", sideloads: sideloads.write
    ) { presenter.write($1, to: &$0) }
  }

  /// Rows name people and groups by id, so these stand beside.
  private func sideloads(_ output: ViewOutput) -> Set<String> {
    var found: Set<String> = []
    for column in output.columns + [output.groupBy, output.sortBy].compactMap(\.self) {
      switch column {
      case "requester", "assignee", "submitter": found.insert("users")
      case "group": found.insert("groups")
      case "organization": found.insert("organizations")
      default: break
      }
    }
    return found
  }

  /// The view's own order, unless `sort_by` and `sort_order` ask for another.
  private func order(_ output: ViewOutput, _ call: Call) throws(APIError) -> ViewOrder {
    var order = output.order
    if let key = try key("sort_by", call) {
      order.sort = key
      order.sortAscending = true
    }
    if let ascending = try call.query.ascending() { order.sortAscending = ascending }
    if let key = try key("group_by", call) { order.group = key }
    if let ascending = try call.query.ascending("group_order") { order.groupAscending = ascending }
    return order
  }

  private func key(_ parameter: String, _ call: Call) throws(APIError) -> ViewOrder.Key? {
    guard let name = call.query[parameter] else { return nil }
    guard let key = ViewOrder.Key(name) else {
      throw .badRequest(
        "InvalidParameter",
        "\(parameter) must be one of "
          + ViewOrder.Key.allCases.map(\.rawValue).joined(separator: ", ") + ", not \"\(name)\".")
    }
    return key
  }
}
