// What a set of reports means for the exit code.

internal import Simulator

/// The worst of all reports, and cases that should have been met.
struct Verdict {
  let code: SimulationExit
  let failed: Int
  let counts: SometimesCounts
  /// Cases that never occurred although there were enough seeds.
  let missed: [String]

  init(of reports: [SeedReport], seeds: Int) {
    var counts = SometimesCounts()
    for report in reports { counts.add(report.sometimes) }
    self.counts = counts
    failed = reports.count { !$0.isFine }
    let mustOccur = Simulation.requiresSometimes(seeds: seeds)
    missed = mustOccur ? counts.sorted.filter { $0.count == 0 }.map(\.name) : []
    if reports.contains(where: { $0.failure != nil }) {
      code = .failure
    } else if reports.contains(where: { $0.violation?.isLiveness == false }) {
      code = .safety
    } else if reports.contains(where: { $0.violation != nil }) {
      code = .liveness
    } else {
      code = missed.isEmpty ? .fine : .neverMet
    }
  }
}
