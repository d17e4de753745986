// A shift boundary with many open tickets: what it writes, what it sends, and the list after it.

internal import Foundation
internal import HelpdeskDomain
internal import NodeRuntime
internal import ReplicaCore
internal import SyncTransport

struct Boundary: Measurement {
  static let name = "boundary"
  static let summary = "a shift boundary with N open tickets: deltas, BATCH frames, the list"

  /// Roster time at the start: so long before Singapore hands over to Paris.
  private static let lead: Int64 = 20
  /// How long before and after the boundary is watched, in seconds.
  private static let watched: Int64 = 10

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    let pair = try await BenchPair.make(bench, plan)
    let admin = try await BenchDesk.person(
      "ada@bench.example", .admin, OfficeID("paris"), at: pair.paris.node)
    let token = try await pair.paris.node.makeToken(for: admin.user)
    try await pair.settle()
    await pair.stop()
    let drill = try Self.drill()
    let started = Stopwatch()
    let paris = try await BenchNode.start(pair.paris.directory, drill: drill)
    let singapore = try await BenchNode.start(pair.singapore.directory, drill: drill)
    let nodes = [paris.node, singapore.node]
    let client = try await AgentClient(paris, token: token)
    try await eventually("a link between the nodes", seconds: 15) {
      nodes.allSatisfy { !$0.connectedPeers.isEmpty }
    }
    try await Task.sleep(for: .seconds(Double(Self.lead - Self.watched) - started.seconds))
    let before = Self.counts(nodes)
    try await Task.sleep(for: .seconds(Double(Self.lead) + 0.05 - started.seconds))
    let list = try await Self.list(client, plan)
    try await Task.sleep(for: .seconds(Double(Self.lead + Self.watched) - started.seconds))
    let after = Self.counts(nodes)
    await client.close()
    await singapore.stop()
    await paris.stop()
    let title = "boundary, \(plan.tickets) open tickets"
    return [
      BenchRow("\(title): deltas", Double(after.deltas - before.deltas), "deltas"),
      BenchRow("\(title): BATCH frames", Double(after.frames - before.frames), "frames"),
      BenchRow("\(title): the list at once", list.first, "ms"),
      BenchRow("\(title): the list, p50", list.all.median, "ms"),
    ]
  }

  /// Paris begins at 09:00 of its own clock, which the roster's `handover = "start"` makes the
  /// boundary. The offset leads to the next such instant, and never back.
  private static func drill() throws -> Int64 {
    let now = Int64(Date().timeIntervalSince1970)
    return try OfficeHour.next(9, in: "Europe/Paris", after: now + 86_400) - lead - now
  }

  private static func counts(_ nodes: [Node]) -> (deltas: UInt64, frames: UInt64) {
    let deltas = nodes.map { node in node.vector.entries.values.reduce(0, +) }.reduce(0, +)
    let frames = nodes.map { $0.frames[.batch, .sent].frames }.reduce(0, +)
    return (deltas, frames)
  }

  /// The first list after the boundary, then twenty more.
  private static func list(
    _ client: AgentClient, _ plan: BenchPlan
  ) async throws -> (first: Double, all: Percentiles) {
    var times: [Double] = []
    for _ in 0..<21 {
      let watch = Stopwatch()
      try await client.send("GET", "/api/helio/v1/handoffs")
      times.append(watch.milliseconds)
    }
    return (times[0], Percentiles(Array(times.dropFirst())))
  }
}
