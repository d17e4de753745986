// A failure is easier to read with few faults: leaves out whatever it does not need.

/// The fewest faults found with which a seed still breaks the same invariant.
package struct ShrunkFailure: Sendable, Codable {
  /// Numbers for `helio-sim --seed N --faults …`.
  package var numbers: [Int]
  package var faults: [FaultRecord]
  /// Runs that it took.
  package var tries: Int
  /// The step at which the checker spoke, of the run with these faults.
  package var firstBadStep: String
  package var violation: Violation?
  package var lastSteps: [String]
}

/// Delta debugging over the numbers of a seed's faults (Zeller and Hildebrandt 2002): parts by
/// halves, then ever smaller ones, down to single faults.
struct Shrinker {
  let failed: SeedReport
  /// Runs that may be spent.
  let limit: Int
  /// Runs the seed with these faults only.
  let rerun: (Set<Int>) -> SeedReport

  private func breaksTheSame(_ report: SeedReport) -> Bool {
    guard let violation = failed.violation else {
      return failed.failure != nil && report.failure != nil
    }
    return report.violation?.invariant == violation.invariant
  }

  func run() -> ShrunkFailure {
    var best = failed
    var left = Set(failed.faults.map(\.number)).sorted()
    var tries = 0
    var parts = 2
    while !left.isEmpty, tries < limit {
      let size = (left.count + parts - 1) / parts
      var isSmaller = false
      for start in stride(from: 0, to: left.count, by: size) where tries < limit {
        let rest = Array(left[..<start] + left[min(start + size, left.count)...])
        tries += 1
        let report = rerun(Set(rest))
        guard breaksTheSame(report) else { continue }
        best = report
        // What did not happen before the first bad step is not needed either.
        let happened = Set(report.faults.map(\.number))
        left = rest.filter(happened.contains)
        parts = max(2, parts - 1)
        isSmaller = true
        break
      }
      if isSmaller { continue }
      if size == 1 { break }
      parts = min(left.count, parts * 2)
    }
    return ShrunkFailure(
      numbers: left, faults: best.faults, tries: tries,
      firstBadStep: best.lastSteps.last ?? "before the first step", violation: best.violation,
      lastSteps: best.lastSteps)
  }
}
