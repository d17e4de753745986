// A machine without an admitted key asks to join, on the port that the nodes use.

import NIOCore
import ReplicaCore
import Testing

@testable import SyncTransport

@Suite(.serialized, .timeLimit(.minutes(3))) struct JoinTests {
  private let client = JoinClient(
    credentials: TestNode.stranger.credentials, logger: LogLines().logger)

  @Test func aStrangerAsksAndIsAnswered() async throws {
    let calls = Box<JoinCall>()
    let answer = [UInt8](repeating: 7, count: 300_000)
    try await Harness.run(onJoin: { call in
      calls.put(call)
      return answer
    }) { harness in
      let got = try await client.exchange(with: harness.endpoint, request: [1, 2, 3]) { issuer in
        issuer.leaf == TestNode.paris.leaf ? .admitted : .refused("not the issuer")
      }
      #expect(got == answer)
      let call = try #require(calls.all.first)
      #expect(call.request == [1, 2, 3])
      #expect(call.address == "127.0.0.1")
      #expect(call.joiner.leaf == TestNode.stranger.leaf)
      let key = try Command.run(
        ["openssl", "pkey", "-in", TestNode.stranger.keyFile, "-pubout", "-outform", "DER"])
      #expect(call.joiner.publicKey == key.stdout)
    }
  }

  @Test func aWrongIssuerGetsNoByteOfTheRequest() async throws {
    let calls = Box<JoinCall>()
    try await Harness.run(onJoin: { call in
      calls.put(call)
      return []
    }) { harness in
      let error = await linkError {
        _ = try await client.exchange(with: harness.endpoint, request: [1]) { _ in
          .refused("the token names another key")
        }
      }
      #expect(error == .refused("the token names another key"))
      await eventually("the issuer sees the alert") {
        harness.logs.has("the peer does not accept our certificate")
      }
      #expect(calls.all.isEmpty)
    }
  }

  @Test func aNodeThatTakesNoJoinersSaysSo() async throws {
    try await Harness.run { harness in
      let error = await linkError {
        _ = try await client.exchange(with: harness.endpoint, request: [1]) { _ in .admitted }
      }
      #expect(error?.code == "closed_by_peer" || error?.code == "tls")
      await eventually("logged") { harness.logs.has("wanted is helio-sync/1") }
    }
  }

  @Test func aJoinLinkDoesNotCarrySync() async throws {
    let calls = Box<JoinCall>()
    try await Harness.run(onJoin: { call in
      calls.put(call)
      return []
    }) { harness in
      let transport = harness.client(.stranger)
      let link = try await harness.dialer(transport).open(.join) { _, _ in .admitted }
      try? await link.run { inbound, outbound in
        let frame = try FrameCodec.encode(.bye(.paused, "not a request"))
        try await outbound.write(.init(bytes: [0, 0, 0, UInt8(frame.count)] + frame))
        for try await _ in inbound { Issue.record("an answer came") }
      }
      await eventually("logged: \(harness.logs.all)") {
        harness.logs.has("code=unknown_message") || harness.logs.has("code=malformed")
      }
      #expect(calls.all.isEmpty)
    }
  }

  @Test func anIssuerThatNeverAnswersIsGivenUp() async throws {
    let timeouts = LinkTimeouts.with {
      $0.join = .milliseconds(400)
    }
    let impatient = JoinClient(
      credentials: TestNode.stranger.credentials, timeouts: timeouts, logger: LogLines().logger)
    try await Harness.run(onJoin: { _ in
      try? await Task.sleep(for: .seconds(20))
      return []
    }) { harness in
      let error = await linkError {
        _ = try await impatient.exchange(with: harness.endpoint, request: [1]) { _ in .admitted }
      }
      #expect(error == .stalled(seconds: 0.4))
    }
  }
}
