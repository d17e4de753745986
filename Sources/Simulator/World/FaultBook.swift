// The faults of a run as they happened: what is printed, counted, and left out to shrink a failure.

internal import ReplicaCore

/// A fault that happened.
package struct FaultRecord: Sendable, Codable, CustomStringConvertible {
  /// Its number in the seed's plan; what one planned fault causes later bears the same number.
  package var number: Int
  package var kind: String
  /// Virtual seconds after the start of the run.
  package var second: Int64
  package var text: String

  package var description: String { "#\(number) +\(second)s \(text)" }
}

/// What was drawn and what happened of it.
struct FaultBook {
  /// Planned faults, those left out included.
  var drawn = 0
  private(set) var records: [FaultRecord] = []

  mutating func add(_ planned: PlannedFault, after elapsed: Int64, _ text: String) {
    records.append(
      FaultRecord(
        number: planned.number, kind: planned.kind.rawValue, second: elapsed / 1_000, text: text))
  }
}
