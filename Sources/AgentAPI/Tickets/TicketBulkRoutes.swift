// Many tickets in one request. The work is done before the answer; the job tells how it went.

internal import Foundation
internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketBulkRoutes {
  let desk: any DeskService
  let jobs = JobList()
  private var writing: TicketWriting { TicketWriting(desk: desk) }

  init(desk: any DeskService) { self.desk = desk }

  func add(to routes: Routes) {
    routes.post("/tickets/create_many", createMany)
    routes.update("/tickets/update_many", updateMany)
    routes.delete("/tickets/destroy_many", destroyMany)
    routes.get("/job_statuses", list)
    routes.get("/job_statuses/show_many", showMany)
    routes.get("/job_statuses/{id}", show)
  }

  @Sendable private func createMany(_ call: Call) async throws -> Response {
    let bodies = try await tickets(call)
    var results: [JobResult] = []
    for (index, body) in bodies.enumerated() {
      results.append(
        try await attempt(index: index, id: nil, action: nil) {
          try await writing.create(body, call).0
        })
    }
    return answer(results, call)
  }

  /// `?ids=1,2` with one `ticket`, or `tickets` that name their ids.
  @Sendable private func updateMany(_ call: Call) async throws -> Response {
    var pairs: [(RowID, FieldReader)] = []
    if call.query["ids"] != nil {
      let body = try await call.json("ticket")
      pairs = try call.query.ids().map { ($0, body) }
    } else {
      for var body in try await tickets(call) {
        guard let id = body.id("id") else {
          throw APIError.invalid("id", .blankValue, "\(body.prefix)id must be given")
        }
        pairs.append((id, body))
      }
    }
    var results: [JobResult] = []
    for (index, (id, body)) in pairs.enumerated() {
      results.append(
        try await attempt(index: index, id: id, action: "update") {
          _ = try await writing.update(id, body, call)
          return id
        })
    }
    return answer(results, call)
  }

  @Sendable private func destroyMany(_ call: Call) async throws -> Response {
    var results: [JobResult] = []
    for (index, id) in try call.query.ids().enumerated() {
      results.append(
        try await attempt(index: index, id: id, action: "delete") {
          _ = try await desk.submit(.deleteTicket(id), as: call.actor)
          return id
        })
    }
    return answer(results, call)
  }

  private func tickets(_ call: Call) async throws -> [FieldReader] {
    var body = try await call.json()
    let tickets = body.objects("tickets")
    try body.check()
    guard let tickets, !tickets.isEmpty else {
      throw APIError.invalid("tickets", .blankValue, "The body must hold a list under \"tickets\".")
    }
    guard tickets.count <= APILimits.bulkRows else {
      throw APIError.tooManyValues(
        "tickets holds \(tickets.count) tickets; at most \(APILimits.bulkRows) go at once.")
    }
    return tickets
  }

  /// One row's refusal does not stop the others; a failing node does.
  private func attempt(
    index: Int, id: RowID?, action: String?, _ work: () async throws -> RowID
  ) async throws -> JobResult {
    do {
      return JobResult(index: index, id: try await work(), action: action, error: nil)
    } catch let error as APIError {
      return JobResult(index: index, id: id, action: action, error: error)
    } catch DeskFailure.refused(let refusal) {
      return JobResult(index: index, id: id, action: action, error: APIError(refusal))
    }
  }

  private func answer(_ results: [JobResult], _ call: Call) -> Response {
    let job = Job(
      id: UUID().uuidString.lowercased().replacing("-", with: ""), owner: call.actor.user,
      results: results)
    jobs.add(job)
    return .json { json in
      json.key("job_status")
      job.write(base: call.base, to: &json)
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    guard let job = jobs.job(call.text("id"), of: call.actor.user) else { throw APIError.notFound }
    return .json { json in
      json.key("job_status")
      job.write(base: call.base, to: &json)
    }
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    write(jobs.all(of: call.actor.user), call)
  }

  @Sendable private func showMany(_ call: Call) async throws -> Response {
    let ids = (call.query["ids"] ?? "").split(separator: ",").map(String.init)
    return write(ids.compactMap { jobs.job($0, of: call.actor.user) }, call)
  }

  private func write(_ jobs: [Job], _ call: Call) -> Response {
    .json { json in
      json.key("job_statuses")
      json.array(jobs) { $1.write(base: call.base, to: &$0) }
      json.null("next_page", "previous_page")
      json.field("count", jobs.count)
    }
  }
}
