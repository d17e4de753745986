// Who is not admitted gets no byte of the application, whatever client they use.

import ReplicaCore
import Testing

@testable import SyncTransport

@Suite(.serialized, .timeLimit(.minutes(3))) struct HandshakeTests {
  /// Runs `attempt` and makes sure that no handler ran and no frame passed.
  private func refused(
    onJoin: JoinHandler? = nil, logged words: String,
    _ attempt: @Sendable (Harness) async throws -> Void
  ) async throws {
    let handled = Box<Bool>()
    try await Harness.run(onPeer: { _ in handled.put(true) }, onJoin: onJoin) { harness in
      try await attempt(harness)
      await eventually("the log says why: \(harness.logs.all)") { harness.logs.has(words) }
      #expect(harness.logs.all.contains { $0.contains(words) && $0.contains("peer=127.0.0.1:") })
      #expect(handled.all.isEmpty)
      #expect(harness.transport.totals.total(.sent).frames == 0)
      #expect(harness.transport.totals.total(.received).frames == 0)
    }
  }

  private static let sync = ["-alpn", "helio-sync/1"]

  @Test func opensslWithoutACertificateIsRefused() async throws {
    try await refused(logged: "the peer presents no certificate") { harness in
      let output = try await harness.openssl(
        "-quiet", "-alpn", "helio-sync/1", input: [0, 0, 0, 2])
      #expect(output.stdout.isEmpty)
      #expect(output.stderr.contains("certificate required"))
    }
  }

  @Test func tls12IsRefused() async throws {
    let (cert, key) = (TestNode.tokyo.certificateFile, TestNode.tokyo.keyFile)
    try await refused(logged: "the peer does not offer TLS 1.3") { harness in
      let output = try await harness.openssl(
        "-quiet", "-tls1_2", "-alpn", "helio-sync/1", "-cert", cert, "-key", key)
      #expect(output.status != 0)
      #expect(output.stdout.isEmpty)
      #expect(output.stderr.contains("protocol version"))
    }
  }

  @Test func opensslWithAnAdmittedKeyGetsIn() async throws {
    let (cert, key) = (TestNode.tokyo.certificateFile, TestNode.tokyo.keyFile)
    try await Harness.run(onPeer: { try await $0.send(.bucketsRequest) }) { harness in
      let output = try await harness.openssl(
        "-quiet", "-tls1_3", "-alpn", "helio-sync/1", "-cert", cert, "-key", key)
      let frame = try FrameCodec.encode(.bucketsRequest)
      #expect(output.stdout == [0, 0, 0, UInt8(frame.count)] + frame)
    }
  }

  @Test(arguments: [["-alpn", "h2"], [], ["-alpn", "helio-sync/2,http/1.1"]])
  func anotherProtocolOrNoneIsRefused(alpn: [String]) async throws {
    let words = ["-cert", TestNode.tokyo.certificateFile, "-key", TestNode.tokyo.keyFile] + alpn
    try await refused(logged: "the two sides agreed on no protocol") { harness in
      let output = try await Command.runApart(
        ["timeout", "10", "openssl", "s_client", "-quiet", "-connect", "\(harness.endpoint)"]
          + words)
      #expect(output.stdout.isEmpty)
    }
  }

  @Test func anUnknownKeyIsRefused() async throws {
    try await refused(logged: "the peer's key is refused: unknown key") { harness in
      let client = harness.client(.stranger)
      let error = await linkError {
        try await harness.dialer(client).dial { connection in
          for try await _ in connection.inbound { Issue.record("a frame came") }
          throw PeerLinkError.closedByPeer("in an orderly way")
        }
      }
      #expect(error?.code == "closed_by_peer")
    }
    let (cert, key) = (TestNode.stranger.certificateFile, TestNode.stranger.keyFile)
    try await refused(logged: "the peer's key is refused: unknown key") { harness in
      let output = try await harness.openssl(
        "-quiet", "-alpn", "helio-sync/1", "-cert", cert, "-key", key)
      #expect(output.stdout.isEmpty)
    }
  }

  @Test func aChainOfCertificatesIsRefused() async throws {
    let (cert, key) = (TestNode.tokyo.certificateFile, TestNode.tokyo.keyFile)
    try await refused(logged: "the peer presents 2 certificates, not 1") { harness in
      let output = try await harness.openssl(
        "-quiet", "-alpn", "helio-sync/1", "-cert", cert, "-key", key,
        "-cert_chain", TestNode.stranger.certificateFile)
      #expect(output.stdout.isEmpty)
    }
  }

  /// A resumed TLS 1.3 session shows no certificate again, so it must not count as proof of a key.
  @Test func aResumedSessionIsRefused() async throws {
    let script = """
      import socket, ssl, sys
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
      context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
      context.set_alpn_protocols(["helio-sync/1"])
      context.load_cert_chain(sys.argv[2], sys.argv[3])
      def talk(session):
        raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
        link = context.wrap_socket(raw, session=session)
        try:
          data = link.recv(100)
        except OSError:
          data = b""
        print(link.session_reused, len(data))
        return link.session
      talk(talk(None))
      """
    try await Harness.run(onPeer: { try await $0.send(.bucketsRequest) }) { harness in
      let output = try await Command.runApart([
        "python3", "-c", script, "\(harness.endpoint.port)", TestNode.tokyo.certificateFile,
        TestNode.tokyo.keyFile,
      ])
      #expect(output.text == "False 8\nTrue 0\n", "\(output.stderr)")
      await eventually("the log says why: \(harness.logs.all)") {
        harness.logs.has("the peer proved no key in this handshake")
      }
    }
  }

  @Test func plainTextIsRefused() async throws {
    try await refused(logged: "the peer speaks plain HTTP, not TLS") { harness in
      _ = try await Command.runApart([
        "python3", "-c",
        """
        import socket, sys
        s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        s.settimeout(5)
        s.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        s.recv(100)
        """, "\(harness.endpoint.port)",
      ])
    }
  }

  @Test func aSocketThatSaysNothingIsClosed() async throws {
    let timeouts = LinkTimeouts.with {
      $0.handshake = .milliseconds(300)
    }
    try await Harness.run(timeouts: timeouts) { harness in
      let output = try await Command.runApart([
        "python3", "-c",
        """
        import socket, sys
        s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        s.settimeout(5)
        print(len(s.recv(100)))
        """, "\(harness.endpoint.port)",
      ])
      #expect(output.text == "0\n")
      await eventually("it is logged") { harness.logs.has("no finished handshake within 0.3 s") }
    }
  }

  @Test func theDiallingSideRefusesAnUnknownListener() async throws {
    let handled = Box<Bool>()
    try await Harness.run(onPeer: { _ in handled.put(true) }) { harness in
      let client = harness.client { peer, _ in
        peer.leaf == TestNode.tokyo.leaf ? .admitted : .refused("not Tokyo")
      }
      let error = await linkError { try await harness.dialer(client).dial { _ in } }
      #expect(error == .refused("not Tokyo"))
      await eventually("the listener is told by an alert") {
        harness.logs.has("the peer does not accept our certificate")
      }
      #expect(handled.all.isEmpty)
    }
  }

  @Test func aKeyRemovedWhileItIsJudgedDoesNotGetThrough() async throws {
    let judging = Box<Bool>()
    let gate = Box<Bool>()
    let handled = Box<Bool>()
    try await Harness.run(
      check: { _, _ in
        judging.put(true)
        while gate.all.isEmpty { try? await Task.sleep(for: .milliseconds(5)) }
        return .admitted
      }, onPeer: { _ in handled.put(true) }
    ) { harness in
      async let error = linkError {
        try await harness.dialer(harness.client()).dial { connection in
          for try await _ in connection.inbound {}
          throw PeerLinkError.closedByPeer("in an orderly way")
        }
      }
      await eventually("it is being judged") { !judging.all.isEmpty }
      #expect(harness.transport.links.closeAll(reason: "removed") == 1)
      gate.put(true)
      #expect(await error?.code == "closed_by_peer")
      await eventually("the log says why") { harness.logs.has("closed here: removed") }
      #expect(handled.all.isEmpty)
    }
  }

  @Test func aKeyThatDoesNotFitItsCertificateIsNotTaken() throws {
    let key = try Command.run(["openssl", "pkey", "-in", TestNode.paris.keyFile, "-outform", "DER"])
    let credentials = try NodeCredentials(
      certificate: TestNode.tokyo.leaf, privateKey: key.stdout)
    #expect(throws: PeerLinkError.self) { try credentials.serverContext(LinkTimeouts()) }
    #expect(throws: PeerLinkError.self) {
      try NodeCredentials(certificate: [1, 2, 3], privateKey: key.stdout)
    }
  }
}
