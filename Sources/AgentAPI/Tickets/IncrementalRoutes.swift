// Exports in the order in which this node applied changes, so that late changes of another
// office are not missed.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct IncrementalRoutes {
  let desk: any DeskService
  let node: any NodeService

  func add(to routes: Routes) {
    routes.get("/incremental/tickets/cursor", byCursor)
    routes.get("/incremental/tickets", byTime)
  }

  @Sendable private func byCursor(_ call: Call) async throws -> Response {
    try call.mustRead()
    let slot = try await node.status().slot
    let position: AppliedPosition
    if let cursor = call.query["cursor"] {
      position = .number(try read(cursor, slot: slot))
    } else {
      position = .time(try start(call))
    }
    let size = try size(call)
    var presenter = try await call.presenter(desk)
    let tickets = try await desk.appliedTickets(after: position, limit: size)
    try await presenter.prepare(for: tickets, desk)
    let after: String? =
      if let last = tickets.last {
        Base64URL.encode(Array("\(slot):\(last.applied)".utf8))
      } else {
        call.query["cursor"]
      }
    return .json { json in
      json.key("tickets")
      json.array(tickets) { presenter.write($1, to: &$0) }
      json.field(
        "after_url",
        after.map { cursor in
          "\(call.base)/api/v2/incremental/tickets/cursor.json?cursor=\(cursor)&per_page=\(size)"
        })
      json.null("before_url")
      json.field("after_cursor", after)
      json.null("before_cursor")
      json.field("end_of_stream", tickets.count < size)
    }
  }

  @Sendable private func byTime(_ call: Call) async throws -> Response {
    try call.mustRead()
    let start = try start(call)
    let size = try size(call)
    var presenter = try await call.presenter(desk)
    let tickets = try await desk.appliedTickets(after: .time(start), limit: size)
    try await presenter.prepare(for: tickets, desk)
    let end = tickets.last?.appliedAt.seconds ?? start.seconds
    return .json { json in
      json.key("tickets")
      json.array(tickets) { presenter.write($1, to: &$0) }
      json.field("count", tickets.count)
      json.field("end_of_stream", tickets.count < size)
      json.field("end_time", end)
      json.field(
        "next_page",
        "\(call.base)/api/v2/incremental/tickets.json?start_time=\(end)&per_page=\(size)")
    }
  }

  private func size(_ call: Call) throws(APIError) -> Int {
    let size = try call.query.integer("per_page") ?? 1_000
    guard (1...1_000).contains(size) else {
      throw .badRequest("InvalidPaginationParameter", "per_page must be 1 to 1000, not \(size).")
    }
    return size
  }

  private func start(_ call: Call) throws(APIError) -> Instant {
    guard let text = call.query["start_time"] else {
      throw .badRequest("InvalidParameter", "Give start_time (Unix seconds) or cursor.")
    }
    // Loaders that count in floating point write whole seconds with a fraction of 0.
    guard let seconds = Int(text.hasSuffix(".0") ? text.dropLast(2) : text[...]) else {
      throw .badRequest(
        "InvalidParameter", "start_time must be Unix seconds, not \"\(text)\".")
    }
    guard (0...WireTime.seconds.upperBound).contains(Int64(seconds)) else {
      throw .badRequest(
        "InvalidParameter",
        "start_time must be Unix seconds, 0 to \(WireTime.seconds.upperBound), not \(seconds).")
    }
    return Instant(seconds: Int64(seconds))
  }

  /// A cursor counts this node's own applies, so another node's means nothing here.
  private func read(_ cursor: String, slot: UInt32) throws(APIError) -> Int64 {
    let text = Base64URL.decode(cursor).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let parts = text.split(separator: ":")
    guard parts.count == 2, let owner = UInt32(parts[0]), let applied = Int64(parts[1]) else {
      throw .badRequest("InvalidPaginationParameter", "The cursor was not given out by a node.")
    }
    guard owner == slot else {
      throw .badRequest(
        "InvalidPaginationParameter",
        "The cursor belongs to the node with slot \(owner), this is \(slot). Ask that node, or "
          + "start again with start_time.")
    }
    return applied
  }
}
