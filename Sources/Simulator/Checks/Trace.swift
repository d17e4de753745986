// Every step leaves a line; their hash shows that two runs were the same.

internal import ReplicaCore

/// The lines of a run: a running hash, and the last ones for the report of a failure.
struct Trace {
  private(set) var steps = 0
  private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var last: [String] = []
  private static let kept = 24

  /// FNV-1a (Fowler, Noll, Vo) over the lines.
  mutating func add(_ at: Instant, _ text: String) {
    steps += 1
    let line = "\(steps) \(at.milliseconds) \(text)"
    for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    last.append(line)
    if last.count > Self.kept { last.removeFirst() }
  }
}
