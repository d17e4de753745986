// How long a new office waits for its desk, against sending the bare file.

internal import NodeRuntime
internal import ReplicaCore

struct Bootstrap: Measurement {
  static let name = "bootstrap"
  static let summary = "joining a desk: snapshot, transfer, every check, against copying the file"

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    let directory = bench.path("paris")
    try await BenchNode.found(in: directory)
    let paris = try await BenchNode.start(directory)
    _ = try await BenchDesk.fill(paris.node, tickets: plan.tickets, seed: plan.seed)
    Progress.say("joining")
    let watch = Stopwatch()
    try await BenchNode.join(
      "singapore", zone: "Asia/Singapore", at: paris, in: bench.path("singapore"))
    let seconds = watch.seconds
    await paris.stop()
    let copy = try await TLSCopy.seconds(
      paris.database, to: bench.path("copy.sqlite"), keysOf: directory)
    let megabytes = Double(try Workbench.bytes(paris.database)) / 1e6
    return [
      BenchRow(
        "bootstrap of \(plan.tickets) tickets", seconds, "s", rival: "the file over TLS", copy),
      BenchRow("file that a bootstrap sends", megabytes, "MB"),
    ]
  }
}
