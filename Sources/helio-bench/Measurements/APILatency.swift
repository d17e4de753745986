// What an agent waits for an update, a list and a search, over HTTPS.

internal import Foundation
internal import HelpdeskDomain
internal import NodeRuntime
internal import ReplicaCore

struct APILatency: Measurement {
  static let name = "api"
  static let summary = "update, list and search over the agents' HTTPS API"

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    let directory = bench.path("paris")
    try await BenchNode.found(in: directory)
    let running = try await BenchNode.start(directory)
    let desk = try await BenchDesk.fill(running.node, tickets: plan.tickets, seed: plan.seed)
    try await eventually("the search index", seconds: 3_600, every: .milliseconds(200)) {
      try await running.node.searchLag == 0
    }
    let client = try await AgentClient(
      running, token: try await running.node.makeToken(for: desk.agent.user))
    let ours = try await Self.measure(client, desk, plan)
    await client.close()
    await running.stop()
    let bare = try Self.bare(bench.copy(running.database, to: "rival.sqlite"), desk, plan)
    return ["update", "list of 100", "search"].flatMap { kind -> [BenchRow] in
      let (mine, theirs) = (Percentiles(ours[kind] ?? []), Percentiles(bare[kind] ?? []))
      let title = "API \(kind), \(plan.tickets) tickets"
      let rival = "bare SQLite, no HTTP"
      return [
        BenchRow("\(title), p50", mine.median, "ms", rival: rival, theirs.median),
        BenchRow("\(title), p99", mine.p99, "ms", rival: rival, theirs.p99),
      ]
    }
  }

  /// Seconds-long runs of one kind each, so that none warms the other's pages.
  private static func measure(
    _ client: AgentClient, _ desk: BenchDesk, _ plan: BenchPlan
  ) async throws -> [String: [Double]] {
    var random = SeededRandom(seed: plan.seed &+ 53)
    let searches = ["printer login", "téléphone", "电话", "invoice password", "backup"]
    var result: [String: [Double]] = [:]
    for number in 0..<plan.requests {
      let ticket = desk.tickets[Int.random(in: 0..<desk.tickets.count, using: &random)]
      let body = "{\"ticket\":{\"external_id\":\"api-\(number)\"}}"
      let watch = Stopwatch()
      try await client.send("PUT", "/api/v2/tickets/\(ticket)", body)
      result["update", default: []].append(watch.milliseconds)
    }
    for _ in 0..<plan.requests {
      let watch = Stopwatch()
      try await client.send("GET", "/api/v2/tickets?page%5Bsize%5D=100&sort=-updated_at")
      result["list of 100", default: []].append(watch.milliseconds)
    }
    for number in 0..<plan.requests {
      let query =
        searches[number % searches.count]
        .addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      let watch = Stopwatch()
      try await client.send("GET", "/api/v2/search?query=type%3Aticket%20\(query)&per_page=25")
      result["search", default: []].append(watch.milliseconds)
    }
    return result
  }

  /// The statements alone that such requests cannot do without.
  private static func bare(
    _ path: String, _ desk: BenchDesk, _ plan: BenchPlan
  ) throws -> [String: [Double]] {
    let database = try BareDatabase(path)
    defer { database.close() }
    var random = SeededRandom(seed: plan.seed &+ 53)
    var result: [String: [Double]] = [:]
    for number in 0..<plan.requests {
      let ticket = desk.tickets[Int.random(in: 0..<desk.tickets.count, using: &random)]
      let watch = Stopwatch()
      try database.transaction {
        try database.run(
          "UPDATE ticket SET external_id = ?, updated_ms = updated_ms + 1 WHERE id = ?",
          [.text("bare-\(number)"), .integer(ticket.rawValue)])
      }
      result["update", default: []].append(watch.milliseconds)
    }
    for _ in 0..<plan.requests {
      let watch = Stopwatch()
      _ = try database.rows("SELECT * FROM ticket ORDER BY updated_ms DESC LIMIT 100")
      result["list of 100", default: []].append(watch.milliseconds)
    }
    for _ in 0..<plan.requests {
      let watch = Stopwatch()
      _ = try database.rows(
        "SELECT rowid FROM search_text WHERE search_text MATCH 'printer login' LIMIT 25")
      result["search", default: []].append(watch.milliseconds)
    }
    return result
  }
}
