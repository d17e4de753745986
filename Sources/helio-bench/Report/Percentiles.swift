// What most and what nearly all requests took.

/// Percentiles of a sample by the nearest rank, so that each is a value that occurred.
struct Percentiles: Hashable, Sendable {
  private let sorted: [Double]

  init(_ sample: [Double]) { sorted = sample.sorted() }

  /// The value that `percent` of the sample do not exceed; 0 for an empty sample.
  func at(_ percent: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    let rank = (percent / 100 * Double(sorted.count)).rounded(.up)
    return sorted[min(max(Int(rank), 1), sorted.count) - 1]
  }

  var median: Double { at(50) }
  var p99: Double { at(99) }
}
