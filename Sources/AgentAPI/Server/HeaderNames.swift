// Header names that the HTTP library does not name, made once.

internal import Hummingbird

typealias HeaderName = HTTPFields.Element.Name

extension HeaderName {
  static let contentTypeOptions = named("x-content-type-options")
  static let contentSecurityPolicy = named("content-security-policy")
  static let referrerPolicy = named("referrer-policy")
  static let secFetchSite = named("sec-fetch-site")
  /// Only on the operator's socket: the e-mail address of the user to act as.
  static let actAs = named("x-helio-act-as")
  static let rateLimit = named("x-rate-limit")
  static let rateLimitRemaining = named("x-rate-limit-remaining")
  static let standardLimit = named("ratelimit-limit")
  static let standardRemaining = named("ratelimit-remaining")
  static let standardReset = named("ratelimit-reset")

  /// Where a client of the event stream goes on.
  static let lastEventID = named("last-event-id")

  /// The names above are all valid tokens.
  private static func named(_ text: String) -> HeaderName {
    guard let name = HeaderName(text) else { preconditionFailure("no header name: \(text)") }
    return name
  }
}
