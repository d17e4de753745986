// Commits at one node until they are visible at the other: how many a second, and how soon.

internal import HelpdeskDomain
internal import NodeRuntime
internal import ReplicaCore

struct Replication: Measurement {
  static let name = "replication"
  static let summary = "one-field updates from commit here to visible there, over mutual TLS"

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    let pair = try await BenchPair.make(bench, plan)
    var updates = Updates(of: pair.desk.tickets, seed: plan.seed &+ 23)
    Progress.say("\(plan.changes) updates by \(plan.clients) clients")
    let rate = try await rate(updates.take(plan.changes), plan, pair)
    try await pair.settle()
    let count = min(plan.requests, plan.changes)
    Progress.say("\(count) updates, one after the other")
    let delays = try await delays(updates.take(count), pair)
    await pair.stop()
    return rows(rate, Percentiles(delays), plan, try await peer(plan))
  }

  private func peer(_ plan: BenchPlan) async throws -> PostgresFigures? {
    guard plan.peer == .postgres else { return nil }
    Progress.say("the same in PostgreSQL 15 with logical replication")
    return try await PostgresPair.measure(plan)
  }

  private func rows(
    _ rate: Double, _ delays: Percentiles, _ plan: BenchPlan, _ peer: PostgresFigures?
  ) -> [BenchRow] {
    let name = "PostgreSQL 15, logical replication"
    func row(_ title: String, _ value: Double, _ unit: String, _ rival: Double?) -> BenchRow {
      rival.map { BenchRow(title, value, unit, rival: name, $0) } ?? BenchRow(title, value, unit)
    }
    return [
      row(
        "replicated commits, \(plan.clients) clients", rate, "commits/s", peer?.commitsPerSecond),
      row("commit to visible, p50", delays.median, "ms", peer?.delays.median),
      row("commit to visible, p99", delays.p99, "ms", peer?.delays.p99),
    ]
  }

  /// From the first command to the last delta's commit at the other node.
  private func rate(
    _ commands: [DeskCommand], _ plan: BenchPlan, _ pair: BenchPair
  ) async throws -> Double {
    let (paris, singapore) = (pair.paris.node, pair.singapore.node)
    let watch = Stopwatch()
    try await Clients.submit(commands, by: plan.clients, at: paris, as: pair.desk.agent)
    let last = paris.vector[paris.slot]
    try await eventually("the last commit at the other node", seconds: 600) {
      singapore.vector[paris.slot] >= last
    }
    return Double(commands.count) / watch.seconds
  }

  /// From the answer to the client at the one node until a reader of the other sees it.
  private func delays(_ commands: [DeskCommand], _ pair: BenchPair) async throws -> [Double] {
    let (paris, singapore) = (pair.paris.node, pair.singapore.node)
    var delays: [Double] = []
    for command in commands {
      guard let dot = try await paris.submit(command, as: pair.desk.agent).delta?.dot else {
        throw BenchFailure("an update changed nothing")
      }
      let watch = Stopwatch()
      try await eventually("an update at the other node", seconds: 30, every: .microseconds(100)) {
        singapore.vector[dot.slot] >= dot.seq
      }
      delays.append(watch.milliseconds)
    }
    return delays
  }
}
