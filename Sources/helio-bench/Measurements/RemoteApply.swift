// What a peer's batches cost to take in, against bare SQLite writing the same rows.

internal import HelpdeskDomain
internal import NodeRuntime
internal import ReplicaCore

struct RemoteApply: Measurement {
  static let name = "apply"
  static let summary = "taking in the one-field updates of another node"

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    let pair = try await BenchPair.make(bench, plan)
    await pair.singapore.stop()
    let rival = try bench.copy(pair.singapore.database, to: "rival.sqlite")

    Progress.say("\(plan.changes) updates to apply")
    var updates = Updates(of: pair.desk.tickets, seed: plan.seed &+ 11)
    let commands = updates.take(plan.changes)
    try await Clients.submit(
      commands, by: plan.clients, at: pair.paris.node, as: pair.desk.agent)
    let singapore = try await BenchNode.start(pair.singapore.directory)
    // Nothing comes in by the link; the batches are handed to the same gate by hand.
    singapore.node.pauseLinks(true)
    pair.paris.node.pauseLinks(true)
    let applied = try await Self.apply(from: pair.paris.node, to: singapore.node)
    let before = try RecordedLog.last(rival)
    await singapore.stop()
    await pair.paris.stop()

    let recorded = try RecordedLog.read(singapore.database, after: before, ends: applied.ends)
    let theirs = try BareReplay.seconds(recorded, in: rival)
    Progress.say(
      "\(recorded.count) deltas in \(recorded.groups.count) batches: "
        + "ours \(BenchReport.fixed(applied.seconds, 2)) s, "
        + "bare \(BenchReport.fixed(theirs, 2)) s")
    return [
      BenchRow(
        "apply of remote deltas", Double(recorded.count) / applied.seconds, "deltas/s",
        rival: "bare SQLite, equal groups", Double(recorded.count) / theirs)
    ]
  }

  /// Hands batch after batch over as a session would. Only the taking in is timed; `ends` are the
  /// apply numbers at which a batch's transaction ended.
  private static func apply(
    from source: Node, to target: Node
  ) async throws -> (seconds: Double, ends: Set<Int64>) {
    var seconds = 0.0
    var ends: Set<Int64> = []
    while true {
      let batch = try await source.deltas(beyond: target.vector)
      guard !batch.deltas.isEmpty else { return (seconds, ends) }
      let watch = Stopwatch()
      let outcome = await target.apply(batch, from: source.slot)
      seconds += watch.seconds
      guard outcome == .committed(applied: batch.deltas.count) else {
        throw BenchFailure("a batch was not applied: \(outcome)")
      }
      ends.insert(target.appliedNumber)
    }
  }
}
