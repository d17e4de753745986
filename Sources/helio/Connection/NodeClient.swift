// The only way from a command to a running node.

internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Sends requests to one node and turns everything but success into a ``Failure``.
struct NodeClient: Sendable {
  let endpoint: Endpoint
  private let base: String
  private let actAs: String?
  private let http: HTTPClient

  /// An answer is read up to here, in bytes; a page of long tickets stays far below.
  static let answerBytes = 64 << 20
  /// Seconds that a request may take, unless it says otherwise.
  static let patience: Int64 = 60
  static let connectSeconds: Int64 = 5

  /// Opens a client, runs the work, closes the client whatever happens.
  static func with<Result: Sendable>(
    _ endpoint: Endpoint, actAs: String?, _ work: (NodeClient) async throws -> Result
  ) async throws -> Result {
    let client = try NodeClient(endpoint, actAs: actAs)
    let result: Result
    do {
      result = try await work(client)
    } catch {
      try? await client.http.shutdown()
      throw error
    }
    try await client.http.shutdown()
    return result
  }

  private init(_ endpoint: Endpoint, actAs: String?) throws(Failure) {
    self.endpoint = endpoint
    self.actAs = actAs
    base = try endpoint.base()
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: .seconds(Self.connectSeconds)))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    if case .url(_, _, let ca?) = endpoint {
      configuration.tlsConfiguration = try Self.trusting(ca)
    }
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  private static func trusting(_ ca: String) throws(Failure) -> TLSConfiguration {
    do {
      let certificates = try NIOSSLCertificate.fromPEMFile(ca)
      guard !certificates.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.trustRoots = .certificates(certificates)
      return tls
    } catch {
      throw Failure(
        .failed, "The CA file \(ca) holds no certificate that can be read.",
        hint: "It must be a PEM file; `helio init` names the one of its node.")
    }
  }

  func get(_ path: NodePath) async throws(Failure) -> JSON {
    try await send(.GET, path)
  }

  /// The answer to a request with a JSON body; null where the node says nothing.
  func send(
    _ method: HTTPMethod, _ path: NodePath, _ body: JSON? = nil, patience: Int64 = Self.patience
  ) async throws(Failure) -> JSON {
    do {
      return try await send(
        method, path, bytes: body?.encoded(), type: "application/json", patience: patience)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.failed, "The request cannot be written as JSON: \(error)")
    }
  }

  /// The same with a body as it is.
  func send(
    _ method: HTTPMethod, _ path: NodePath, bytes: [UInt8]?, type: String,
    patience: Int64 = Self.patience
  ) async throws(Failure) -> JSON {
    var request = HTTPClientRequest(url: base + path.text)
    request.method = method
    request.headers.add(name: "Accept", value: "application/json")
    request.headers.add(name: "User-Agent", value: "helio")
    if case .url(_, let token, _) = endpoint {
      request.headers.add(name: "Authorization", value: "Bearer \(token)")
    }
    if let actAs { request.headers.add(name: "X-Helio-Act-As", value: actAs) }
    if let bytes {
      request.headers.add(name: "Content-Type", value: type)
      request.body = .bytes(bytes)
    }
    let status: Int
    let retryAfter: String?
    let answer: [UInt8]
    do {
      let response = try await http.execute(request, timeout: .seconds(patience))
      status = Int(response.status.code)
      retryAfter = response.headers.first(name: "Retry-After")
      var buffer = try await response.body.collect(upTo: Self.answerBytes)
      answer = buffer.readBytes(length: buffer.readableBytes) ?? []
    } catch {
      throw Failure(transport: error, endpoint: endpoint, patience: patience)
    }
    let json = JSON.parse(answer)
    guard (200..<300).contains(status) else {
      throw Failure(
        refusal: json ?? .null, status: status, retryAfter: retryAfter, path: path,
        endpoint: endpoint)
    }
    if answer.isEmpty { return .null }
    guard let json else {
      throw Failure(
        .failed, "What answers at \(endpoint.name) is no Heliotrope node: it sent no JSON.",
        hint: "Check --url; it is the base only, such as https://paris.example:7480")
    }
    return json
  }
}
