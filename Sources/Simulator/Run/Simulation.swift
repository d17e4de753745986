// One seed from beginning to end: the entry for the command line and for tests.

internal import Foundation
internal import ReplicaCore

/// What a seed did and what was found.
package struct SeedReport: Sendable, Codable {
  package var seed: UInt64
  /// `memory` or `sqlite`.
  package var replicas: String
  /// Of all steps; equal for equal runs.
  package var hash: String
  package var steps: Int
  package var commands: Int
  package var refused: Int
  package var tickets: Int
  package var deltas: UInt64
  package var boundaries: Int
  package var forged: Int
  package var faults: [FaultRecord]
  package var sometimes: SometimesCounts
  package var checks = CheckCounts()
  package var failpoints = FailpointCounts()
  package var violation: Violation?
  /// An error that is no violation: the simulator or the store failed.
  package var failure: String?
  /// The last steps before the first bad one, which is the last of them.
  package var lastSteps: [String]
  /// Of a failure: the fewest faults that still cause it.
  package var shrunk: ShrunkFailure?
  /// The commit that the program was built from, as far as the caller knows it.
  package var commit: String?

  package var isFine: Bool { violation == nil && failure == nil }
}

/// The simulator's exit codes.
package enum SimulationExit: Int32, Sendable {
  case fine = 0
  case safety = 2
  case liveness = 3
  case failure = 4
  case neverMet = 5
  case usage = 64
}

/// Runs seeds. Every run stands alone: several may go on at once on several threads.
package enum Simulation {
  /// Whether every `sometimes` counter must have fired in so many seeds.
  package static func requiresSometimes(seeds: Int) -> Bool {
    seeds >= SimLimits.seedsForSometimes
  }

  /// Runs a seed. The files of its stores lie in `scratch` while it runs.
  ///
  /// - Parameters:
  ///   - faults: numbers of the faults that happen; nil: all that the seed draws.
  ///   - shrinking: how many more runs may be spent on leaving out faults after a failure.
  package static func run(
    seed: UInt64, faults: Set<Int>? = nil, shrinking limit: Int = 0,
    scratch: String = defaultScratch
  ) -> SeedReport {
    var plan = SeedPlan(seed: seed)
    plan.kept = faults
    var report = run(plan, scratch: scratch)
    guard !report.isFine, limit > 0 else { return report }
    report.shrunk = Shrinker(failed: report, limit: limit) { kept in
      plan.kept = kept
      return run(plan, scratch: scratch)
    }.run()
    return report
  }

  static func run(_ plan: SeedPlan, scratch: String) -> SeedReport {
    let directory = "\(scratch)/helio-sim-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var report = SeedReport(
      seed: plan.seed, replicas: plan.usesStore ? "sqlite" : "memory", hash: "", steps: 0,
      commands: 0, refused: 0, tickets: 0, deltas: 0, boundaries: 0, forged: 0, faults: [],
      sometimes: SometimesCounts(), lastSteps: [])
    let world: World
    do { world = try World(plan: plan, directory: directory) } catch {
      report.failure = "\(error)"
      return report
    }
    do {
      try world.setUp()
      try world.run(until: plan.end)
      try world.finish()
    } catch let violation as Violation {
      report.violation = violation
    } catch {
      report.failure = "\(error)"
    }
    world.close()
    report.take(world)
    return report
  }

  /// Memory-backed where the system has it: the simulated disk need not be a real one.
  package static var defaultScratch: String {
    FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  }
}

extension World {
  /// Closes the files of the run's stores.
  func close() {
    try? (forks.backup?.replica as? StoreReplica)?.close()
    for node in nodes { try? (node.replica as? StoreReplica)?.close() }
  }
}

extension SeedReport {
  mutating func take(_ world: World) {
    hash = String(world.trace.hash, radix: 16)
    steps = world.trace.steps
    commands = world.commandsDone
    refused = world.commandsRefused
    tickets = world.tickets.count
    deltas = world.deltas
    boundaries = world.boundaries.count
    forged = world.forged.count
    faults = world.faults.records
    sometimes = world.sometimes
    checks = world.checks
    failpoints = world.failpoints
    lastSteps = world.trace.last
  }
}
