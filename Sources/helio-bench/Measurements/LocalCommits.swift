// Durable commands at one node, one client and many, against bare SQLite in equal groups.

internal import HelpdeskDomain
internal import NodeRuntime
internal import ReplicaCore

struct LocalCommits: Measurement {
  static let name = "commits"
  static let summary = "durable one-field updates at one node, single and grouped"

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    let directory = bench.path("paris")
    try await BenchNode.found(in: directory)
    let filling = try await BenchNode.start(directory)
    let desk = try await BenchDesk.fill(filling.node, tickets: plan.tickets, seed: plan.seed)
    await filling.stop()
    var rows: [BenchRow] = []
    for (label, clients, count) in [
      ("single", 1, max(100, plan.changes / 10)), ("grouped", plan.clients, plan.changes),
    ] {
      Progress.say("\(count) commits, \(label)")
      rows += try await measure(
        "\(label), \(clients) clients", clients, count, directory, desk, bench)
    }
    return rows
  }

  private func measure(
    _ label: String, _ clients: Int, _ count: Int, _ directory: String, _ desk: BenchDesk,
    _ bench: Workbench
  ) async throws -> [BenchRow] {
    let running = try await BenchNode.start(directory)
    // The announcement and the search queue of the fill belong to no figure.
    try await eventually("the search index", seconds: 600) { try await running.node.searchLag == 0 }
    await running.stop()
    let rival = try bench.copy(running.database, to: "rival-\(clients).sqlite")
    let before = try RecordedLog.last(rival)

    let measured = try await BenchNode.start(directory)
    var updates = Updates(of: desk.tickets, seed: UInt64(clients) &+ 7)
    let commands = updates.take(count)
    let watch = Stopwatch()
    try await Clients.submit(commands, by: clients, at: measured.node, as: desk.agent)
    let seconds = watch.seconds
    await measured.stop()

    let recorded = try RecordedLog.read(measured.database, after: before)
    let theirs = try BareReplay.seconds(recorded, in: rival)
    Progress.say(
      "\(recorded.count) deltas in \(recorded.groups.count) transactions: "
        + "ours \(BenchReport.fixed(seconds, 2)) s, bare \(BenchReport.fixed(theirs, 2)) s")
    return [
      BenchRow(
        "local commits, \(label)", Double(count) / seconds, "commits/s",
        rival: "bare SQLite, equal groups", Double(recorded.count) / theirs)
    ]
  }
}
