// Elapsed time in the units of the rows.

/// Measures by a clock that nobody sets.
struct Stopwatch: Sendable {
  private let began = ContinuousClock.now

  var seconds: Double {
    let (seconds, attoseconds) = (ContinuousClock.now - began).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  var milliseconds: Double { seconds * 1_000 }
}
