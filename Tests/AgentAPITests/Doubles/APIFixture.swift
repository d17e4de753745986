// Sends requests through the whole door and reads JSON back.

import AgentAPI
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ReplicaCore
import Testing

struct APIFixture {
  let desk = MemoryDesk()
  let attachments = MemoryAttachments()
  var node = MemoryNode()
  var requestsPerMinute = 60_000

  /// Runs the test against the door without a socket.
  func run(_ test: @Sendable (APIClient) async throws -> Void) async throws {
    let server = try server(
      AgentServerConfiguration(
        address: ListenAddress(host: "127.0.0.1", port: 0), requestsPerMinute: requestsPerMinute))
    let app = try #require(server.applications.first)
    try await app.test(.router) { client in try await test(APIClient(client: client, desk: desk)) }
  }

  var services: AgentServices {
    AgentServices(
      desk: desk, attachments: attachments, node: node, authenticator: MemoryAuthenticator())
  }

  func server(_ configuration: AgentServerConfiguration) throws -> AgentServer {
    try AgentServer(
      configuration, services: services,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }
}

/// A caller of the API.
struct APIClient: Sendable {
  typealias Object = [String: any Sendable]

  let client: any TestClientProtocol
  let desk: MemoryDesk

  struct Answer {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    func json() throws -> [String: Any] {
      try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }
    func object(_ key: String) throws -> [String: Any] {
      try #require(try json()[key] as? [String: Any])
    }
    func list(_ key: String) throws -> [[String: Any]] {
      try #require(try json()[key] as? [[String: Any]])
    }
    func header(_ name: String) -> String? {
      headers.first { $0.name.canonicalName == name.lowercased() }?.value
    }
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
    auth: String? = "Bearer agent-token", headers: HTTPFields = [:]
  ) async throws -> Answer {
    try await send(method, path, bytes: body.map { Array($0.utf8) }, auth: auth, headers: headers)
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, bytes: [UInt8]?,
    auth: String? = "Bearer agent-token", headers: HTTPFields = [:]
  ) async throws -> Answer {
    var headers = headers
    if let auth { headers[.authorization] = auth }
    return try await client.execute(
      uri: path, method: method, headers: headers, body: bytes.map { ByteBuffer(bytes: $0) }
    ) { response in
      Answer(
        status: response.status.code, headers: response.headers,
        bytes: Array(response.body.readableBytesView))
    }
  }

  func get(_ path: String, auth: String? = "Bearer agent-token") async throws -> Answer {
    try await send(.get, path, auth: auth)
  }

  func post(_ path: String, _ body: String, auth: String? = "Bearer agent-token") async throws
    -> Answer
  {
    try await send(.post, path, body, auth: auth)
  }

  /// Creates a ticket and returns its id.
  func ticket(_ subject: String = "Le téléphone chauffe", _ more: String = "") async throws
    -> Int64
  {
    let answer = try await post(
      "/api/v2/tickets.json",
      #"{"ticket":{"subject":"\#(subject)","comment":{"body":"Il chauffe."}\#(more)}}"#)
    #expect(answer.status == 201, "\(answer.text)")
    return try #require(try answer.object("ticket")["id"] as? NSNumber).int64Value
  }
}
