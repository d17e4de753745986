// Who asks for the same bytes again and again gets no more of them for a while.

internal import ReplicaCore

/// What each peer took of each file lately.
struct ServedBytes: Sendable {
  /// Whole copies of one file that a peer may take in one period. A node that keeps what comes
  /// needs one, and little more where its line is cut.
  static let copies: UInt64 = 4
  /// In milliseconds.
  static let period: Int64 = 3_600_000
  /// What a piece costs at least: opening a file for one byte is no small thing.
  private static let least = 16 << 10

  private struct Taking: Hashable {
    var peer: Slot
    var hash: Digest
  }

  private var bytes: [Taking: UInt64] = [:]
  private var since = Instant.zero

  /// Counts a piece of a file that is here; false where the peer had enough of it.
  mutating func take(_ range: BlobRange, by peer: Slot, at now: Instant) -> Bool {
    if now < since || now - since >= Self.period {
      bytes = [:]
      since = now
    }
    let taking = Taking(peer: peer, hash: range.key.hash)
    let taken = bytes[taking] ?? 0
    guard taken < Self.copies * (range.key.size + UInt64(Limits.bulkChunkBytes)) else {
      return false
    }
    bytes[taking] = taken + UInt64(max(range.length, Self.least))
    return true
  }
}
