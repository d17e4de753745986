// Which invariants a run checks, how often it did, and which it cannot check and why.

/// The numbers of the project's list of invariants.
package enum Invariant {
  /// Those with a checker here. Each must have been checked at least once in a long run.
  package static let checked = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21]

  /// Those that no run here says anything about, with the reason. Never counted as passed.
  package static let notApplicable: [Int: String] = [
    16: "no delivery to customers is built yet",
    18: "needs real sockets: cluster/demo and cluster/chaos check it",
    22: "erasure is not built yet",
    23: "memory, files and write-ahead logs of real processes are not simulated",
    24: "there is one version so far; columns of a newer schema are simulated under 3",
  ]
}

/// How often each invariant was checked.
package struct CheckCounts: Sendable, Codable {
  package private(set) var counts: [Int: Int] = [:]

  /// Nothing was checked yet.
  package init() {}

  mutating func hit(_ invariant: Int, _ times: Int = 1) {
    if times > 0 { counts[invariant, default: 0] += times }
  }

  /// Adds the counts of another run.
  package mutating func add(_ other: CheckCounts) {
    for (number, count) in other.counts { counts[number, default: 0] += count }
  }
}
