// Frames hold what was put in, and no input of a peer traps or takes more memory than it may.

import FoundationEssentials
import ReplicaCore
import SwiftProtobuf
import Testing

@testable import SyncTransport

@Suite struct FrameCodecTests {
  @Test func everyMessageComesBackEqual() throws {
    for message in Samples.all {
      #expect(try FrameCodec.decode(FrameCodec.encode(message)) == message)
    }
    for message in Samples.bulk {
      #expect(try BulkCodec.decode(BulkCodec.encode(message)) == message)
    }
    let kinds = Samples.all.map { FrameKind($0) } + Samples.bulk.map { FrameKind($0) }
    #expect(Set(kinds) == Set(FrameKind.allCases))
  }

  @Test func batchesAreCompressedFrom512Bytes() throws {
    let large = Samples.batch(deltas: 50, bytes: 1_000)
    #expect(try FrameCodec.encode(.batch(large)).count < large.byteCount / 4)
    let small = try FrameCodec.encode(.batch(Samples.batch(deltas: 1, bytes: 200)))
    guard case .v1(let v1) = try WireFrame(serializedBytes: small).version,
      case .batch(let batch) = v1.body, case .plain = batch.body
    else {
      Issue.record("a batch below 512 bytes must travel as it is")
      return
    }
  }

  @Test func whatDoesNotShrinkTravelsPlain() throws {
    var random = SeededRandom(state: 4)
    let delta = EncodedDelta(dot: Dot(Slot(1), 1), body: random.bytes(100_000), personal: [])
    let message = SyncMessage.batch(DeltaBatch(deltas: [delta], heads: []))
    let frame = try FrameCodec.encode(message)
    #expect(frame.count < 100_200)
    #expect(try FrameCodec.decode(frame) == message)
  }

  @Test func aDeltaOrFrameOverItsLimitIsNotSent() throws {
    let delta = EncodedDelta(
      dot: Dot(Slot(1), 1), body: [UInt8](repeating: 0, count: Limits.deltaBytes), personal: [0])
    #expect(throws: WireError.deltaTooLarge(bytes: (2 << 20) + 1, limit: 2 << 20)) {
      try FrameCodec.encode(.batch(DeltaBatch(deltas: [delta], heads: [])))
    }
    #expect(throws: WireError.self) { try FrameCodec.encode(Samples.chunk(4 << 20)) }
    let half = EncodedDelta(
      dot: Dot(Slot(1), 1), body: [UInt8](repeating: 0, count: Limits.deltaBytes), personal: [])
    #expect(throws: WireError.self) {
      try FrameCodec.encode(.batch(DeltaBatch(deltas: [half, half, half], heads: [])))
    }
  }

  private func frame(_ batch: WireBatch) throws -> [UInt8] {
    try WireFrame.with { $0.v1.body = .batch(batch) }.serializedBytes()
  }

  private func refusal(_ bytes: [UInt8]) -> WireError? {
    do {
      _ = try FrameCodec.decode(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func aBombIsRefusedBeforeItInflates() throws {
    let packed = try #require(Zlib.deflate([UInt8](repeating: 0, count: 64 << 20)))
    #expect(packed.count < 1 << 20)
    var bomb = WireBatch()
    bomb.zlib = Data(packed)
    bomb.bodySize = 64 << 20
    #expect(
      refusal(try frame(bomb)) == .batchTooLarge(bytes: 64 << 20, limit: LinkLimits.batchBytes))
    // One that lies about its size gets no more room than it stated.
    bomb.bodySize = 1_000
    #expect(refusal(try frame(bomb))?.code == "bad_compression")
    bomb.bodySize = 0
    #expect(refusal(try frame(bomb))?.code == "bad_compression")
  }

  @Test func brokenCompressionIsATypedError() throws {
    let plain = [UInt8](repeating: 1, count: 4_000)
    let packed = try #require(Zlib.deflate(plain))
    #expect(try Zlib.inflate(packed, size: 4_000) == plain)
    for broken in [Array(packed.dropLast()), packed + [0], [0x78] + packed, [], [1, 2, 3]] {
      #expect(throws: WireError.self) { try Zlib.inflate(broken, size: 4_000) }
    }
    #expect(throws: WireError.self) { try Zlib.inflate(packed, size: 4_001) }
    #expect(throws: WireError.self) { try Zlib.inflate(packed, size: 3_999) }
  }

  @Test func listsOfDifferentLengthAreRefused() throws {
    var body = WireBatchBody()
    body.slots = [1, 2]
    body.seqs = [1]
    var batch = WireBatch()
    let bytes: [UInt8] = try body.serializedBytes()
    batch.plain = Data(bytes)
    batch.bodySize = UInt32(bytes.count)
    #expect(refusal(try frame(batch))?.code == "malformed")
    for vector in [([UInt32(2), 1], [UInt64(1), 1]), ([1], [0]), ([0], [1]), ([10_000], [1])] {
      let ack = WireAck.with {
        $0.vector.slots = vector.0; $0.vector.seqs = vector.1
      }
      let bytes: [UInt8] = try WireFrame.with { $0.v1.ack = ack }.serializedBytes()
      #expect(refusal(bytes)?.code == "malformed")
    }
    let members = WireMembers.with {
      $0.sizes = [UInt32.max, UInt32.max]; $0.records = Data([1])
    }
    let lying: [UInt8] = try WireFrame.with { $0.v1.members = members }.serializedBytes()
    #expect(refusal(lying)?.code == "malformed")
  }

  @Test func whatIsNotVersion1IsTold() throws {
    #expect(refusal([]) == .emptyFrame)
    #expect(refusal([0x12, 0]) == .unknownVersion)
    #expect(refusal([0x0A, 0]) == .unknownMessage)
    #expect(refusal([0x0A, 3, 0xA2, 0x06, 0]) == .unknownMessage)
    #expect(refusal([UInt8](repeating: 0xFF, count: 40))?.code == "malformed")
    let bye = WireBye.with { $0.reason = 4_000_000_000 }
    let bytes: [UInt8] = try WireFrame.with { $0.v1.bye = bye }.serializedBytes()
    #expect(refusal(bytes)?.code == "malformed")
  }

  @Test func deepNestingIsATypedError() {
    // Groups within groups, and messages within messages that are no such thing.
    #expect(refusal([UInt8](repeating: 0x23, count: 1 << 20))?.code == "malformed")
    var nested: [UInt8] = []
    for _ in 0..<10_000 {
      var length = nested.count
      var prefix: [UInt8] = [0x0A]
      while length > 127 {
        prefix.append(UInt8(length & 127) | 128)
        length >>= 7
      }
      nested = prefix + [UInt8(length)] + nested
    }
    #expect(refusal(nested) != nil)
  }

  @Test(arguments: [1, 2, 3, 4]) func randomBytesNeverTrap(seed: UInt64) {
    var random = SeededRandom(state: seed)
    for _ in 0..<500 {
      let length = Int.random(in: 0...300, using: &random)
      _ = refusal(random.bytes(length))
    }
  }

  @Test(arguments: [11, 12]) func brokenMessagesNeverTrap(seed: UInt64) throws {
    var random = SeededRandom(state: seed)
    let frames = try Samples.all.map { try FrameCodec.encode($0) }.filter { $0.count < 10_000 }
    var refused = 0
    for _ in 0..<1_500 {
      var frame = frames.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) where !frame.isEmpty {
        let index = Int.random(in: 0..<frame.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: frame[index] = .random(in: 0...255, using: &random)
        case 1: frame.removeSubrange(index...)
        default: frame.insert(contentsOf: random.bytes(3), at: index)
        }
      }
      if refusal(frame) != nil { refused += 1 }
    }
    #expect(refused > 500)
  }
}
