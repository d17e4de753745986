// The asking half of a bulk connection: which pieces are under way, and whether an answer is one
// that was asked for. A value; the driver does the I/O.

internal import DequeModule

/// What a peer sent that it may not send.
package enum BulkFault: Error, Hashable, Sendable {
  /// An answer came while none was due.
  case unasked
  /// The answer is for another file, place or length than was asked for next.
  case otherPiece(BlobRange)
  /// It asked for more pieces at once than any node does.
  case tooManyRequests
}

/// Asks one peer for files, one after the other, a few pieces ahead.
package struct BulkAsker: Sendable {
  /// What an answer means.
  package enum Step: Hashable, Sendable {
    /// Write these bytes at this place; then ask for `next`. `isLast`: the file is whole.
    case write(BlobRange, next: [BlobRange], isLast: Bool)
    /// The peer does not have the file that is being fetched; ask for another.
    case refused(BlobKey, BulkRefusal)
    /// An answer about a file that was given up meanwhile.
    case stray
  }

  /// The file that is being fetched.
  package private(set) var current: BlobKey?
  /// Asked for and not answered yet, oldest first.
  private var due: Deque<Due> = []
  private var next: UInt64 = 0
  /// Counts the files begun: a file that is begun again takes no answer to its first try.
  private var turn = 0

  private struct Due: Hashable, Sendable {
    var range: BlobRange
    var turn: Int
  }

  package init() {}

  /// Whether any answer is awaited.
  package var isWaiting: Bool { !due.isEmpty }

  /// Begins a file of which `have` bytes are here already. Returns what to ask for; nothing where
  /// the file is whole.
  package mutating func begin(_ key: BlobKey, have: UInt64) -> [BlobRange] {
    current = key
    next = have
    turn += 1
    return ask()
  }

  package mutating func chunk(
    hash: Digest, offset: UInt64, count: Int
  ) throws(BulkFault) -> Step {
    guard let oldest = due.popFirst() else { throw .unasked }
    let range = oldest.range
    guard range.key.hash == hash, range.offset == offset, range.length == count else {
      throw .otherPiece(range)
    }
    guard range.key == current, oldest.turn == turn else { return .stray }
    let end = range.offset + UInt64(range.length)
    if end == range.key.size {
      current = nil
      return .write(range, next: [], isLast: true)
    }
    return .write(range, next: ask(), isLast: false)
  }

  package mutating func refused(
    hash: Digest, _ reason: BulkRefusal
  ) throws(BulkFault) -> Step {
    guard let oldest = due.popFirst() else { throw .unasked }
    let range = oldest.range
    guard range.key.hash == hash else { throw .otherPiece(range) }
    guard range.key == current, oldest.turn == turn else { return .stray }
    current = nil
    return .refused(range.key, reason)
  }

  private mutating func ask() -> [BlobRange] {
    guard let current else { return [] }
    var ranges: [BlobRange] = []
    while next < current.size, due.count < Limits.bulkAhead {
      let length = Int(min(UInt64(Limits.bulkChunkBytes), current.size - next))
      let range = BlobRange(key: current, offset: next, length: length)
      ranges.append(range)
      due.append(Due(range: range, turn: turn))
      next += UInt64(length)
    }
    return ranges
  }
}
