// Asks a running node over its HTTPS, as agents' tools do.

import AgentAPI
import AsyncHTTPClient
import Foundation
import HelpdeskDomain
import NIOCore
import NIOHTTP1
import NIOSSL
import ReplicaCore

@testable import NodeRuntime

/// A client of one node, with whatever credential each request brings.
struct DeskClient: Sendable {
  struct Answer: Sendable {
    var status: Int
    var headers: [String: String]
    var text: String

    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }
  }

  let base: String
  private let http: HTTPClient

  init(_ running: RunningNode) throws {
    base = "https://127.0.0.1:\(running.node.agentPort)"
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .file(running.directory + "/api-ca.pem")
    tls.certificateVerification = .noHostnameVerification
    http = HTTPClient(
      eventLoopGroupProvider: .singleton, configuration: .init(tlsConfiguration: tls))
  }

  static func basic(_ email: String, _ password: String) -> String {
    "Basic " + Data("\(email):\(password)".utf8).base64EncodedString()
  }

  /// `stream`: what is read of the body ends with the head.
  func ask(
    _ method: String, _ path: String, _ body: String? = nil, auth: String? = nil
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: base + path)
    request.method = HTTPMethod(rawValue: method)
    if let auth { request.headers.add(name: "Authorization", value: auth) }
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(string: body))
    }
    let response = try await http.execute(request, timeout: .seconds(30))
    var headers: [String: String] = [:]
    for (name, value) in response.headers { headers[name.lowercased()] = value }
    let isStream = headers["content-type"]?.hasPrefix("text/event-stream") ?? false
    let text =
      isStream ? "" : String(buffer: try await response.body.collect(upTo: 16 << 20))
    return Answer(status: Int(response.status.code), headers: headers, text: text)
  }

  /// Reads a stream of events until the node ends it, at most so long; whether it ended.
  func listen(_ path: String, auth: String, seconds: Int64) async throws -> Bool {
    var request = HTTPClientRequest(url: base + path)
    request.headers.add(name: "Authorization", value: auth)
    let response = try await http.execute(request, timeout: .seconds(seconds))
    guard response.status == .ok else { return true }
    do {
      for try await _ in response.body {}
      return true
    } catch { return false }
  }

  func close() async { try? await http.shutdown() }
}

extension Node {
  /// A token of the user, in clear.
  func freshToken(
    _ user: RowID, expiresAt: Instant? = nil
  ) async throws -> (id: RowID, text: String) {
    let report = try await NodeAdapter(parts: parts).createToken(
      .init(user: user, label: "test", expiresAt: expiresAt), as: operatorActor)
    return (RowID(report.id), report.token)
  }

  /// A user made by the operator.
  func freshUser(
    _ name: String, _ role: Role, office: String = "paris", password: String? = nil
  ) async throws -> RowID {
    var draft = UserDraft(
      name: name, email: "\(name)@acme.example", role: role,
      office: role == .endUser ? nil : OfficeID(office))
    if let password {
      draft.edit.passwordHash = .set(
        try await NodeAdapter(parts: parts).passwordHash(password, email: draft.email))
    }
    return try await submit(.createUser(draft), as: operatorActor).created ?? .none
  }

  /// Waits until the agents' listener is open.
  func listening() async throws -> Bool { try await eventually { self.agentPort > 0 } }
}
