// Finished bulk jobs, kept on this node until newer ones push them out.

internal import HelpdeskDomain
internal import ReplicaCore
internal import Synchronization

struct JobResult: Sendable {
  var index: Int
  var id: RowID?
  /// Nil for a creation.
  var action: String?
  var error: APIError?
}

struct Job: Sendable {
  var id: String
  /// Only this user sees it.
  var owner: RowID
  var results: [JobResult]

  func write(base: String, to json: inout JSONWriter) {
    let failed = results.count { $0.error != nil }
    json.object { json in
      json.field("id", id)
      json.field("url", "\(base)/api/v2/job_statuses/\(id).json")
      json.field("total", results.count)
      json.field("progress", results.count)
      json.field("status", failed == results.count && failed > 0 ? "failed" : "completed")
      json.field("message", failed == 0 ? nil : "\(failed) of \(results.count) were refused")
      json.key("results")
      json.array(results) { json, result in write(result, to: &json) }
    }
  }

  private func write(_ result: JobResult, to json: inout JSONWriter) {
    json.object { json in
      if let action = result.action {
        json.field("id", result.id)
        json.field("action", action)
        json.field("success", result.error == nil)
        json.field("status", result.error == nil ? done(action) : "Failed")
      } else {
        json.field("index", result.index)
        if let id = result.id { json.field("id", id) }
      }
      if let error = result.error {
        json.field("error", error.error)
        json.field(
          "details", error.details.isEmpty ? error.description : error.details[0].description)
      }
    }
  }

  private func done(_ action: String) -> String { action == "delete" ? "Deleted" : "Updated" }
}

final class JobList: Sendable {
  private let jobs = Mutex<[Job]>([])

  func add(_ job: Job) {
    jobs.withLock { jobs in
      jobs.append(job)
      if jobs.count > APILimits.jobs { jobs.removeFirst(jobs.count - APILimits.jobs) }
    }
  }

  func job(_ id: String, of owner: RowID) -> Job? {
    jobs.withLock { $0.first { $0.id == id && $0.owner == owner } }
  }

  func all(of owner: RowID) -> [Job] { jobs.withLock { $0.filter { $0.owner == owner } } }
}
