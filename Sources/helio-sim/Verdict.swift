// What a set of reports means for the exit code.

internal import Simulator

/// The worst of all reports, and cases that should have been met.
struct Verdict {
  let code: SimulationExit

  init(of reports: [SeedReport], neverMet: [String]) {
    if reports.contains(where: { $0.failure != nil }) {
      code = .failure
    } else if reports.contains(where: { $0.violation?.isLiveness == false }) {
      code = .safety
    } else if reports.contains(where: { $0.violation != nil }) {
      code = .liveness
    } else {
      code = neverMet.isEmpty ? .fine : .neverMet
    }
  }
}
