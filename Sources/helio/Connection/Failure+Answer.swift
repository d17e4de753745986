// What a node refuses, or why it does not answer, in words for the one who typed the command.

internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

extension Failure {
  /// A node's error body: `error`, `description`, `details` by field.
  init(
    refusal body: JSON, status: Int, retryAfter: String?, path: NodePath, endpoint: Endpoint
  ) {
    let name = body["error"].text
    let description = body["description"].text
    switch status {
    case 401:
      self.init(
        .failed, "\(endpoint.name) does not know this caller (401).",
        hint: "Check --token or HELIO_TOKEN: the token may be wrong, expired or revoked. "
          + "An admin makes a new one: helio token create --user EMAIL")
    case 404 where name == "RecordNotFound" && path.named != nil:
      self.init(
        .failed, "\(endpoint.name) knows no \(path.named ?? "such record") (404).",
        hint: path.listing.map { "See what there is: \($0)" } ?? "")
    case 404 where name == "InvalidEndpoint":
      self.init(
        .failed, "The node at \(endpoint.name) does not know this request (404).",
        hint: "Its software is probably of another version than this command; compare "
          + "`helio --version` with `helio status`.")
    case 403 where endpoint.socketPath != nil && Self.wantsUser(description):
      self.init(
        .failed, Self.sentence(name, description, status),
        hint: "Say for whom it counts: --as EMAIL, or HELIO_AS. See who is here: helio user list")
    case 429:
      self.init(
        .failed, description ?? "Too many requests (429).",
        hint: "Try again" + (retryAfter.map { " in \($0) s." } ?? " in a moment."))
    default:
      self.init(
        .failed, Self.sentence(name, description, status), details: Self.details(body["details"]),
        hint: body["hint"].text ?? "")
    }
    self.name = name
  }

  /// The operator of a node is no user of the desk, and acts on tickets are a user's.
  private static func wantsUser(_ description: String?) -> Bool {
    description?.contains("a user of the desk") == true
  }

  private static func sentence(_ name: String?, _ description: String?, _ status: Int) -> String {
    switch (name, description) {
    case (let name?, let description?): "\(description) (\(name), \(status))"
    case (let text?, nil), (nil, let text?): "\(text) (\(status))"
    case (nil, nil): "The node answered \(status) without a reason."
    }
  }

  private static func details(_ details: JSON) -> [String] {
    details.members.sorted { $0.key < $1.key }.flatMap { field, problems in
      problems.items.map { problem in
        let text = problem["description"].text ?? problem["error"].text ?? "not accepted"
        return field == "base" || text.contains(field) ? text : "\(field): \(text)"
      }
    }
  }

  /// The connection or the exchange failed.
  init(transport error: any Error, endpoint: Endpoint, patience: Int64) {
    if let error = error as? HTTPClientError,
      let failure = Failure(client: error, endpoint, patience)
    {
      self = failure
      return
    }
    switch error {
    case is NIOTooManyBytesError:
      self.init(
        .failed,
        "The answer of \(endpoint.name) is larger than \(NodeClient.answerBytes) bytes.",
        hint: "Ask for less at once, such as with --limit.")
      return
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
      self = Self.tls("\(error)", endpoint)
      return
    default: break
    }
    let reason = Self.reason(error)
    switch endpoint {
    case .directory(let path):
      self = Endpoint.notRunning(path)
      if reason.contains("EACCES") || reason.lowercased().contains("permission denied") {
        self.init(
          .failed, "This user may not use the operator's socket in \(path).",
          hint: "Run the command as the node's user, or use --url and --token as an agent.")
      } else if !Self.isRefused(reason) {
        details = [reason]
      }
    case .url(let url, _, _):
      self.init(
        .notRunning, "No node answers at \(url): \(reason)",
        hint: "Check the address, and whether the node runs: helio status on its machine.")
    }
  }

  /// What the HTTP client itself says; nil where the connection is to blame.
  private init?(client error: HTTPClientError, _ endpoint: Endpoint, _ patience: Int64) {
    let late: [HTTPClientError] = [.deadlineExceeded, .readTimeout]
    let wrong: [HTTPClientError] = [.invalidURL, .emptyHost, .emptyScheme]
    if late.contains(error) {
      self.init(
        .failed, "\(endpoint.name) did not answer within \(patience) s.",
        hint: "Whether it did what was asked is not known: look before you repeat it.")
    } else if wrong.contains(error) {
      self.init(
        .failed, "\(endpoint.name) is no URL of a node.", hint: "Write --url https://HOST:PORT")
    } else {
      return nil
    }
  }

  /// A TLS handshake that failed, by what BoringSSL and the host name check say.
  private static func tls(_ reason: String, _ endpoint: Endpoint) -> Failure {
    if reason.contains("CERTIFICATE_VERIFY_FAILED") {
      return Failure(
        .failed, "The certificate of \(endpoint.name) is not signed by a CA that is trusted here.",
        hint: "Give the CA file of its node: --ca FILE or HELIO_CA.")
    }
    if reason.contains("failedToValidateHostname") {
      return Failure(
        .failed, "The certificate of \(endpoint.name) does not name this host.",
        hint: "Use a name or address that is in it; `helio init --api-name` puts them there.")
    }
    return Failure(
      .failed, "The TLS handshake with \(endpoint.name) failed: \(reason)",
      hint: "Check that the URL is that of an agent API and that it speaks HTTPS.")
  }

  private static func isRefused(_ reason: String) -> Bool {
    let low = reason.lowercased()
    return low.contains("connection refused") || low.contains("no such file")
      || reason.contains("ECONNREFUSED")
  }

  /// The system's own words for what it refused, such as `Connection refused`.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return reason(first.error) }
      return error.dnsAError == nil && error.dnsAAAAError == nil
        ? "it cannot be reached" : "no address is known for \(error.host)"
    case let error as IOError: return String(cString: strerror(error.errnoCode))
    case let error as HTTPClientError: return error.shortDescription
    default: return "\(error)"
    }
  }
}
