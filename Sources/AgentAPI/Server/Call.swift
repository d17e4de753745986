// One request as the routes see it.

internal import HelpdeskDomain
internal import Hummingbird
internal import NIOCore
internal import ReplicaCore

struct Call: Sendable {
  let request: Request
  let context: AgentContext
  let query: QueryParameters
  /// Who was let in, and by what.
  let signIn: SignIn
  var actor: Actor { signIn.actor }

  init(_ request: Request, _ context: AgentContext) throws {
    guard let signIn = context.signIn else { throw APIError.unauthenticated }
    self.request = request
    self.context = context
    self.signIn = signIn
    query = try QueryParameters(request.uri.query)
  }

  /// Scheme and host that the client used.
  var base: String { context.base }

  /// The id in the path. A number that no row has is a row that is not there; what is no number is
  /// a path that this API does not have.
  func id(_ name: String = "id") throws(APIError) -> RowID {
    let text = text(name)
    guard let number = Int64(text), RowID(number).isValid else {
      let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
      let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
      throw isNumber ? .notFound : .unknownPath
    }
    return RowID(number)
  }

  func text(_ name: String) -> String { context.parameters.get(name) ?? "" }

  /// Throws 403 where the caller may not read the desk.
  func mustRead() throws(APIError) {
    guard actor.role.mayRead else {
      throw .forbidden("The role \(actor.role.rawValue) may not read the desk; ask an admin.")
    }
  }

  /// Throws 403 where the caller may not read private comments, notes, history and addresses.
  func mustReadPrivate() throws(APIError) {
    guard actor.role.mayReadPrivate else {
      throw .forbidden(
        "The role \(actor.role.rawValue) may not read this: it shows what is private; ask an "
          + "admin.")
    }
  }

  /// Throws 400 where the query asks for what a list cannot be narrowed by, with the reason: passed
  /// over, it would leave rows in the answer that the caller does not want.
  func mustNotAsk(for names: [String: String]) throws(APIError) {
    guard let (name, reason) = names.first(where: { query[$0.key] != nil }) else { return }
    throw .badRequest("InvalidParameter", "\(name): \(reason).")
  }

  /// Where the request came from, as the node sees it; no header is believed.
  var address: String { context.channel.remoteAddress?.ipAddress ?? "unknown" }

  func mustAdminister(_ what: String) throws(APIError) {
    guard actor.role.mayAdminister else {
      throw .forbidden("The role \(actor.role.rawValue) may not \(what); it needs admin.")
    }
  }

  /// The whole body, within the limits of size and time.
  func body() async throws -> [UInt8] {
    if let announced = request.headers[.contentLength].flatMap(Int64.init),
      announced > Int64(APILimits.bodyBytes)
    {
      throw closing(.bodyTooLarge)
    }
    let channel = context.channel
    let deadline = channel.eventLoop.scheduleTask(in: .seconds(context.timeoutSeconds)) {
      channel.close(promise: nil)
    }
    defer { deadline.cancel() }
    do {
      var buffer = try await request.body.collect(upTo: APILimits.bodyBytes)
      return buffer.readBytes(length: buffer.readableBytes) ?? []
    } catch is NIOTooManyBytesError {
      throw closing(.bodyTooLarge)
    }
  }

  /// The body as a JSON object.
  func json() async throws -> FieldReader {
    guard case .object(let members) = try JSONValue.parse(try await body()) else {
      throw APIError.badRequest("InvalidJSON", "The body must be a JSON object.")
    }
    return FieldReader(members)
  }

  /// The object under the one key that this API wraps everything in, such as `ticket`.
  func json(_ key: String) async throws -> FieldReader {
    var outer = try await json()
    let inner = outer.object(key)
    try outer.check()
    guard let inner else {
      throw APIError.invalid(
        key, .blankValue, "The body must hold an object under \"\(key)\": {\"\(key)\": {…}}.")
    }
    return FieldReader(inner.values)
  }

  /// As ``json()``; an empty body is an empty object.
  func optionalJSON() async throws -> FieldReader {
    let bytes = try await body()
    if bytes.isEmpty { return FieldReader([:]) }
    guard case .object(let members) = try JSONValue.parse(bytes) else {
      throw APIError.badRequest("InvalidJSON", "The body must be a JSON object.")
    }
    return FieldReader(members)
  }

  /// Gives the answer a moment to arrive, then ends the connection: the rest of the body would
  /// only be read to be thrown away.
  func closing(_ error: APIError) -> APIError {
    let channel = context.channel
    channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    return error
  }
}
