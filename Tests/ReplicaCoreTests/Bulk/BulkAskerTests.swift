// What one node asks another for, and which answers it takes.

import ReplicaCore
import Testing

@Suite struct BulkAskerTests {
  private let piece = UInt64(Limits.bulkChunkBytes)
  private let hash = Digest.sha256([1])

  private func key(_ size: UInt64, _ seed: UInt8 = 1) -> BlobKey {
    BlobKey(hash: .sha256([seed]), size: size)
  }

  /// Answers everything that is asked; returns the ranges in order.
  private func fetch(_ key: BlobKey, have: UInt64) throws -> [BlobRange] {
    var asker = BulkAsker()
    var due = asker.begin(key, have: have)
    var all: [BlobRange] = []
    while !due.isEmpty {
      let range = due.removeFirst()
      all.append(range)
      let step = try asker.chunk(hash: key.hash, offset: range.offset, count: range.length)
      guard case .write(range, next: let next, isLast: let isLast) = step else {
        Issue.record("\(step)")
        break
      }
      #expect(isLast == (range.offset + UInt64(range.length) == key.size))
      due += next
      #expect(due.count <= Limits.bulkAhead)
    }
    #expect(asker.current == nil && !asker.isWaiting)
    return all
  }

  @Test(arguments: [1, 100, 1 << 17, (1 << 17) + 1, 3_000_000, 25 << 20] as [UInt64])
  func aFileIsAskedForOnceFromItsFirstByteToItsLast(size: UInt64) throws {
    let ranges = try fetch(key(size), have: 0)
    var end: UInt64 = 0
    for range in ranges {
      #expect(range.offset == end && range.isSound)
      end += UInt64(range.length)
    }
    #expect(end == size)
  }

  @Test func itGoesOnWhereItStopped() throws {
    let ranges = try fetch(key(1_000_000), have: 700_001)
    #expect(ranges.first?.offset == 700_001)
    #expect(ranges.reduce(0) { $0 + $1.length } == 299_999)
  }

  @Test func anAnswerThatNobodyAskedForIsAFault() {
    var asker = BulkAsker()
    #expect(throws: BulkFault.unasked) { try asker.chunk(hash: hash, offset: 0, count: 5) }
    #expect(throws: BulkFault.unasked) { try asker.refused(hash: hash, .notHere) }
  }

  @Test func anotherPieceThanAskedForIsAFault() {
    let file = key(10 * piece)
    for (hash, offset, count) in [
      (Digest.sha256([2]), UInt64(0), Int(piece)), (file.hash, piece, Int(piece)),
      (file.hash, 0, Int(piece) - 1), (file.hash, 0, Int(piece) + 1), (file.hash, 0, 0),
    ] {
      var asker = BulkAsker()
      _ = asker.begin(file, have: 0)
      #expect(throws: BulkFault.self, "\(offset) \(count)") {
        try asker.chunk(hash: hash, offset: offset, count: count)
      }
    }
  }

  @Test func moreThanWasAskedForIsAFault() throws {
    var asker = BulkAsker()
    let file = key(piece)
    _ = asker.begin(file, have: 0)
    _ = try asker.chunk(hash: file.hash, offset: 0, count: Int(piece))
    #expect(throws: BulkFault.unasked) {
      try asker.chunk(hash: file.hash, offset: piece, count: Int(piece))
    }
  }

  @Test func answersAboutAFileThatWasGivenUpAreStrays() throws {
    var asker = BulkAsker()
    let (first, second) = (key(20 * piece, 1), key(2 * piece, 2))
    let asked = asker.begin(first, have: 0)
    #expect(asked.count == Limits.bulkAhead)
    #expect(try asker.refused(hash: first.hash, .notHere) == .refused(first, .notHere))
    // The second file is asked for as far as there is room beside what is still due.
    #expect(asker.begin(second, have: 0).count == 1)
    for _ in 1..<asked.count {
      #expect(try asker.refused(hash: first.hash, .notHere) == .stray)
    }
    let step = try asker.chunk(hash: second.hash, offset: 0, count: Int(piece))
    guard case .write(_, next: let next, isLast: false) = step else {
      Issue.record("\(step)")
      return
    }
    #expect(next.map(\.offset) == [piece])
  }

  /// Its pieces would be written in the wrong place.
  @Test func aFileThatIsBegunAgainTakesNoAnswerToItsFirstTry() throws {
    var asker = BulkAsker()
    let file = key(3 * piece)
    _ = asker.begin(file, have: 0)
    #expect(try asker.refused(hash: file.hash, .notHere) == .refused(file, .notHere))
    #expect(asker.begin(file, have: 0).map(\.offset) == [0, piece, 2 * piece])
    for offset in [piece, 2 * piece] {
      #expect(try asker.chunk(hash: file.hash, offset: offset, count: Int(piece)) == .stray)
    }
    let step = try asker.chunk(hash: file.hash, offset: 0, count: Int(piece))
    let range = BlobRange(key: file, offset: 0, length: Int(piece))
    #expect(step == .write(range, next: [], isLast: false))
  }

  @Test func hexIsReadAndWritten() {
    let digest = Digest.sha256([7])
    #expect(Digest(hex: digest.description) == digest)
    #expect(Digest(hex: digest.description.uppercased()) == digest)
    #expect(Digest(hex: "") == nil)
    #expect(Digest(hex: String(repeating: "g", count: 64)) == nil)
    #expect(Digest(hex: digest.description + "0") == nil)
  }
}
