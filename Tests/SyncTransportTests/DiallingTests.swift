// Links come back by themselves, also from a network that says nothing when it breaks.

import Foundation
import NIOCore
import NIOPosix
import ReplicaCore
import Testing

@testable import SyncTransport

@Suite(.serialized, .timeLimit(.minutes(3))) struct DiallingTests {
  @Test func endpointsAreReadAndWritten() {
    #expect(PeerEndpoint("tokyo.example:7001") == PeerEndpoint(host: "tokyo.example", port: 7_001))
    #expect(PeerEndpoint("[::1]:0")?.description == "[::1]:0")
    for bad in ["", "host", "host:", ":7001", "::1:7001", "h:65536", "h:-1", "[]:1"] {
      #expect(PeerEndpoint(bad) == nil)
    }
  }

  @Test func waitsGrowToACapAndNeverRunInStep() {
    var backoff = Backoff(seed: 1)
    var (twin, other) = (Backoff(seed: 1), Backoff(seed: 2))
    let waits = (0..<60).map { _ in backoff.next() }
    #expect(waits == (0..<60).map { _ in twin.next() })
    #expect(waits != (0..<60).map { _ in other.next() })
    #expect(waits[0] >= .milliseconds(125) && waits[0] <= .milliseconds(250))
    #expect(waits.allSatisfy { $0 <= .seconds(8) })
    #expect(waits.dropFirst(10).allSatisfy { $0 >= .seconds(4) })
    backoff.reset()
    #expect(backoff.next() <= .milliseconds(250))
  }

  @Test func nobodyListeningIsUnreachable() async throws {
    let transport = PeerTransport(
      credentials: TestNode.tokyo.credentials, logger: LogLines().logger
    ) { _, _ in .admitted }
    let closed = PeerEndpoint(host: "127.0.0.1", port: 1)
    let error = await linkError { try await PeerDialer(transport, to: closed).dial { _ in } }
    #expect(error?.code == "unreachable")
    #expect(error?.message.contains("127.0.0.1:1") == true)
    try await Harness.run { harness in
      let taken = await linkError {
        _ = try await PeerListener.bind(transport, at: harness.endpoint)
      }
      #expect(taken?.code == "unreachable")
    }
  }

  @Test func namesAreLookedUpByTheirKindOfAddress() async throws {
    let resolver = NameResolver(loop: MultiThreadedEventLoopGroup.singleton.next())
    for host in ["127.0.0.1", "localhost"] {
      let found = try await resolver.initiateAQuery(host: host, port: 7_001).get()
      #expect(found.first?.ipAddress == "127.0.0.1" && found.first?.port == 7_001)
    }
    let sixth = try await resolver.initiateAAAAQuery(host: "::1", port: 7_001).get()
    #expect(sixth.first?.ipAddress == "::1" && sixth.first?.port == 7_001)
    await #expect(throws: (any Error).self) {
      try await resolver.initiateAAAAQuery(host: "127.0.0.1", port: 7_001).get()
    }
    await #expect(throws: (any Error).self) {
      try await resolver.initiateAQuery(host: "no-such-host.invalid", port: 7_001).get()
    }
  }

  @Test func aBrokenLinkIsDialledAgain() async throws {
    let rounds = Box<Int>()
    try await Harness.run(onPeer: { connection in
      try await connection.send(.bucketsRequest)
      rounds.put(1)
      connection.close("as the test wants")
    }) { harness in
      let waits = Box<Duration>()
      let dialler = Task {
        await harness.dialer(harness.client()).keepDialling(
          seed: 3, onFailure: { _, wait in waits.put(wait) }
        ) { connection in
          for try await _ in connection.inbound {}
        }
      }
      await eventually("four links in a row") { rounds.all.count >= 4 }
      dialler.cancel()
      await dialler.value
      // Each link worked, so no wait grows.
      #expect(waits.all.allSatisfy { $0 <= .milliseconds(250) })
    }
  }

  @Test func aNodeThatRefusesUsIsAskedLessAndLess() async throws {
    try await Harness.run { harness in
      let waits = Box<Duration>()
      let dialler = Task {
        await harness.dialer(harness.client(.stranger)).keepDialling(
          seed: 3, onFailure: { _, wait in waits.put(wait) }
        ) { connection in
          for try await _ in connection.inbound {}
        }
      }
      await eventually("three tries") { waits.all.count >= 3 }
      dialler.cancel()
      await dialler.value
      #expect(waits.all[2] >= .milliseconds(500))
    }
  }

  @Test func aHalfOpenLinkIsNoticedAndHeals() async throws {
    let timeouts = LinkTimeouts.with {
      $0.stall = .seconds(2)
      $0.handshake = .seconds(2)
    }
    let ends = Box<PeerLinkError?>()
    let talk: @Sendable (PeerConnection) async throws -> Void = { connection in
      try await withThrowingTaskGroup { group in
        group.addTask { for try await _ in connection.inbound {} }
        group.addTask {
          while true {
            try await connection.send(.summary(digest: 1, fingerprint: 2))
            try await Task.sleep(for: .milliseconds(200))
          }
        }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
    try await Harness.run(
      timeouts: timeouts,
      onPeer: { connection in ends.put(await linkError { try await talk(connection) }) }
    ) { harness in
      let proxy = try SwallowProxy(to: harness.endpoint)
      defer { proxy.stop() }
      let client = harness.client(timeouts: timeouts)
      let reasons = Box<PeerLinkError>()
      let dialler = Task {
        await PeerDialer(client, to: proxy.endpoint).keepDialling(
          seed: 9, onFailure: { reason, _ in reasons.put(reason) }, talk)
      }
      await eventually("they talk") { client.totals.total(.received).frames > 5 }
      let (endsBefore, reasonsBefore) = (ends.all.count, reasons.all.count)
      try proxy.command("cut")
      let start = ContinuousClock.now
      await eventually("both sides notice") {
        ends.all.count > endsBefore && reasons.all.count > reasonsBefore
      }
      #expect(ContinuousClock.now - start < .seconds(30))
      #expect(ends.all[endsBefore] == .stalled(seconds: 2))
      #expect(reasons.all[reasonsBefore] == .stalled(seconds: 2))
      await eventually("dialling into the void is noticed") {
        reasons.all.dropFirst(reasonsBefore).contains(.handshakeTimeout(seconds: 2))
      }
      let before = client.totals.total(.received).frames
      try proxy.command("heal")
      await eventually("they talk again") { client.totals.total(.received).frames > before + 5 }
      dialler.cancel()
      await dialler.value
    }
  }
}

/// `cluster/lib/swallow_proxy.py` in front of an endpoint.
private struct SwallowProxy {
  let endpoint: PeerEndpoint
  private let process: Process
  private let control: String

  init(to target: PeerEndpoint) throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    control =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("helio-swallow-\(target.port).sock").path
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", root.appendingPathComponent("cluster/lib/swallow_proxy.py").path,
      "--route", "a=127.0.0.1:0,\(target)", "--control", control,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    // The first line tells that it is ready, and where.
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw PeerLinkError.unreachable("the proxy did not start") }
      line.append(more)
    }
    struct Status: Decodable { let listen: String }
    let status = try JSONDecoder().decode([String: Status].self, from: line)
    endpoint = try #require(status["a"].flatMap { PeerEndpoint($0.listen) })
  }

  func command(_ words: String) throws {
    let script = """
      import socket, sys
      s = socket.socket(socket.AF_UNIX)
      s.connect(sys.argv[1])
      s.sendall(sys.argv[2].encode() + b"\\n")
      print(s.makefile().readline(), end="")
      """
    let answer = try Command.run(["python3", "-c", script, control, words]).text
    #expect(answer.hasPrefix("ok \(words)"))
  }

  func stop() { process.terminate() }
}
