// Gzip is unpacked piece by piece, and a file that breaks off is told from one that ends.

internal import Testing

@testable internal import helio

@Suite struct GzipSourceTests {
  private func unpacked(_ packed: [UInt8], piece: Int) throws -> [UInt8] {
    let pieces = stride(from: 0, to: packed.count, by: piece).map {
      Array(packed[$0..<min($0 + piece, packed.count)])
    }
    let source = try GzipSource(MemorySource(pieces), name: "log.gz")
    var bytes: [UInt8] = []
    while let next = try source.next() { bytes += next }
    return bytes
  }

  @Test(arguments: [1, 100, 1 << 20])
  func whatWasPackedComesOut(piece: Int) throws {
    let bytes = noise(3_000) + [UInt8](repeating: 7, count: 600_000)
    #expect(try unpacked(gzip(bytes), piece: piece) == bytes)
    #expect(try unpacked(gzip([]), piece: piece).isEmpty)
  }

  @Test(arguments: [1, 64, 1 << 20])
  func severalMembersAreOneText(piece: Int) throws {
    let packed = gzip(Array("number,x\n".utf8)) + gzip(Array("1,2\n".utf8))
    #expect(try unpacked(packed, piece: piece) == Array("number,x\n1,2\n".utf8))
  }

  @Test(arguments: [1, 10, 2_000, 2_995])
  func aFileThatBreaksOffIsAFailure(kept: Int) throws {
    let packed = gzip(noise(3_000))
    let failure = try #require(throws: Failure.self) {
      try unpacked(Array(packed.prefix(kept)), piece: 256)
    }
    #expect(failure.status == .failed)
    #expect(failure.message.contains("breaks off"))
  }

  @Test func aFlippedBitIsAFailure() throws {
    var packed = gzip(noise(3_000))
    // In the checksum at the end.
    packed[packed.count - 6] ^= 1
    #expect(throws: Failure.self) { try unpacked(packed, piece: 1 << 20) }
  }
}
