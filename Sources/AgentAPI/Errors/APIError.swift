// An answer that is not a success, in the shape that clients of this API know.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct APIError: Error {
  struct Detail {
    var field: String
    var description: String
    var error: String
  }

  var status: HTTPResponse.Status
  var error: String
  /// Nil leaves the key out, as in the 401 body.
  var description: String?
  /// 422: one entry per problem; they are grouped by field.
  var details: [Detail] = []
  var retryAfter: Int?
  /// 405: the methods that the path has.
  var allowed: [String] = []
  /// The connection is of no use afterwards (an unread body).
  var closes = false

  static func badRequest(_ error: String, _ description: String) -> APIError {
    APIError(status: .badRequest, error: error, description: description)
  }
  static let notFound = APIError(
    status: .notFound, error: "RecordNotFound", description: "Not found")
  static let unknownPath = APIError(
    status: .notFound, error: "InvalidEndpoint", description: "Not found")
  static func methodNotAllowed(_ allowed: [String]) -> APIError {
    APIError(
      status: .methodNotAllowed, error: "MethodNotAllowed",
      description: "This path takes \(allowed.joined(separator: ", ")).", allowed: allowed)
  }
  static let unauthenticated = APIError(
    status: .unauthorized, error: "Couldn't authenticate you", description: nil)
  static func forbidden(_ description: String) -> APIError {
    APIError(status: .forbidden, error: "Forbidden", description: description)
  }
  static func invalid(_ field: String, _ code: FieldProblem.Code, _ description: String)
    -> APIError
  {
    .invalid([FieldProblem(field, code, description)])
  }
  static func invalid(_ problems: [FieldProblem]) -> APIError {
    APIError(
      status: .unprocessableContent, error: "RecordInvalid",
      description: "Record validation errors",
      details: problems.map {
        Detail(field: $0.field, description: $0.message, error: $0.code.rawValue)
      })
  }
  static func tooManyValues(_ description: String) -> APIError {
    .badRequest("TooManyValues", description)
  }
  static let bodyTooLarge = APIError(
    status: .contentTooLarge, error: "PayloadTooLarge",
    description: "The body is larger than \(APILimits.bodyBytes) bytes, the limit of one request; "
      + "send less at once.",
    closes: true)
  static func tooManyRequests(_ seconds: Int, _ description: String) -> APIError {
    APIError(
      status: .tooManyRequests, error: "APIRateLimitExceeded", description: description,
      retryAfter: max(1, seconds))
  }
}

extension APIError {
  /// The answer to a credential that was not accepted.
  init(_ failure: AuthenticationFailure) {
    switch (failure.retryAfter, failure.reason) {
    case (let seconds?, _):
      self = .tooManyRequests(
        seconds, "Too many wrong passwords or tokens; the next try is looked at in \(seconds) s.")
    case (nil, .expired(let instant)):
      self = .unauthenticated
      description = "This token expired at \(WireTime.text(instant)); make a new one."
    case (nil, .revoked):
      self = .unauthenticated
      description = "This token was revoked; make a new one."
    case (nil, .unconfirmed(let since)):
      self = .forbidden(
        "This node has heard of no other office since \(WireTime.text(since)), so it lets in only "
          + "users whom its operator confirmed: `helio user confirm EMAIL` on its machine.")
    case (nil, nil): self = .unauthenticated
    }
  }

  func response() -> Response {
    var json = JSONWriter(reserving: 256)
    json.object { json in
      json.field("error", error)
      if let description { json.field("description", description) }
      if !details.isEmpty { json.field("details", object: writeDetails) }
    }
    var response = Response.json(status, json)
    if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
    if !allowed.isEmpty { response.headers[.allow] = allowed.joined(separator: ", ") }
    if status == .unauthorized {
      response.headers[.wwwAuthenticate] = "Basic realm=\"Heliotrope\", charset=\"UTF-8\""
    }
    if closes { response.headers[.connection] = "close" }
    return response
  }

  private func writeDetails(_ json: inout JSONWriter) {
    var fields: [String] = []
    for detail in details where !fields.contains(detail.field) { fields.append(detail.field) }
    for field in fields {
      json.key(field)
      json.array(details.filter { $0.field == field }) { json, detail in
        json.object { json in
          json.field("description", detail.description)
          json.field("error", detail.error)
          json.field("field_key", field)
        }
      }
    }
  }
}
