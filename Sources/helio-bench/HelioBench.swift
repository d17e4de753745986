// The benchmark's command line: which measurements to run, how large, and how to show them.

internal import ArgumentParser

@main
struct HelioBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "helio-bench",
    abstract: "Measures nodes on the shipped path and settings, each figure beside a rival.",
    discussion: """
      Progress goes to standard error, the report to standard output. Build it for release; a \
      debug build measures its own checks. docs/BENCHMARKS.md says how each figure comes about.

      The measurements: \(Measurements.all.map { $0.name }.joined(separator: ", ")).
      """)

  @Flag(help: "Print JSON: rows[] of name, value, unit, rival, rival_value, ratio.")
  var json = false

  @Option(help: "Run this measurement alone; can be repeated.")
  var only: [String] = []

  @Option(name: .customLong("n"), help: "Tickets that the desk holds.")
  var tickets: Int = 10_000

  @Option(help: "Measure this system too, on the same rows with the same clients.")
  var peer: PeerSystem?

  func validate() throws {
    guard tickets > 0 else { throw ValidationError("--n must be at least 1") }
    for name in only where !Measurements.all.contains(where: { $0.name == name }) {
      let known = Measurements.all.map { $0.name }.joined(separator: ", ")
      throw ValidationError("there is no measurement '\(name)'; there are: \(known)")
    }
  }

  func run() async throws {
    var plan = BenchPlan(tickets: tickets)
    plan.peer = peer
    var report = BenchReport(rows: [])
    var failed = false
    for each in Measurements.all where only.isEmpty || only.contains(each.name) {
      Progress.say("\(each.name): \(each.summary)")
      do {
        report.rows += try await each.init().run(plan)
      } catch {
        Progress.say("\(each.name) FAILED: \(error)")
        failed = true
      }
    }
    print(json ? try report.json() : report.table())
    if failed { throw ExitCode.failure }
  }
}

/// All measurements, in the order in which they run.
enum Measurements {
  static let all: [any Measurement.Type] = [
    LocalCommits.self, RemoteApply.self, Replication.self, StoredBytes.self, WireBytes.self,
    Bootstrap.self, APILatency.self, Boundary.self, Footprint.self,
  ]
}

/// Another system that `--peer` measures.
enum PeerSystem: String, ExpressibleByArgument, CaseIterable {
  case postgres
}
