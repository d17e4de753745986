// Lists arrive as columns; here their lengths are held against each other.

internal import ReplicaCore

/// Checks that the decoders share.
enum Columns {
  static func equal(_ left: Int, _ right: Int, _ what: String) throws(WireError) {
    guard left == right else { throw .malformed("\(what) differ: \(left) and \(right)") }
  }

  static func limit(_ count: Int, _ what: String, _ limit: Int) throws(WireError) {
    guard count <= limit else { throw .tooMany(what: what, count: count, limit: limit) }
  }

  static func slot(_ number: UInt32) throws(WireError) -> Slot {
    let slot = Slot(number)
    guard slot.isValid else { throw .malformed("slot \(number) is not in 1 … \(Slot.maximum)") }
    return slot
  }

  static func digest(_ bytes: [UInt8], _ what: String) throws(WireError) -> Digest {
    guard let digest = Digest(bytes) else {
      throw .malformed("\(what) has \(bytes.count) bytes, not \(Digest.length)")
    }
    return digest
  }

  /// `count` digests laid end to end.
  static func digests(
    _ bytes: [UInt8], count: Int, _ what: String
  ) throws(WireError) -> [Digest] {
    try equal(bytes.count, count * Digest.length, "\(what): bytes there and needed")
    var result: [Digest] = []
    result.reserveCapacity(count)
    for start in stride(from: 0, to: bytes.count, by: Digest.length) {
      result.append(try digest(Array(bytes[start..<start + Digest.length]), what))
    }
    return result
  }

  /// `bytes` cut into pieces of the sizes given, which must use all of it.
  static func cut(
    _ bytes: [UInt8], sizes: [UInt32], what: String, limit: Int
  ) throws(WireError) -> [[UInt8]] {
    try Self.limit(sizes.count, what, limit)
    try equal(sizes.reduce(0) { $0 + Int($1) }, bytes.count, "\(what): bytes there and needed")
    var start = 0
    return sizes.map { size in
      defer { start += Int(size) }
      return Array(bytes[start..<start + Int(size)])
    }
  }
}
