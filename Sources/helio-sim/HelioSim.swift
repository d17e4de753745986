// The simulator's command line: replay one seed, or run many and say what was met.

internal import ArgumentParser
internal import Foundation
internal import Simulator

@main
struct HelioSim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "helio-sim",
    abstract: "Runs 3 to 7 offices through a day of faults in virtual time, and checks invariants.",
    discussion: """
      The same seed always gives the same run. Exit codes: 0 no violation; 2 a safety violation; \
      3 a liveness violation; 4 the run itself failed; 5 a case or failpoint due in a hundred seeds \
      was not met; 64 the command line is wrong. docs/SIMULATOR.md explains every column.
      """)

  @Option(help: "Replay this seed and print its faults.")
  var seed: UInt64?

  @Option(help: "Run the seeds A..B, both included.")
  var seeds: String?

  @Option(help: "Seeds that run at once (default: one per core).")
  var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "With --seed: let only these faults happen, by number: 3,17 or none.")
  var faults: String?

  @Option(help: "After a failure, runs that may be spent on finding the faults it needs.")
  var shrink: Int = 60

  @Option(help: "The commit to print with a failure (default: that of the tree it was built in).")
  var commit: String?

  @Flag(help: "Print reports as JSON, one line for each seed.")
  var json = false

  func validate() throws {
    guard (seed == nil) != (seeds == nil) else {
      throw ValidationError("give either --seed N or --seeds A..B")
    }
    if let faults, seed == nil || FaultNumbers(faults) == nil {
      throw ValidationError("--faults goes with --seed and takes 3,17 or none; got '\(faults)'")
    }
    guard shrink >= 0 else { throw ValidationError("--shrink must not be negative") }
    guard jobs > 0 else { throw ValidationError("--jobs must be at least 1") }
    if let seeds, SeedRange(seeds) == nil {
      throw ValidationError("--seeds takes A..B with A not above B, such as 1..300; got '\(seeds)'")
    }
  }

  func run() async throws {
    if let seed {
      let kept = faults.flatMap(FaultNumbers.init)?.numbers
      var report = Simulation.run(seed: seed, faults: kept, shrinking: shrink)
      if !report.isFine { report.commit = SourceCommit(given: commit).text }
      Output(json: json).single(report)
      throw ExitCode(Verdict(of: [report], neverMet: []).code.rawValue)
    }
    guard let range = seeds.flatMap(SeedRange.init) else { return }
    throw ExitCode(try await many(range).rawValue)
  }

  private func many(_ range: SeedRange) async throws -> SimulationExit {
    let output = Output(json: json)
    let began = ContinuousClock.now
    var reports: [SeedReport] = []
    await withTaskGroup(of: SeedReport.self) { group in
      var next = range.first
      func add() {
        guard next <= range.last else { return }
        let seed = next
        next += 1
        group.addTask { [shrink] in Simulation.run(seed: seed, shrinking: shrink) }
      }
      for _ in 0..<jobs { add() }
      for await result in group {
        var report = result
        if !report.isFine { report.commit = SourceCommit(given: commit).text }
        reports.append(report)
        output.progress(reports.count, of: range.count)
        if !report.isFine { output.failed(report) }
        if json { output.line(report) }
        add()
      }
    }
    let totals = Totals(of: reports)
    output.summary(totals, took: ContinuousClock.now - began)
    return Verdict(of: reports, neverMet: totals.neverMet).code
  }
}

/// `A..B`, both included.
struct SeedRange {
  let first: UInt64
  let last: UInt64

  init?(_ text: String) {
    let parts = text.components(separatedBy: "..")
    guard parts.count == 2, let first = UInt64(parts[0]), let last = UInt64(parts[1]),
      first <= last, last < .max, last - first < 1_000_000_000
    else { return nil }
    self.first = first
    self.last = last
  }

  var count: Int { Int(last - first) + 1 }
}
