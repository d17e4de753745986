// Many tickets in one request. The work is done before the answer; the job tells how it went.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketBulkRoutes {
  let desk: any DeskService
  let jobs: JobList
  private var writing: TicketWriting { TicketWriting(desk: desk) }

  init(desk: any DeskService, jobs: JobList) {
    self.desk = desk
    self.jobs = jobs
  }

  func add(to routes: Routes) {
    routes.post("/tickets/create_many", createMany)
    routes.update("/tickets/update_many", updateMany)
    routes.delete("/tickets/destroy_many", destroyMany)
    routes.get("/job_statuses", list)
    routes.get("/job_statuses/show_many", showMany)
    routes.get("/job_statuses/{id}", show)
  }

  @Sendable private func createMany(_ call: Call) async throws -> Response {
    let rows = try await call.rows("tickets").map { body in
      BulkRow(id: nil, action: nil) { try await writing.creation(body, call) }
    }
    return try await run(rows, call)
  }

  /// `?ids=1,2` with one `ticket`, or `tickets` that name their ids.
  @Sendable private func updateMany(_ call: Call) async throws -> Response {
    var pairs: [(RowID, FieldReader)] = []
    if call.query["ids"] != nil {
      let body = try await call.json("ticket")
      pairs = try ids(call).map { ($0, body) }
    } else {
      for var body in try await call.rows("tickets") {
        guard let id = body.id("id") else {
          throw APIError.invalid("id", .blankValue, "\(body.prefix)id must be given")
        }
        pairs.append((id, body))
      }
    }
    let rows = pairs.map { id, body in
      BulkRow(id: id, action: "update") { try await writing.change(id, body, call) }
    }
    return try await run(rows, call)
  }

  @Sendable private func destroyMany(_ call: Call) async throws -> Response {
    let rows = try ids(call).map { id in
      BulkRow(id: id, action: "delete") { .deleteTicket(id) }
    }
    return try await run(rows, call)
  }

  /// Without any there is nothing to do, which the caller cannot mean.
  private func ids(_ call: Call) throws(APIError) -> [RowID] {
    let ids = try call.query.ids()
    guard !ids.isEmpty else {
      throw .badRequest("InvalidParameter", "Give the tickets: ids=1,2,3.")
    }
    return ids
  }

  private func run(_ rows: [BulkRow], _ call: Call) async throws -> Response {
    try await BulkRun(desk: desk, jobs: jobs).response(rows, call)
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    guard let job = jobs.job(call.text("id"), of: call.actor.user) else { throw APIError.notFound }
    return .json { json in
      json.key("job_status")
      job.write(base: call.base, to: &json)
    }
  }

  /// The last one first.
  @Sendable private func list(_ call: Call) async throws -> Response {
    let request = try call.page()
    let page = try jobs.page(of: call.actor.user, request)
    return call.pageResponse(page, request, key: "job_statuses") {
      $1.write(base: call.base, to: &$0)
    }
  }

  @Sendable private func showMany(_ call: Call) async throws -> Response {
    let ids = (call.query["ids"] ?? "").split(separator: ",").map(String.init)
    guard ids.count <= APILimits.bulkRows else {
      throw APIError.tooManyValues(
        "ids holds \(ids.count) jobs; at most \(APILimits.bulkRows) go.")
    }
    let found = ids.compactMap { jobs.job($0, of: call.actor.user) }
    return .json { json in
      json.key("job_statuses")
      json.array(found) { $1.write(base: call.base, to: &$0) }
      json.null("next_page", "previous_page")
      json.field("count", found.count)
    }
  }
}
