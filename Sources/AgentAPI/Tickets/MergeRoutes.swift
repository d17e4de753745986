// One matter in several tickets: merging, and the incidents of a problem.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct MergeRoutes {
  let desk: any DeskService
  let jobs: JobList

  func add(to routes: Routes) {
    routes.post("/tickets/{id}/merge", merge)
  }

  /// `{"ids": […], "target_comment", "source_comment", …}`. All or nothing: one delta.
  @Sendable private func merge(_ call: Call) async throws -> Response {
    var body = try await call.json()
    let ids = body.ids("ids")
    if !body.has("ids") {
      body.problem("ids", .blankValue, "ids must name the tickets that are to be closed")
    }
    var merge = TicketMerge(target: try call.id(), sources: ids ?? [])
    merge.targetComment = body.text("target_comment")
    merge.sourceComment = body.text("source_comment")
    merge.targetIsPublic = body.flag("target_comment_is_public") ?? false
    merge.sourceIsPublic = body.flag("source_comment_is_public") ?? false
    try body.check()
    _ = try await desk.submit(.mergeTickets(merge), as: call.actor)
    let results = merge.sources.enumerated().map { index, id in
      JobResult(index: index, id: id, action: "update", error: nil)
    }
    return BulkRun(desk: desk, jobs: jobs).response(results, call)
  }
}
