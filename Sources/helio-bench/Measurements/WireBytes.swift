// What a change and what silence cost on the wire, TLS included.

internal import HelpdeskDomain
internal import NodeRuntime
internal import ReplicaCore

struct WireBytes: Measurement {
  static let name = "wire"
  static let summary = "bytes on the wire of a one-field update, and of an idle link"

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    var small = plan
    small.tickets = min(plan.tickets, 1_000)
    let pair = try await BenchPair.make(bench, small, counting: true)
    var updates = Updates(of: pair.desk.tickets, seed: plan.seed &+ 31)
    let lone = try await bytesEach(updates.take(min(300, plan.changes)), by: 1, pair)
    let many = try await bytesEach(
      updates.take(min(10_000, plan.changes)), by: plan.clients, pair)
    Progress.say("watching an idle link for \(plan.idleSeconds) s")
    let idle = try await idleBytes(plan.idleSeconds, pair)
    await pair.stop()
    return [
      BenchRow(
        "wire bytes of an update, one at a time", lone.wire, "bytes", rival: "its bytes in the log",
        lone.log),
      BenchRow(
        "wire bytes of an update, \(plan.clients) clients", many.wire, "bytes",
        rival: "its bytes in the log", many.log),
      BenchRow(
        "idle link", idle, "bytes/minute", rival: "the bound of the design", 1_024),
    ]
  }

  private func bytesEach(
    _ commands: [DeskCommand], by clients: Int, _ pair: BenchPair
  ) async throws -> (wire: Double, log: Double) {
    let before = bytes(pair)
    let known = pair.paris.node.vector
    try await Clients.submit(
      commands, by: clients, at: pair.paris.node, as: pair.desk.agent)
    try await pair.settle()
    // The receipt of the last batch is still under way when its deltas are visible.
    try await Task.sleep(for: .milliseconds(200))
    let wire = bytes(pair) - before
    let log = try await loggedBytes(beyond: known, pair.paris.node)
    return (Double(wire) / Double(commands.count), Double(log) / Double(commands.count))
  }

  private func loggedBytes(beyond known: VersionVector, _ node: Node) async throws -> Int {
    var (known, bytes) = (known, 0)
    while true {
      let batch = try await node.deltas(beyond: known)
      guard !batch.deltas.isEmpty else { return bytes }
      for delta in batch.deltas {
        bytes += delta.byteCount
        known.advance(delta.dot)
      }
    }
  }

  private func idleBytes(_ seconds: Int, _ pair: BenchPair) async throws -> Double {
    // Quiet stretches the interval of the digests; only then is a link idle.
    try await Task.sleep(for: .seconds(min(30, seconds)))
    let before = bytes(pair)
    let watch = Stopwatch()
    try await Task.sleep(for: .seconds(seconds))
    return Double(bytes(pair) - before) / watch.seconds * 60
  }

  private func bytes(_ pair: BenchPair) -> Int { pair.relays.reduce(0) { $0 + $1.bytes } }
}
