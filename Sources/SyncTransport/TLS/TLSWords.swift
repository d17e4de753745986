// BoringSSL's error names are for its authors; operators get words.

internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Errors of the channel as errors of the link.
enum TLSWords {
  /// Longest match first is not needed: the names do not contain each other.
  private static let words: [(name: String, words: String)] = [
    ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "the peer presents no certificate"),
    ("UNSUPPORTED_PROTOCOL", "the peer does not offer TLS 1.3"),
    ("CERTIFICATE_VERIFY_FAILED", "the peer's certificate is not accepted here"),
    ("NO_SHARED_CIPHER", "there is no cipher that both sides know"),
    ("HTTP_REQUEST", "the peer speaks plain HTTP, not TLS"),
    ("WRONG_VERSION_NUMBER", "the peer does not speak TLS"),
    ("ALERT_CERTIFICATE_REQUIRED", "the peer wants a certificate from us"),
    ("ALERT_PROTOCOL_VERSION", "the peer does not take TLS 1.3"),
    ("ALERT_NO_APPLICATION_PROTOCOL", "the peer does not speak our protocol"),
    ("ALERT_CERTIFICATE_UNKNOWN", "the peer does not accept our certificate"),
    ("ALERT_BAD_CERTIFICATE", "the peer does not accept our certificate"),
    ("ALERT_UNKNOWN_CA", "the peer does not accept our certificate"),
    ("ALERT_ACCESS_DENIED", "the peer does not let us in"),
  ]

  static func linkError(_ error: any Error) -> PeerLinkError {
    switch error {
    case let error as PeerLinkError: return error
    case let error as WireError: return .wire(error)
    case NIOSSLError.uncleanShutdown:
      return .closedByPeer("the connection broke off without a farewell")
    case NIOSSLError.handshakeFailed(let cause):
      return .tls("the TLS handshake failed: \(explain("\(cause)"))")
    case let error as NIOConnectionError:
      let causes = error.connectionErrors.map { "\($0.error)" }
      return .unreachable(
        "\(error.host):\(error.port) cannot be reached: \(causes.joined(separator: "; "))")
    case ChannelError.connectTimeout(let time):
      return .unreachable("no connection within \(time)")
    case is IOError, is ChannelError:
      return .closedByPeer("\(error)")
    default:
      return .tls(explain("\(error)"))
    }
  }

  private static func explain(_ text: String) -> String {
    for (name, words) in words where text.contains(name) { return words }
    if text.contains("eofDuringHandshake") || text.lowercased().contains("eof") {
      return "the peer hung up during the handshake"
    }
    return text
  }
}
