// Many commands of one request: each is answered by itself, and the job tells how they went.

internal import Foundation
internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

/// One row of a request: its id where it exists already, and the command it asks for.
struct BulkRow {
  var id: RowID?
  /// Nil for a creation.
  var action: String?
  var command: () async throws -> DeskCommand
}

/// Runs rows in few commits. One row's refusal does not stop the others; a failing node does.
struct BulkRun {
  let desk: any DeskService
  let jobs: JobList

  func response(_ rows: [BulkRow], _ call: Call) async throws -> Response {
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
      case .success(let receipt): made[index] = rows[index].id ?? receipt.created
      case .failure(.refused(let refusal)): refused[index] = APIError(refusal)
      case .failure(let failure): throw failure
      }
    }
    let results = rows.enumerated().map { index, row in
      JobResult(index: index, id: made[index] ?? row.id, action: row.action, error: refused[index])
    }
    return response(results, call)
  }

  /// The job of work that is done.
  func response(_ results: [JobResult], _ call: Call) -> Response {
    let job = Job(
      id: UUID().uuidString.lowercased().replacing("-", with: ""), owner: call.actor.user,
      results: results)
    jobs.add(job)
    return .json { json in
      json.key("job_status")
      job.write(base: call.base, to: &json)
    }
  }
}

extension Call {
  /// The objects of the list under the key, at most ``APILimits/bulkRows``.
  func rows(_ key: String) async throws -> [FieldReader] {
    var body = try await json()
    let rows = body.objects(key)
    try body.check()
    guard let rows, !rows.isEmpty else {
      throw APIError.invalid(key, .blankValue, "The body must hold a list under \"\(key)\".")
    }
    guard rows.count <= APILimits.bulkRows else {
      throw APIError.tooManyValues(
        "\(key) holds \(rows.count) \(key); at most \(APILimits.bulkRows) go at once.")
    }
    return rows
  }
}
