// What only a real socket shows: timeouts, listeners, the operator's socket.

import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import AgentAPI

@Suite struct LiveServerTests {
  /// A server on a port of its own, stopped when the test ends. A short time-out is for those that
  /// wait for it; a busy machine may answer the others late.
  private func serve(
    timeoutSeconds: Int64 = 1, _ test: @Sendable (_ port: Int) async throws -> Void
  ) async throws {
    let server = try APIFixture().server(
      AgentServerConfiguration(
        address: ListenAddress(host: "127.0.0.1", port: 0),
        timeoutSeconds: timeoutSeconds))
    let app = try #require(server.applications.first)
    try await app.test(.live) { client in
      try await test(try #require(client.port))
    }
  }

  /// Sends the bytes, then returns what came back until the server closed.
  private func talk(_ port: Int, _ parts: [String], every gap: Duration = .zero) async throws
    -> (text: String, closedAfter: Duration)
  {
    let start = ContinuousClock.now
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let text = try await channel.executeThenClose { inbound, outbound in
      try await withThrowingTaskGroup(of: String.self) { group in
        group.addTask {
          for part in parts {
            // The server may close in between: that is what is tested.
            do { try await outbound.write(ByteBuffer(string: part)) } catch { break }
            if gap > .zero { try await Task.sleep(for: gap) }
          }
          return ""
        }
        group.addTask {
          var text = ""
          do {
            for try await buffer in inbound { text += String(buffer: buffer) }
          } catch {}
          return text
        }
        var whole = ""
        for try await part in group {
          whole += part
        }
        return whole
      }
    }
    return (text, ContinuousClock.now - start)
  }

  @Test(.timeLimit(.minutes(1))) func aSlowHeaderIsClosed() async throws {
    try await serve { port in
      let (text, time) = try await talk(port, ["GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "])
      #expect(text.isEmpty)
      #expect(time < .seconds(5))
    }
  }

  @Test(.timeLimit(.minutes(1))) func aTrickledBodyIsClosed() async throws {
    try await serve { port in
      let head =
        "POST /api/v2/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer agent-token\r\n"
        + "Content-Length: 1000\r\n\r\n"
      let parts = [head] + Array(repeating: " ", count: 30)
      let (text, time) = try await talk(port, parts, every: .milliseconds(300))
      #expect(!text.contains("201"))
      #expect(time < .seconds(12))
    }
  }

  @Test(.timeLimit(.minutes(1))) func anIdleConnectionIsClosedAndOthersAreServed() async throws {
    try await serve(timeoutSeconds: 2) { port in
      let (text, time) = try await talk(
        port, ["GET /health HTTP/1.1\r\nHost: desk.example:\(port)\r\n\r\n"])
      #expect(text.hasPrefix("HTTP/1.1 200"))
      #expect(time < .seconds(5))
    }
  }

  @Test(.timeLimit(.minutes(1))) func aHeaderOverTheLimitIsRefused() async throws {
    try await serve { port in
      let long = String(repeating: "x", count: APILimits.headerBytes + 1)
      let (text, _) = try await talk(
        port, ["GET /health HTTP/1.1\r\nHost: x\r\nX-Long: \(long)\r\n\r\n"])
      #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 4"))
    }
  }

  @Test(.timeLimit(.minutes(1))) func linksCarryTheHostThatTheClientUsed() async throws {
    try await serve(timeoutSeconds: 15) { port in
      for (host, shown) in [
        ("desk.example:8443", "http://desk.example:8443/"), ("a\"b<c>", "http://localhost/"),
      ] {
        let body = #"{"ticket":{"comment":{"body":"x"}}}"#
        let (text, _) = try await talk(
          port,
          [
            "POST /api/v2/tickets HTTP/1.1\r\nHost: \(host)\r\n"
              + "Authorization: Bearer agent-token\r\nConnection: close\r\n"
              + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
          ])
        #expect(text.hasPrefix("HTTP/1.1 201"))
        #expect(text.contains(#""url":"\#(shown)api/v2/tickets/"#), "\(text)")
      }
    }
  }

  @Test func metricsAreOpenOnlyToThisMachine() async throws {
    try await serve(timeoutSeconds: 15) { port in
      let (text, _) = try await talk(
        port, ["GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
      #expect(text.contains("helio_log_deltas_total 3"))
    }
  }

  @Test(arguments: ["0.0.0.0", "10.1.2.3", "::", "desk.example", "127.0.0.1.example"])
  func plainHTTPIsRefusedBeyondLoopback(host: String) {
    #expect {
      try APIFixture().server(
        AgentServerConfiguration(address: ListenAddress(host: host, port: 8080)))
    } throws: { error in
      (error as? OperationalError)?.code == "PlainHTTPRefused"
    }
  }

  /// OpenSSL is the independent judge of the certificate and its host name.
  @Test(.timeLimit(.minutes(1))) func httpsIsServedUnderItsHostName() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let key = directory.appending(path: "key.pem")
    let certificate = directory.appending(path: "cert.pem")
    let made = try openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2", "-subj", "/CN=desk", "-addext", "subjectAltName=DNS:desk.example", "-keyout", key.path,
      "-out", certificate.path,
    ])
    #expect(made == 0)
    let (ports, open) = AsyncStream<Int>.makeStream()
    let fixture = APIFixture()
    let server = try AgentServer(
      AgentServerConfiguration(
        address: ListenAddress(host: "127.0.0.1", port: 0),
        tls: .init(
          certificateChain: Array(try Data(contentsOf: certificate)),
          privateKey: Array(try Data(contentsOf: key)))),
      services: fixture.services,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      onListening: { _, port in
        open.yield(port)
        open.finish()
      })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      for await port in ports {
        func client(_ more: [String]) throws -> Int32 {
          try openssl(
            [
              "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", certificate.path,
              "-verify_return_error", "-brief",
            ] + more)
        }
        let right = try client(["-verify_hostname", "desk.example"])
        #expect(right == 0)
        let wrong = try client(["-verify_hostname", "other.example"])
        #expect(wrong != 0)
        let old = try client(["-tls1_1"])
        #expect(old != 0)
      }
      group.cancelAll()
    }
  }

  /// Accepted while the server was told to end: nobody serves it, so it is ended. Dropping its writer
  /// unfinished would end the process.
  @Test(.timeLimit(.minutes(1))) func aConnectionThatNobodyServesIsEnded() async throws {
    try await serve(timeoutSeconds: 15) { port in
      let channel = try await self.unserved(port)
      try await channel.closeFuture.get()
    }
  }

  private func unserved(_ port: Int) async throws -> any Channel {
    let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          AcceptedConnection(
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel))
        }
      }
    return connection.channel
  }

  private func openssl(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func aCertificateThatIsNoneIsRefused() {
    #expect {
      try APIFixture().server(
        AgentServerConfiguration(
          address: ListenAddress(host: "0.0.0.0", port: 0),
          tls: .init(certificateChain: Array("no".utf8), privateKey: Array("no".utf8))))
    } throws: { error in
      (error as? OperationalError)?.code == "APICertificateUnreadable"
    }
  }

  @Test(.timeLimit(.minutes(1))) func theSocketIsTheOperatorsAlone() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appending(path: "helio.sock").path
    let (opened, open) = AsyncStream<Void>.makeStream()
    let fixture = APIFixture()
    let server = try AgentServer(
      AgentServerConfiguration(address: nil, socketPath: path),
      services: fixture.services,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      onListening: { _, _ in open.finish() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      for await _ in opened {}
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
      let answer = try await ask(path, "GET /api/v2/users/me HTTP/1.1\r\nHost: x\r\n")
      #expect(answer.contains(#""helio_role":"admin""#), "\(answer)")
      group.cancelAll()
    }
  }

  private func ask(_ path: String, _ head: String) async throws -> String {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(unixDomainSocketPath: path) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: head + "Connection: close\r\n\r\n"))
      var text = ""
      for try await buffer in inbound { text += String(buffer: buffer) }
      return text
    }
  }

  @Test func aSocketPathThatTheSystemCannotTakeIsRefused() {
    #expect {
      try APIFixture().server(
        AgentServerConfiguration(
          address: nil, socketPath: "/tmp/" + String(repeating: "x", count: 120)))
    } throws: { error in
      (error as? OperationalError)?.code == "SocketPathTooLong"
    }
  }
}
