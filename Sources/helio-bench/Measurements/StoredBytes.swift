// How much longer the file is than plain tables that hold the same desk and history.

internal import HelpdeskDomain
internal import NodeRuntime
internal import ReplicaCore

struct StoredBytes: Measurement {
  static let name = "size"
  static let summary = "stored bytes against plain tables with the same history, search apart"

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    let directory = bench.path("paris")
    try await BenchNode.found(in: directory)
    let running = try await BenchNode.start(directory)
    let desk = try await BenchDesk.fill(running.node, tickets: plan.tickets, seed: plan.seed)
    var updates = Updates(of: desk.tickets, seed: plan.seed &+ 41)
    // Three changes of each ticket beside its making.
    try await Clients.submit(
      updates.take(plan.tickets * 3), by: plan.clients, at: running.node, as: desk.agent)
    await running.stop()
    let plain = bench.path("plain.sqlite")
    try PlainTables.write(of: running.database, to: plain)
    let (ours, search) = try bytes(running.database)
    let (theirs, _) = try bytes(plain)
    let changes = Double(plan.tickets * 4)
    return [
      BenchRow(
        "stored bytes per change, search apart", Double(ours) / changes, "bytes",
        rival: "plain tables, same history", Double(theirs) / changes),
      BenchRow("stored bytes of search per change", Double(search) / changes, "bytes"),
    ]
  }

  /// Pages of everything but search, and of search.
  private func bytes(_ path: String) throws -> (Int, Int) {
    let database = try BareDatabase(path)
    defer { database.close() }
    let rows = try database.rows(
      "SELECT name LIKE 'search\\_%' ESCAPE '\\', sum(pgsize) FROM dbstat GROUP BY 1")
    func sum(_ isSearch: Int64) -> Int {
      Int(rows.first { $0[0] == .integer(isSearch) }?[1].integer ?? 0)
    }
    return (sum(0), sum(1))
  }
}
