// What all seeds of a run come to: printed at its end, and the last line of JSON.

internal import Simulator

/// Sums over reports.
struct Totals: Encodable {
  let seeds: Int
  let passed: Int
  let failed: Int
  let sqliteSeeds: Int
  let commands: Int
  let boundaries: Int
  let deltas: Int
  /// By kind.
  let faults: [String: Int]
  /// By number of the invariant: how often it was checked.
  let invariantsChecked: [Int: Int]
  let notApplicable: [Int: String]
  /// By name: how often each place made something fail.
  let failpoints: [String: Int]
  let sometimes: [String: Int]
  /// What must be met in a run of this length and was not.
  let neverMet: [String]

  init(of reports: [SeedReport]) {
    func sum(_ value: (SeedReport) -> Int) -> Int { reports.reduce(0) { $0 + value($1) } }
    var counts = SometimesCounts()
    var checks = CheckCounts()
    var points = FailpointCounts()
    var kinds: [String: Int] = [:]
    for report in reports {
      counts.add(report.sometimes)
      checks.add(report.checks)
      points.add(report.failpoints)
      for fault in report.faults { kinds[fault.kind, default: 0] += 1 }
    }
    seeds = reports.count
    failed = reports.count { !$0.isFine }
    passed = seeds - failed
    sqliteSeeds = reports.count { $0.replicas == "sqlite" }
    commands = sum(\.commands)
    boundaries = sum(\.boundaries)
    deltas = sum { Int($0.deltas) }
    faults = kinds
    invariantsChecked = checks.counts
    failpoints = Dictionary(uniqueKeysWithValues: points.sorted.map { ($0.name, $0.count) })
    notApplicable = Invariant.notApplicable
    sometimes = Dictionary(uniqueKeysWithValues: counts.sorted.map { ($0.name, $0.count) })
    neverMet =
      Simulation.requiresSometimes(seeds: reports.count)
      ? counts.sorted.filter { $0.count == 0 }.map(\.name)
        + points.sorted.filter { $0.count == 0 }.map { "failpoint \($0.name)" }
        + Invariant.checked.filter { checks.counts[$0] == nil }.map { "invariant \($0)" }
      : []
  }
}
