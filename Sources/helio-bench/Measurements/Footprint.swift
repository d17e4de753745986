// What a node with a desk takes: memory, and time from the start to the first answer.

internal import Foundation
internal import NodeRuntime
internal import ReplicaCore

struct Footprint: Measurement {
  static let name = "footprint"
  static let summary = "resident memory and start-up of `helio serve` on a desk"

  func run(_ plan: BenchPlan) async throws -> [BenchRow] {
    let bench = try Workbench()
    let directory = bench.path("paris")
    try await BenchNode.found(in: directory)
    let filling = try await BenchNode.start(directory)
    _ = try await BenchDesk.fill(filling.node, tickets: plan.tickets, seed: plan.seed)
    try await eventually("the search index", seconds: 3_600, every: .milliseconds(200)) {
      try await filling.node.searchLag == 0
    }
    await filling.stop()
    let watch = Stopwatch()
    let process = try Self.serve(directory)
    defer { process.terminate() }
    let client = OperatorSocket(path: DataDirectory(directory).socket)
    try await eventually("an answer of the started node", seconds: 300) {
      try await client.answers("/health")
    }
    let seconds = watch.seconds
    for _ in 0..<20 { _ = try await client.answers("/api/v2/tickets") }
    let memory = try Self.resident(process.processIdentifier)
    let check = try Self.quickCheck(bench.copy(filling.database, to: "rival.sqlite"))
    return [
      BenchRow(
        "start to first answer, \(plan.tickets) tickets", seconds, "s",
        rival: "SQLite's quick_check alone", check),
      BenchRow(
        "resident memory, \(plan.tickets) tickets", memory, "MB", rival: "the bound of the design",
        200),
    ]
  }

  /// The program beside this one: the node as it is shipped, in a process of its own.
  private static func serve(_ directory: String) throws -> Process {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let helio = URL(fileURLWithPath: own).deletingLastPathComponent()
      .appendingPathComponent("helio")
    guard FileManager.default.isExecutableFile(atPath: helio.path) else {
      throw BenchFailure(
        "footprint starts \(helio.path), which is not there; build the product helio too")
    }
    let process = Process()
    process.executableURL = helio
    process.arguments = ["serve", "--data", directory]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func resident(_ process: Int32) throws -> Double {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    guard let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { throw BenchFailure("the system does not say how much memory the node has") }
    return kibibytes * 1_024 / 1e6
  }

  private static func quickCheck(_ path: String) throws -> Double {
    let watch = Stopwatch()
    let database = try BareDatabase(path)
    defer { database.close() }
    guard try database.rows("PRAGMA quick_check(1)") == [[.text("ok")]] else {
      throw BenchFailure("the file is damaged")
    }
    return watch.seconds
  }
}
