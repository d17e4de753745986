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
    counts(report.sometimes)
    if !report.isFine { failed(report) }
    print(report.isFine ? "1 passed, 0 failed" : "0 passed, 1 failed")
  }

  func failed(_ report: SeedReport) {
    var text = "\nseed \(report.seed) FAILED: "
    text += report.violation?.description ?? report.failure ?? "unknown"
    text += "\n  faults:\n"
    for fault in report.faults { text += "    \(fault)\n" }
    text += "  steps (number, virtual ms, what); the last is the first bad one:\n"
    for step in report.lastSteps { text += "    \(step)\n" }
    text += "  replay: helio-sim --seed \(report.seed)\n"
    say(text)
  }

  func progress(_ done: Int, of all: Int) {
    guard isatty(2) != 0, !json else { return }
    say("\r\(done) of \(all) seeds")
    if done == all { say("\n") }
  }

  func line(_ report: SeedReport) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(report) else { return }
    // Not buffered: a long run can be watched, and what was done is kept if it is stopped.
    FileHandle.standardOutput.write(data + Data("\n".utf8))
  }

  func summary(_ reports: [SeedReport], _ verdict: Verdict, took: Duration) {
    counts(verdict.counts)
    let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    let rate = Double(reports.count) / max(seconds, 0.001)
    let sum = { (value: (SeedReport) -> Int) in reports.reduce(0) { $0 + value($1) } }
    print(
      "\(sum(\.commands)) commands, \(sum { $0.faults.count }) faults, "
        + "\(sum(\.boundaries)) boundaries, \(sum { Int($0.deltas) }) deltas, "
        + "\(sum { $0.replicas == "sqlite" ? 1 : 0 }) seeds on sqlite, "
        + "invariants 1 3 4 6 7 8 9 10 11 12 13 14 15 19")
    if !verdict.missed.isEmpty {
      print("never met in \(reports.count) seeds: \(verdict.missed.joined(separator: ", "))")
    }
    let pace = String(format: "%.2f seeds/s in %.1f s", rate, seconds)
    print(pace)
    print("\(reports.count - verdict.failed) passed, \(verdict.failed) failed")
  }

  private func counts(_ counts: SometimesCounts) {
    print("sometimes:")
    for (name, count) in counts.sorted {
      print("  \(name.padding(toLength: 28, withPad: " ", startingAt: 0)) \(count)")
    }
  }

  private func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
