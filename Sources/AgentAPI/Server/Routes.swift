// Registers routes whose handlers get a Call.

internal import Hummingbird

final class Routes {
  typealias Handler = @Sendable (Call) async throws -> Response

  private let router: Router<AgentContext>
  /// What stands before every path, such as `/api/v2`.
  private let prefix: String
  private(set) var table = RouteTable()

  init(router: Router<AgentContext>, prefix: String) {
    self.router = router
    self.prefix = prefix
  }

  func get(_ path: String, _ handler: @escaping Handler) { on(.get, path, handler) }
  func post(_ path: String, _ handler: @escaping Handler) { on(.post, path, handler) }
  func put(_ path: String, _ handler: @escaping Handler) { on(.put, path, handler) }
  func patch(_ path: String, _ handler: @escaping Handler) { on(.patch, path, handler) }
  func delete(_ path: String, _ handler: @escaping Handler) { on(.delete, path, handler) }

  /// PUT and PATCH mean the same in this API: what is absent stays.
  func update(_ path: String, _ handler: @escaping Handler) {
    put(path, handler)
    patch(path, handler)
  }

  private func on(
    _ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler
  ) {
    table.add(method, prefix + path)
    router.on(RouterPath(stringLiteral: prefix + path), method: method) { request, context in
      try await handler(Call(request, context))
    }
  }
}
