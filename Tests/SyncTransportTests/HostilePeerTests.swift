// Peers that are admitted and then misbehave: the link ends with a named error, the node lives on.

import FoundationEssentials
import NIOCore
import ReplicaCore
import SwiftProtobuf
import Testing

@testable import SyncTransport

@Suite(.serialized, .timeLimit(.minutes(3))) struct HostilePeerTests {
  /// What ends the accepted link when the peer sends `pieces`.
  private func end(
    of pieces: [[UInt8]], every pause: Duration = .zero, timeouts: LinkTimeouts = LinkTimeouts()
  ) async throws -> PeerLinkError? {
    let ends = Box<PeerLinkError?>()
    try await Harness.run(
      timeouts: timeouts,
      onPeer: { connection in
        ends.put(
          await linkError {
            for try await message in connection.inbound { try await connection.send(message) }
          })
      }
    ) { harness in
      _ = await linkError {
        try await harness.dialer(harness.client()).sendRaw(pieces, every: pause)
      }
      await eventually("the link ends") { ends.all.count == 1 }
      // The listener goes on.
      try await harness.dialer(harness.client()).dial { connection in
        try await connection.send(.bucketsRequest)
        var back = connection.inbound.makeAsyncIterator()
        #expect(try await back.next() == .bucketsRequest)
      }
    }
    return ends.all.first ?? nil
  }

  private func framed(_ bytes: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
  }

  @Test func aFrameOverTheLimitIsRefusedByItsLength() async throws {
    let limit = LinkLimits.frameBytes
    #expect(
      try await end(of: [[0, 0x40, 0, 1]]) == .wire(.frameTooLarge(bytes: limit + 1, limit: limit)))
    #expect(try await end(of: [[255, 255, 255, 255, 1]])?.code == "frame_too_large")
    #expect(try await end(of: [[0, 0, 0, 0]]) == .wire(.emptyFrame))
  }

  @Test func garbageEndsTheLinkAfterWhatCameBefore() async throws {
    let good = framed(try FrameCodec.encode(.bucketsRequest))
    let error = try await end(of: [good + framed([0xFF, 0xFF, 0xFF])])
    #expect(error?.code == "malformed")
    #expect(try await end(of: [framed([0x12, 0])]) == .wire(.unknownVersion))
  }

  @Test func aBombEndsTheLink() async throws {
    let batch = WireBatch.with {
      $0.bodySize = 1 << 30
      $0.zlib = .init([1, 2, 3])
    }
    let frame: [UInt8] = try WireFrame.with { $0.v1.batch = batch }.serializedBytes()
    #expect(try await end(of: [framed(frame)])?.code == "batch_too_large")
  }

  @Test func aStallMidFrameEndsTheLink() async throws {
    let timeouts = LinkTimeouts.with {
      $0.stall = .milliseconds(400)
    }
    let half: [UInt8] = [0, 0, 16, 0] + [UInt8](repeating: 1, count: 100)
    #expect(try await end(of: [half], timeouts: timeouts) == .stalled(seconds: 0.4))
  }

  @Test func aTrickleIsAStall() async throws {
    let timeouts = LinkTimeouts.with {
      $0.stall = .milliseconds(400)
    }
    let drops = [[0, 0, 16, 0]] + [[UInt8]](repeating: [1], count: 600)
    let start = ContinuousClock.now
    #expect(
      try await end(of: drops, every: .milliseconds(50), timeouts: timeouts)
        == .stalled(seconds: 0.4))
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func aFrameInSmallPiecesIsTaken() async throws {
    let timeouts = LinkTimeouts.with {
      $0.stall = .seconds(2)
    }
    let frame = framed(try FrameCodec.encode(Samples.chunk(20_000)))
    let pieces = stride(from: 0, to: frame.count, by: 2_000).map {
      Array(frame[$0..<min($0 + 2_000, frame.count)])
    }
    try await Harness.run(timeouts: timeouts, onPeer: Harness.echo) { harness in
      let link = try await harness.dialer(harness.client()).open(.sync) { _, _ in .admitted }
      try await link.run { inbound, outbound in
        for piece in pieces {
          try await outbound.write(ByteBuffer(bytes: piece))
          try await Task.sleep(for: .milliseconds(300))
        }
        var frames = inbound.makeAsyncIterator()
        let back = try #require(try await frames.next())
        #expect(Array(back.readableBytesView) == Array(frame.dropFirst(4)))
      }
    }
  }

  @Test func silenceEndsTheLinkOnBothSides() async throws {
    let timeouts = LinkTimeouts.with {
      $0.stall = .milliseconds(500)
    }
    let ends = Box<PeerLinkError?>()
    try await Harness.run(
      timeouts: timeouts,
      onPeer: { connection in
        ends.put(await linkError { for try await _ in connection.inbound {} })
      }
    ) { harness in
      let client = harness.client(timeouts: timeouts)
      let error = await linkError {
        try await harness.dialer(client).dial { for try await _ in $0.inbound {} }
      }
      await eventually("the other side too") { ends.all.count == 1 }
      // Whoever notices first ends it; for the other it may look like an orderly close.
      let both = [error, ends.all.first ?? nil]
      #expect(both.contains(.stalled(seconds: 0.5)))
    }
  }

  @Test func aPeerThatTalksAndNeverReadsIsClosed() async throws {
    let timeouts = LinkTimeouts.with {
      $0.unwritable = .milliseconds(700)
    }
    let ends = Box<PeerLinkError?>()
    try await Harness.run(
      timeouts: timeouts,
      onPeer: { connection in
        ends.put(
          await linkError {
            while true { try await connection.send(Samples.chunk(256 << 10)) }
          })
      }
    ) { harness in
      let link = try await harness.dialer(harness.client()).open(.sync) { _, _ in .admitted }
      try await link.run { _, outbound in
        let hello = framed(try FrameCodec.encode(.bucketsRequest))
        while ends.all.isEmpty {
          try? await outbound.write(ByteBuffer(bytes: hello))
          try await Task.sleep(for: .milliseconds(50))
        }
      }
      #expect(ends.all.count == 1)
    }
  }
}
