// An agent's tool: one HTTPS connection to a node, kept open, one request at a time.

internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import NodeRuntime

/// Asks a node as an agent's tool does. To be closed with ``close()``.
struct AgentClient: Sendable {
  private let http: HTTPClient
  private let base: String
  private let token: String

  /// Waits until the node's API listens, and trusts its own CA.
  init(_ running: BenchNode, token: String) async throws {
    try await eventually("the agents' API", seconds: 30) { running.node.agentPort > 0 }
    let ca = DataDirectory(running.directory).apiCA
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(ca))
    var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(5)))
    configuration.tlsConfiguration = tls
    configuration.httpVersion = .http1Only
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    base = "https://127.0.0.1:\(running.node.agentPort)"
    self.token = token
  }

  /// The body of an answer of the 200s; any other is a failure.
  @discardableResult
  func send(_ method: String, _ path: String, _ body: String? = nil) async throws -> Data {
    var request = HTTPClientRequest(url: base + path)
    request.method = .init(rawValue: method)
    request.headers.add(name: "Authorization", value: "Bearer \(token)")
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(Array(body.utf8))
    }
    let response = try await http.execute(request, timeout: .seconds(60))
    let answer = try await response.body.collect(upTo: 64 << 20)
    guard (200..<300).contains(Int(response.status.code)) else {
      throw BenchFailure("\(method) \(path): \(response.status), \(String(buffer: answer))")
    }
    return Data(answer.readableBytesView)
  }

  func close() async { try? await http.shutdown() }
}
