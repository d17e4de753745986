// A listener on an operator's socket that answers from a script and remembers what it was asked.

internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Synchronization

@testable internal import helio

/// Stands where a node would stand; its answers have the shapes of the node's API.
final class ScriptedNode: Sendable {
  struct Asked: Sendable {
    /// Method, path and query, such as `GET /api/v2/users/me`.
    var line: String
    var actAs: String?
    var authorization: String?
    var contentType: String?
    var body: String
    var json: JSON { JSON.parse([UInt8](body.utf8)) ?? .null }
  }

  /// Beginning of a request line → status and body. The longest beginning that fits answers.
  typealias Script = [String: (status: Int, body: String)]

  private let asked = Mutex<[Asked]>([])
  private let script: Script

  init(_ script: Script) { self.script = script }

  var requests: [Asked] { asked.withLock(\.self) }

  /// Answers in a data directory while the work runs.
  func serve<Result: Sendable>(
    _ directory: TemporaryDirectory, _ work: @Sendable () async throws -> Result
  ) async throws -> Result {
    let (ready, signal) = AsyncStream<Void>.makeStream()
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { [self] request, _ in
        try await answer(request)
      },
      configuration: .init(
        address: .unixDomainSocket(path: directory.path + "/" + Endpoint.socketName)),
      onServerRunning: { _ in signal.finish() },
      logger: Logger(label: "scripted-node") { _ in SwiftLogNoOpLogHandler() })
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await application.run() }
      for await _ in ready {}
      let result = try await work()
      group.cancelAll()
      return result
    }
  }

  private func answer(_ request: Request) async throws -> Response {
    var buffer = try await request.body.collect(upTo: 2 << 20)
    let body = buffer.readString(length: buffer.readableBytes) ?? ""
    let line = "\(request.method) \(request.uri)"
    asked.withLock {
      $0.append(
        Asked(
          line: line,
          actAs: HTTPFields.Element.Name("X-Helio-Act-As").flatMap { request.headers[$0] },
          authorization: request.headers[.authorization],
          contentType: request.headers[.contentType], body: body))
    }
    let match = script.keys.filter(line.hasPrefix).max { $0.utf8.count < $1.utf8.count }
    let (status, text) =
      match.flatMap { script[$0] } ?? (
        404, #"{"error":"InvalidEndpoint","description":"Not found"}"#
      )
    return Response(
      status: .init(code: status), headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
