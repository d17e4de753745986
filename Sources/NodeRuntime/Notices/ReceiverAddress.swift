// Where this node sends no notices: a webhook must not reach what only this machine can reach.

internal import Foundation
internal import HelpdeskDomain
internal import NIOCore

/// The rule for addresses of receivers. Private networks are allowed, since that is where a
/// company's receivers are; this machine, link-local addresses (which is where clouds keep a
/// machine's credentials), and what is no single host are not, unless the node's settings name the
/// host.
struct ReceiverRule: Sendable {
  /// Hosts that `webhook_allow` names, lower case.
  var allowed: Set<String>

  /// Why nothing is sent to a host as written; nil where its text says nothing against it.
  func refusal(ofHost host: String) -> String? {
    guard !allowed.contains(host) else { return nil }
    if host == "localhost" || host.hasSuffix(".localhost") { return Self.words("this machine") }
    guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return nil }
    return refusal(of: address)
  }

  /// Why nothing is sent to an address.
  func refusal(of address: SocketAddress) -> String? {
    guard let text = address.ipAddress else { return "it has no IP address" }
    if let bytes = Self.bytes(text, AF_INET, 4) { return Self.refusal(v4: bytes) }
    if let bytes = Self.bytes(text, AF_INET6, 16) { return Self.refusal(v6: bytes) }
    return "its address \(text) cannot be read"
  }

  /// Where clouds keep a machine's credentials outside of the link-local range.
  private static let metadata: Set<[UInt8]> = [
    [100, 100, 100, 200], [192, 0, 0, 192],
    [0xFD, 0, 0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54],
    [0xFD, 0x20, 0, 0xCE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54],
  ]

  private static func words(_ kind: String) -> String {
    "it is \(kind); where that is meant, name the host in webhook_allow of node.toml"
  }

  private static func refusal(v4 bytes: [UInt8]) -> String? {
    if metadata.contains(bytes) { return words("an address of this machine's cloud") }
    return switch (bytes[0], bytes[1]) {
    case (127, _), (0, _): words("this machine")
    case (169, 254): words("a link-local address")
    case (224..., _): words("no address of one host")
    default: nil
    }
  }

  private static func refusal(v6 bytes: [UInt8]) -> String? {
    let isZero = bytes[..<12].allSatisfy { $0 == 0 }
    // IPv4 in IPv6: mapped, compatible, and by way of NAT64 and 6to4.
    let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    let isNAT64 = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == 0xFF && bytes[3] == 0x9B
    if isZero, bytes[12] == 0, bytes[13] == 0, bytes[14] == 0, bytes[15] <= 1 {
      return words("this machine")
    }
    if isZero || isMapped || isNAT64 { return refusal(v4: Array(bytes[12...])) }
    if bytes[0] == 0x20, bytes[1] == 0x02 { return refusal(v4: Array(bytes[2..<6])) }
    if bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return words("a link-local address") }
    if bytes[0] == 0xFF { return words("no address of one host") }
    return metadata.contains(bytes) ? words("an address of this machine's cloud") : nil
  }

  private static func bytes(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    // A zone such as %eth0 says by which interface; the address is what stands before it.
    let plain = String(text.prefix { $0 != "%" })
    return inet_pton(family, plain, &bytes) == 1 ? bytes : nil
  }

  /// The address to send to, looked up and judged; the connection then goes to just this one, so
  /// that a name which answers differently a moment later gains nothing.
  func resolve(_ endpoint: WebhookEndpoint) async throws -> String {
    let host = endpoint.host
    let address = try await Self.lookUp(host, endpoint.port)
    if !allowed.contains(host), let why = refusal(of: address) {
      throw ReceiverRefused(why: why)
    }
    return address.ipAddress ?? host
  }

  /// A lookup blocks for as long as name servers are silent. Each has a thread of its own, so that a
  /// receiver whose name nobody knows holds up no other; as many as there are receivers spoken to. Who
  /// is cancelled leaves it to itself.
  private static func lookUp(_ host: String, _ port: Int) async throws -> SocketAddress {
    if let address = try? SocketAddress(ipAddress: host, port: port) { return address }
    let (answers, answer) = AsyncThrowingStream.makeStream(of: SocketAddress.self)
    Thread.detachNewThread {
      do {
        answer.yield(try SocketAddress.makeAddressResolvingHost(host, port: port))
        answer.finish()
      } catch { answer.finish(throwing: error) }
    }
    for try await address in answers { return address }
    throw CancellationError()
  }
}

/// Nothing is sent there.
struct ReceiverRefused: Error {
  var why: String
}
