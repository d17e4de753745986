// Randomness is passed in, so that a seed replays a run; this draws bytes from what was passed.

extension RandomNumberGenerator {
  /// The next `count` random bytes.
  mutating func bytes(_ count: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    while result.count < count {
      withUnsafeBytes(of: next().littleEndian) { word in
        result.append(contentsOf: word.prefix(count - result.count))
      }
    }
    return result
  }
}
