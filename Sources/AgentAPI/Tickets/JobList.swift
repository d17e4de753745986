// Finished bulk jobs, kept on this node until newer ones of the same users push them out.

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

/// The last jobs of each user, ``APILimits/jobs`` of all together: beyond that the oldest one goes of
/// whoever keeps the most, so that nobody pushes out the jobs of others who keep fewer.
final class JobList: Sendable {
  private struct Kept: Sendable {
    /// Counted over all users.
    var number: Int
    var job: Job
  }

  private struct State {
    /// Oldest first; no list is empty.
    var jobs: [RowID: [Kept]] = [:]
    var last = 0
    var count = 0

    mutating func dropOne() {
      // Of those who keep equally many, whose oldest is the oldest.
      let most = jobs.max {
        ($0.value.count, $1.value[0].number) < ($1.value.count, $0.value[0].number)
      }
      guard let owner = most?.key else { return }
      jobs[owner]?.removeFirst()
      if jobs[owner]?.isEmpty ?? false { jobs[owner] = nil }
      count -= 1
    }
  }

  private let state = Mutex(State())

  func add(_ job: Job) {
    state.withLock { state in
      state.last += 1
      state.count += 1
      state.jobs[job.owner, default: []].append(Kept(number: state.last, job: job))
      if state.count > APILimits.jobs { state.dropOne() }
    }
  }

  func job(_ id: String, of owner: RowID) -> Job? { all(of: owner).first { $0.id == id } }

  /// Oldest first.
  private func all(of owner: RowID) -> [Job] {
    state.withLock { $0.jobs[owner]?.map(\.job) ?? [] }
  }

  /// Newest first. Cursors go by the numbers of jobs, so that those which come meanwhile move nothing.
  func page(of owner: RowID, _ request: PageRequest) throws(DeskFailure) -> Page<Job> {
    let kept = state.withLock { $0.jobs[owner] ?? [] }
    let page = try KeysetList("jobs", kept, ascending: false) { (Int64($0.number), 0) }
      .page(request)
    return Page(
      rows: page.rows.map(\.job), hasMore: page.hasMore, afterCursor: page.afterCursor,
      beforeCursor: page.beforeCursor, count: page.count)
  }
}
