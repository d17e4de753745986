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
    let rows = try await tickets(call).map { body in
      Row(id: nil, action: nil) { try await writing.creation(body, call) }
    }
    return try await run(rows, call)
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
    let rows = pairs.map { id, body in
      Row(id: id, action: "update") { try await writing.change(id, body, call) }
    }
    return try await run(rows, call)
  }

  @Sendable private func destroyMany(_ call: Call) async throws -> Response {
    let rows = try call.query.ids().map { id in
      Row(id: id, action: "delete") { .deleteTicket(id) }
    }
    return try await run(rows, call)
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

  /// One ticket of a request: its id where it exists already, and the command it asks for.
  struct Row {
    let id: RowID?
    let action: String?
    let command: () async throws -> DeskCommand
  }

  /// Runs all rows in few commits. One row's refusal does not stop the others; a failing node does.
  func run(_ rows: [Row], _ call: Call) async throws -> Response {
    var refused: [Int: APIError] = [:]
    var commands: [(index: Int, command: DeskCommand)] = []
    for (index, row) in rows.enumerated() {
      do { commands.append((index, try await row.command())) } catch let error as APIError {
        refused[index] = error
      } catch DeskFailure.refused(let refusal) { refused[index] = APIError(refusal) }
    }
    let receipts = await desk.submit(all: commands.map(\.command), as: call.actor)
    var made: [Int: RowID] = [:]
    for ((index, _), receipt) in zip(commands, receipts) {
      switch receipt {
      case .success(let receipt): made[index] = try rows[index].id ?? writing.created(receipt)
      case .failure(.refused(let refusal)): refused[index] = APIError(refusal)
      case .failure(let failure): throw failure
      }
    }
    let results = rows.enumerated().map { index, row in
      JobResult(index: index, id: made[index] ?? row.id, action: row.action, error: refused[index])
    }
    return answer(results, call)
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
