// What the simulator prints: progress and failures to stderr, results to stdout.

internal import Foundation
internal import Simulator

/// Prints reports for people, or as JSON lines.
struct Output {
  let json: Bool

  func single(_ report: SeedReport) {
    if json { return line(report) }
    print("seed \(report.seed) on \(report.replicas) replicas: hash \(report.hash)")
    print(
      "\(report.steps) steps, \(report.boundaries) boundaries, \(report.commands) commands done, "
        + "\(report.refused) refused, \(report.tickets) tickets, \(report.deltas) deltas, "
        + "\(report.forged) forged")
    print("faults:")
    for fault in report.faults { print("  \(fault)") }
    counts(report.sometimes.sorted.map { ($0.name, $0.count) })
    if !report.isFine { failed(report) }
    print(report.isFine ? "1 passed, 0 failed" : "0 passed, 1 failed")
  }

  func failed(_ report: SeedReport) {
    var text = "\nseed \(report.seed) FAILED: "
    text += report.violation?.description ?? report.failure ?? "unknown"
    text += "\n  commit: \(report.commit ?? "unknown")\n"
    let shrunk = report.shrunk
    let faults = shrunk?.faults ?? report.faults
    if let shrunk {
      text += "  faults it needs (\(shrunk.numbers.count) of those that happened before it, "
      text += "\(Set(report.faults.map(\.number)).count); \(shrunk.tries) runs):\n"
    } else {
      text += "  faults:\n"
    }
    for fault in faults { text += "    \(fault)\n" }
    if faults.isEmpty { text += "    none\n" }
    let steps = shrunk?.lastSteps ?? report.lastSteps
    text += "  first bad step (number, virtual ms, what):\n"
    text += "    \(steps.last ?? "before the first step")\n"
    if let violation = shrunk?.violation { text += "    \(violation)\n" }
    text += "  steps before it:\n"
    for step in steps.dropLast() { text += "    \(step)\n" }
    text += "  replay: helio-sim --seed \(report.seed)"
    if let shrunk {
      let numbers = shrunk.numbers.map { "\($0)" }.joined(separator: ",")
      text += " --faults \(numbers.isEmpty ? "none" : numbers)"
    }
    say(text + "\n")
  }

  func progress(_ done: Int, of all: Int) {
    guard isatty(2) != 0, !json else { return }
    say("\r\(done) of \(all) seeds")
    if done == all { say("\n") }
  }

  func line(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    guard let data = try? encoder.encode(value) else { return }
    // Not buffered: a long run can be watched, and what was done is kept if it is stopped.
    FileHandle.standardOutput.write(data + Data("\n".utf8))
  }

  func summary(_ totals: Totals, took: Duration) {
    if json { return line(["totals": totals]) }
    counts(totals.sometimes.map { ($0, $1) }.sorted { $0.0 < $1.0 })
    print("faults injected:")
    table(totals.faults.sorted { $0.key < $1.key })
    print("failpoints hit:")
    table(totals.failpoints.sorted { $0.key < $1.key })
    print("invariants checked, and how often:")
    table(totals.invariantsChecked.sorted { $0.key < $1.key }.map { ("\($0)", $1) })
    print("invariants not applicable here, never counted as passed:")
    for (number, reason) in totals.notApplicable.sorted(by: { $0.key < $1.key }) {
      print("  \(number): \(reason)")
    }
    print(
      "\(totals.commands) commands, \(totals.faults.values.reduce(0, +)) faults, "
        + "\(totals.boundaries) boundaries, \(totals.deltas) deltas, "
        + "\(totals.sqliteSeeds) of \(totals.seeds) seeds on sqlite, "
        + "\(totals.failpoints.values.count { $0 > 0 }) failpoints hit, "
        + "\(totals.invariantsChecked.count) invariants checked, "
        + "\(totals.notApplicable.count) not applicable")
    if !totals.neverMet.isEmpty {
      print("never met in \(totals.seeds) seeds: \(totals.neverMet.joined(separator: ", "))")
    }
    let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    let rate = Double(totals.seeds) / max(seconds, 0.001)
    print(String(format: "%.2f seeds/s in %.1f s", rate, seconds))
    print("\(totals.passed) passed, \(totals.failed) failed")
  }

  private func counts(_ counts: [(String, Int)]) {
    print("sometimes:")
    table(counts)
  }

  private func table(_ rows: [(String, Int)]) {
    for (name, count) in rows {
      print("  \(name.padding(toLength: 28, withPad: " ", startingAt: 0)) \(count)")
    }
  }

  private func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
