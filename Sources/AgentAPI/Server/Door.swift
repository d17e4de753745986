// The door every request comes through: who is it, may it, how often, and what an error says.

internal import HelpdeskDomain
package import Hummingbird
internal import Logging
internal import NIOCore
internal import ReplicaCore

/// Wraps the router; nothing reaches a route without an actor.
package struct Door: HTTPResponder {
  package typealias Context = AgentContext

  static let healthPath = "/health"
  static let metricsPath = "/metrics"

  let services: AgentServices
  let listener: Listener
  let limiter: RateLimiter
  let routes: RouterResponder<AgentContext>
  let table: RouteTable
  let timeoutSeconds: Int64
  let logger: Logger

  package func respond(to request: Request, context: AgentContext) async throws -> Response {
    var context = context
    context.base = base(of: request)
    context.timeoutSeconds = timeoutSeconds
    var standing: RateLimiter.Standing?
    var response: Response
    do {
      response = try await answer(request, &context, &standing)
    } catch {
      response = errorAnswer(error, request)
    }
    if let standing { add(standing, to: &response) }
    secure(&response)
    // A body that no client of a HEAD reads would be taken for the next answer.
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func answer(
    _ request: Request, _ context: inout AgentContext, _ standing: inout RateLimiter.Standing?
  ) async throws -> Response {
    let path = request.uri.path
    try refuseForeignOrigin(request, base: context.base)
    switch (request.method, path) {
    case (.get, Self.healthPath), (.head, Self.healthPath): return try await health()
    case (.get, Self.metricsPath) where isLocal(context.channel),
      (.head, Self.metricsPath) where isLocal(context.channel):
      return await metrics()
    default: break
    }
    do {
      let signIn = try await authenticate(request, context)
      context.signIn = signIn
      try count(.user(signIn.actor.user), &standing)
    } catch {
      // Who is not let in is counted by address.
      if standing == nil {
        try count(.stranger(context.channel.remoteAddress?.ipAddress ?? "unknown"), &standing)
      }
      throw error
    }
    if let actor = context.actor { try CustomerPaths.check(actor, request) }
    if path == Self.metricsPath, [.get, .head].contains(request.method) { return await metrics() }
    let plain = withoutSuffix(request)
    let response = try await routes.respond(to: plain, context: context)
    // The router answers an unknown path, and an unknown method of a known one, with a bare 404.
    if response.status == .notFound, response.headers[.contentType] == nil {
      let methods = table.methods(at: plain.uri.path)
      throw methods.isEmpty ? APIError.unknownPath : .methodNotAllowed(methods)
    }
    return response
  }

  private func count(
    _ caller: RateLimiter.Caller, _ standing: inout RateLimiter.Standing?
  ) throws(APIError) {
    guard listener != .operatorSocket else { return }
    let counted = limiter.count(caller)
    standing = counted
    guard !counted.isOver else {
      throw .tooManyRequests(
        counted.resetSeconds,
        "More than \(counted.limit) requests in a minute; wait \(counted.resetSeconds) s.")
    }
  }

  private func authenticate(
    _ request: Request, _ context: AgentContext
  ) async throws -> SignIn {
    if listener == .operatorSocket {
      return SignIn(actor: try await operatorActor(request), basis: .operatorSocket)
    }
    guard let header = request.headers[.authorization],
      let credential = Credential(authorization: header)
    else { throw APIError.unauthenticated }
    let address = context.channel.remoteAddress?.ipAddress ?? "unknown"
    do {
      return try await services.authenticator.admit(credential, from: address)
    } catch { throw APIError(error) }
  }

  /// Whoever may open the socket is the operator, and may act as any user of the desk.
  private func operatorActor(_ request: Request) async throws -> Actor {
    guard let email = request.headers[.actAs] else {
      return await services.authenticator.operatorActor()
    }
    guard let actor = await services.authenticator.actor(actingAs: email) else {
      throw APIError.forbidden(
        "Nobody who may work here has the e-mail address \(email); see `helio user list`.")
    }
    return actor
  }

  /// A browser names the page that sends the request; only our own may change anything.
  private func refuseForeignOrigin(_ request: Request, base: String) throws {
    guard ![.get, .head, .options].contains(request.method) else { return }
    if let origin = request.headers[.origin], origin != base {
      throw APIError.forbidden("Requests from the origin \(origin) may not change this desk.")
    }
    if request.headers[.secFetchSite] == "cross-site" {
      throw APIError.forbidden("Requests from another site may not change this desk.")
    }
  }

  private func health() async throws -> Response {
    let report = await services.node.health()
    return try .codable(report, report.ok ? .ok : .serviceUnavailable)
  }

  private func metrics() async -> Response {
    .text(
      .ok, "text/plain; version=0.0.4; charset=utf-8",
      [UInt8](await services.node.metricsText().utf8))
  }

  private func errorAnswer(_ error: any Error, _ request: Request) -> Response {
    switch error {
    case let error as APIError: return error.response()
    case let error as AuthenticationFailure: return APIError(error).response()
    case let error as DeskFailure:
      // What is wrong with a request is the client's to know.
      if case .failed(let failure) = error, !failure.isInput {
        logger.error(
          "request failed",
          metadata: [
            "code": "\(failure.code)", "cause": "\(failure.cause ?? failure.message)",
            "method": "\(request.method)", "path": "\(request.uri.path)",
          ])
      }
      return APIError(error).response()
    default:
      logger.error(
        "request failed",
        metadata: [
          "cause": "\(error)", "method": "\(request.method)", "path": "\(request.uri.path)",
        ])
      return APIError(
        status: .internalServerError, error: "InternalError",
        description: "The node met an error it does not know; its log holds the cause."
      ).response()
    }
  }

  /// `/api/v2/tickets/1.json` means `/api/v2/tickets/1`.
  private func withoutSuffix(_ request: Request) -> Request {
    let suffix = ".json"
    guard request.uri.path.hasSuffix(suffix), let full = request.head.path else { return request }
    var head = request.head
    let query = full.firstIndex(of: "?").map { String(full[$0...]) } ?? ""
    head.path = String(request.uri.path.dropLast(suffix.count)) + query
    return Request(head: head, body: request.body)
  }

  private func isLocal(_ channel: any Channel) -> Bool {
    guard listener != .operatorSocket, let address = channel.remoteAddress?.ipAddress else {
      return true
    }
    return ListenAddress.isLoopback(address)
  }

  /// Links name the host that the client used; what is no host name is not repeated.
  private func base(of request: Request) -> String {
    let host = request.head.authority ?? ""
    let usable =
      !host.isEmpty && host.utf8.count <= 261
      && host.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"),
          UInt8(ascii: "-"), UInt8(ascii: "["), UInt8(ascii: "]"):
          true
        default: false
        }
      }
    return "\(listener.scheme)://\(usable ? host : "localhost")"
  }

  private func add(_ standing: RateLimiter.Standing, to response: inout Response) {
    response.headers[.rateLimit] = String(standing.limit)
    response.headers[.rateLimitRemaining] = String(standing.remaining)
    response.headers[.standardLimit] = String(standing.limit)
    response.headers[.standardRemaining] = String(standing.remaining)
    response.headers[.standardReset] = String(standing.resetSeconds)
  }

  private func secure(_ response: inout Response) {
    response.headers[.contentTypeOptions] = "nosniff"
    response.headers[.cacheControl] = "no-store"
    // A file of a comment comes with a stricter one.
    if response.headers[.contentSecurityPolicy] == nil {
      response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    }
    response.headers[.referrerPolicy] = "no-referrer"
    if listener == .https {
      response.headers[.strictTransportSecurity] = "max-age=31536000"
    }
  }
}
