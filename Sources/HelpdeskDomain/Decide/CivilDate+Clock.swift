// Times of day on a date, and digits as people write them.

package import ReplicaCore

extension CivilDate {
  /// A UTC time of this day; nil where the clock has no such time. Second 60 is a leap second.
  package func at(hour: Int, minute: Int, second: Int = 0) -> Instant? {
    guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else {
      return nil
    }
    return startUTC + Int64((hour * 60 + minute) * 60 + second) * 1_000
  }
}

/// Whole numbers written in ASCII digits: no sign, no space.
enum Digits {
  static func number(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
