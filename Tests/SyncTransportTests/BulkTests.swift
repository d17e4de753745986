// Connections for files: their frames, and what a hostile end of one can do.

import FoundationEssentials
import NIOCore
import ReplicaCore
import SwiftProtobuf
import Testing

@testable import SyncTransport

@Suite struct BulkTests {
  private func refusal(_ bytes: [UInt8]) -> WireError? {
    do {
      _ = try BulkCodec.decode(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func rangesBeyondTheFileOrTheLimitsAreRefused() throws {
    let hash = Digest.sha256([1])
    let sound = BlobRange(key: BlobKey(hash: hash, size: 100), offset: 90, length: 10)
    #expect(refusal(try BulkCodec.encode(.request(sound))) == nil)
    for range in [
      BlobRange(key: BlobKey(hash: hash, size: 100), offset: 91, length: 10),
      BlobRange(key: BlobKey(hash: hash, size: 100), offset: 101, length: 1),
      BlobRange(key: BlobKey(hash: hash, size: 100), offset: 0, length: 0),
      BlobRange(key: BlobKey(hash: hash, size: 100), offset: .max, length: 10),
      BlobRange(key: BlobKey(hash: hash, size: Limits.attachmentBytes + 1), offset: 0, length: 1),
      BlobRange(
        key: BlobKey(hash: hash, size: Limits.attachmentBytes), offset: 0,
        length: Limits.bulkChunkBytes + 1),
    ] {
      #expect(refusal(try BulkCodec.encode(.request(range)))?.code == "malformed", "\(range)")
    }
  }

  @Test func aPieceOverItsLimitIsRefused() throws {
    let bytes = [UInt8](repeating: 1, count: Limits.bulkChunkBytes + 1)
    let frame = try BulkCodec.encode(.chunk(hash: .zero, offset: 0, bytes: bytes))
    #expect(refusal(frame)?.code == "too_many")
    let huge = [UInt8](repeating: 1, count: LinkLimits.frameBytes)
    #expect(throws: WireError.self) {
      try BulkCodec.encode(.chunk(hash: .zero, offset: 0, bytes: huge))
    }
  }

  @Test func whatIsNoBulkMessageIsTold() throws {
    #expect(refusal([]) == .emptyFrame)
    #expect(refusal([0x12, 0]) == .unknownVersion)
    #expect(refusal([0x0A, 0]) == .unknownMessage)
    let short = WireBulkFrame.with { $0.v1.chunk.hash = Data([1, 2]) }
    #expect(refusal(try short.serializedBytes())?.code == "malformed")
    let reason = WireBulkFrame.with {
      $0.v1.refused.hash = Data([UInt8](repeating: 0, count: 32))
      $0.v1.refused.reason = 900
    }
    #expect(refusal(try reason.serializedBytes())?.code == "malformed")
  }

  @Test(arguments: [21, 22]) func brokenBulkFramesNeverTrap(seed: UInt64) throws {
    var random = SeededRandom(state: seed)
    let frames = try Samples.bulk.map { try BulkCodec.encode($0) }.filter { $0.count < 10_000 }
    for _ in 0..<1_000 {
      var frame = frames.randomElement(using: &random) ?? []
      let index = Int.random(in: 0..<frame.count, using: &random)
      frame[index] = .random(in: 0...255, using: &random)
      if Bool.random(using: &random) { frame.removeSubrange(index...) }
      _ = refusal(frame)
    }
  }

  @Test(.timeLimit(.minutes(1))) func filesTravelBesideTheSession() async throws {
    let request = Samples.bulk[0]
    try await Harness.run(onBulk: { connection in
      try await connection.receive { message in try await connection.send(message) }
    }) { harness in
      let client = harness.client()
      try await harness.dialer(client).dialBulk { connection in
        try await connection.send(request)
        try? await connection.receive { message in
          #expect(message == request)
          throw CancellationError()
        }
      }
      #expect(client.totals[.blobRequest, .received].frames == 1)
    }
  }

  @Test(.timeLimit(.minutes(1))) func aStrangerGetsNoConnectionForFiles() async throws {
    try await Harness.run(onBulk: { connection in
      Issue.record("a stranger came in")
      try await connection.receive { _ in }
    }) { harness in
      let error = await linkError {
        try await harness.dialer(harness.client(.stranger)).dialBulk { connection in
          try await connection.receive { _ in }
          throw PeerLinkError.closed("the other side ended it")
        }
      }
      #expect(error != nil)
    }
  }

  @Test(.timeLimit(.minutes(1))) func aNodeWithoutFilesRefusesTheConnection() async throws {
    try await Harness.run { harness in
      let error = await linkError {
        try await harness.dialer(harness.client()).dialBulk { connection in
          try await connection.receive { _ in }
          throw PeerLinkError.closed("the other side ended it")
        }
      }
      #expect(error != nil)
    }
  }
}
