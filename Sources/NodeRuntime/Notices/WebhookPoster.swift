// Sends one signed notice to a receiver outside, and says what became of it.

internal import AsyncHTTPClient
internal import Crypto
internal import Foundation
internal import HelpdeskDomain
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import ReplicaCore
internal import ReplicaStore

/// Posts notices over HTTP. Redirects are not followed; each try is bounded in time.
struct WebhookPoster: Sendable {
  /// One try, in seconds.
  static let patience: Int64 = 15

  var node: String
  var office: String
  var rule: ReceiverRule
  /// A PEM file with authorities that are trusted besides the system's.
  var authorities: String?

  /// What a receiver answered; a problem in words where it was not 2xx.
  struct Outcome: Hashable, Sendable {
    var status: Int?
    var problem: String?

    var isDelivered: Bool { problem == nil }
    /// The receiver says that it is no more.
    var isGone: Bool { status == 410 }
  }

  func post(_ delivery: QueuedDelivery, to webhook: WebhookRecord, at now: Instant) async
    -> Outcome
  {
    do {
      let endpoint = try WebhookEndpoint(webhook.endpoint)
      let address = try await rule.resolve(endpoint)
      return try await send(delivery, webhook, endpoint, address, now)
    } catch let refused as ReceiverRefused {
      return Outcome(problem: "nothing is sent to this address: \(refused.why)")
    } catch let problem as WebhookEndpoint.Problem {
      return Outcome(problem: "the endpoint \(problem.rawValue)")
    } catch { return Outcome(problem: Self.words(error)) }
  }

  private func send(
    _ delivery: QueuedDelivery, _ webhook: WebhookRecord, _ endpoint: WebhookEndpoint,
    _ address: String, _ now: Instant
  ) async throws -> Outcome {
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: try tls(), redirectConfiguration: .disallow,
      timeout: .init(connect: .seconds(5), read: .seconds(Self.patience)))
    configuration.httpVersion = .http1Only
    configuration.dnsOverride = [endpoint.host: address]
    // A client of its own for each try: no connection of one receiver is another's.
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let result: Result<Outcome, any Error>
    do {
      let response = try await client.execute(
        request(delivery, webhook, endpoint, now), timeout: .seconds(Self.patience))
      let status = Int(response.status.code)
      let isGood = (200..<300).contains(status)
      result = .success(
        Outcome(status: status, problem: isGood ? nil : "the receiver answered \(status)"))
    } catch { result = .failure(error) }
    try? await client.shutdown()
    return try result.get()
  }

  private func tls() throws -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    if let authorities {
      tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(authorities))]
    }
    return tls
  }

  private func request(
    _ delivery: QueuedDelivery, _ webhook: WebhookRecord, _ endpoint: WebhookEndpoint,
    _ now: Instant
  ) -> HTTPClientRequest {
    // Not the text of the webhook: the client's reading of it may differ from ours, in the case of the
    // host at least, and then the address that was judged would not be the one that is called.
    var request = HTTPClientRequest(url: endpoint.url)
    request.method = .POST
    request.body = .bytes(Array(delivery.body.utf8))
    let time = String(now.seconds)
    let fields = [
      ("Content-Type", "application/json; charset=utf-8"),
      ("User-Agent", "Heliotrope/\(HelioVersion.text)"),
      ("Helio-Delivery", delivery.id), ("Helio-Event", delivery.event),
      ("Helio-Attempt", String(delivery.attempts + 1)), ("Helio-Node", node),
      ("Helio-Office", office), ("Helio-Timestamp", time),
      ("Helio-Signature", "v1=" + Self.signature(webhook.secret, time, delivery.body)),
    ]
    for (name, value) in fields { request.headers.add(name: name, value: value) }
    return request
  }

  /// HMAC-SHA256 over `timestamp.body`, lowercase hex; the key is the secret's text.
  static func signature(_ secret: String, _ timestamp: String, _ body: String) -> String {
    var code = HMAC<SHA256>(key: SymmetricKey(data: Array(secret.utf8)))
    code.update(data: Array("\(timestamp).\(body)".utf8))
    return code.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// What failed, without anything of the request in it.
  private static func words(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: "the connection failed: \(error)"
    case is SocketAddressError: "the host name cannot be resolved"
    case let error as NIOConnectionError: "no connection: \(error.host):\(error.port)"
    default: String("the connection failed: \(error)".prefix(300))
    }
  }
}
