// Replicas prove to each other that they are equal: additive sums over all cells.

/// 4,096 buckets of 128-bit sums over (entity, id, cell, state). Addition commutes, so the sums
/// depend only on the set of cells; a change costs one subtraction and one addition.
///
/// Source: incremental multiset hashing, Clarke et al. 2003 (AdHash). It finds accidents; malice
/// is the chain's business.
package struct Fingerprint: Hashable, Sendable {
  package static let bucketCount = 4_096

  package struct Sum: Hashable, Sendable {
    package var high: UInt64 = 0
    package var low: UInt64 = 0

    package init(high: UInt64 = 0, low: UInt64 = 0) {
      self.high = high
      self.low = low
    }

    package static func &+= (left: inout Sum, right: Sum) {
      let (low, carry) = left.low.addingReportingOverflow(right.low)
      left.low = low
      left.high = left.high &+ right.high &+ (carry ? 1 : 0)
    }

    package static func &-= (left: inout Sum, right: Sum) {
      let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
      left.low = low
      left.high = left.high &- right.high &- (borrow ? 1 : 0)
    }
  }

  package var buckets: [Sum]

  package init() { buckets = [Sum](repeating: Sum(), count: Self.bucketCount) }
  /// Nil unless there are 4,096 buckets.
  package init?(buckets: [Sum]) {
    guard buckets.count == Self.bucketCount else { return nil }
    self.buckets = buckets
  }

  /// The bucket of a row.
  package static func bucket(of row: RowRef) -> Int {
    var mixed = UInt64(bitPattern: row.id.rawValue) &* 0x9E37_79B9_7F4A_7C15
    mixed ^= UInt64(row.entity.rawValue) &* 0xC2B2_AE3D_27D4_EB4F
    mixed ^= mixed >> 29
    return Int(mixed % UInt64(bucketCount))
  }

  /// The sum of one cell: the first 16 bytes of SHA-256 over its canonical form.
  package static func sum(of state: CellState, cell: CellKey, row: RowRef) -> Sum {
    var writer = ByteWriter(reserving: 64)
    writer.varint(UInt64(row.entity.rawValue))
    writer.signed(row.id.rawValue)
    writer.varint(UInt64(cell.column))
    writer.signed(cell.key)
    writer.cellState(state)
    let hash = Digest.sha256(writer.bytes).bytes
    return Sum(high: bigEndian(hash[0..<8]), low: bigEndian(hash[8..<16]))
  }

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  package mutating func replace(
    _ old: CellState?, with new: CellState?, cell: CellKey, row: RowRef
  ) {
    guard old != new else { return }
    let bucket = Self.bucket(of: row)
    if let old { buckets[bucket] &-= Self.sum(of: old, cell: cell, row: row) }
    if let new { buckets[bucket] &+= Self.sum(of: new, cell: cell, row: row) }
  }

  /// One digest over all buckets, for a first comparison and for people.
  package var digest: Digest {
    var writer = ByteWriter(reserving: 16 * Self.bucketCount)
    for sum in buckets {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        writer.byte(UInt8(truncatingIfNeeded: sum.high >> shift))
      }
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        writer.byte(UInt8(truncatingIfNeeded: sum.low >> shift))
      }
    }
    return .sha256(writer.bytes)
  }

  package func differingBuckets(from other: Fingerprint) -> [Int] {
    buckets.indices.filter { buckets[$0] != other.buckets[$0] }
  }
}

extension ByteWriter {
  /// The canonical form of a cell's state: all siblings with their dots.
  mutating func cellState(_ state: CellState) {
    switch state {
    case .register(let register):
      byte(MergeKind.register.rawValue)
      writes(register.live)
      writes(register.hidden)
    case .set(let set):
      byte(MergeKind.set.rawValue)
      varint(UInt64(set.elements.count))
      for element in set.sorted {
        value(element)
        dots(set.dots(of: element))
      }
    }
  }

  private mutating func writes(_ writes: [Write]) {
    varint(UInt64(writes.count))
    for write in writes {
      stamp(write.stamp)
      if let present = write.value { value(present) } else { byte(5) }
    }
  }

  mutating func stamp(_ stamp: Stamp) {
    dot(stamp.dot)
    varint(stamp.hlc.rawValue)
    varint(stamp.fence)
    byte(stamp.byOwner ? 1 : 0)
  }
}
