// Why a link to a peer did not come about, or ended: told to operators in plain words.

/// An operational error of a link, with code, message and hint.
package enum PeerLinkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address cannot be listened on, or not be reached.
  case unreachable(String)
  /// No verdict on the peer within the handshake timeout. Seconds.
  case handshakeTimeout(seconds: Double)
  /// TLS did not come about: the reason in words.
  case tls(String)
  /// The other side presents no certificate, or not exactly one self-issued one.
  case certificate(String)
  /// ALPN: what was agreed on (nil: nothing), and what would have been right.
  case wrongProtocol(agreed: String?, wanted: String)
  /// The verdict on the peer's key was no.
  case refused(String)
  /// The listener has as many connections as it takes.
  case busy(limit: Int)
  /// The peer (or the network) ended the connection.
  case closedByPeer(String)
  /// This side closed it, for the reason given.
  case closed(String)
  /// Nothing, or nothing whole, came for so long. Seconds.
  case stalled(seconds: Double)
  /// The peer does not read what is sent. Seconds.
  case notReading(seconds: Double)
  /// More bytes wait for this peer than may. Bytes.
  case outboundFull(waiting: Int, limit: Int)
  case wire(WireError)

  /// One word for logs and metrics.
  package var code: String {
    switch self {
    case .unreachable: "unreachable"
    case .handshakeTimeout: "handshake_timeout"
    case .tls: "tls"
    case .certificate: "certificate"
    case .wrongProtocol: "wrong_protocol"
    case .refused: "refused"
    case .busy: "busy"
    case .closedByPeer: "closed_by_peer"
    case .closed: "closed"
    case .stalled: "stalled"
    case .notReading: "not_reading"
    case .outboundFull: "outbound_full"
    case .wire(let error): error.code
    }
  }

  package var message: String {
    switch self {
    case .unreachable(let why): why
    case .handshakeTimeout(let seconds): "no finished handshake within \(seconds) s"
    case .tls(let why): why
    case .certificate(let why): why
    case .wrongProtocol(let agreed, let wanted):
      "the two sides agreed on \(agreed ?? "no protocol"), wanted is \(wanted)"
    case .refused(let why): "the peer's key is refused: \(why)"
    case .busy(let limit): "there are already \(limit) connections, the limit"
    case .closedByPeer(let why): "the peer closed the connection: \(why)"
    case .closed(let why): "closed here: \(why)"
    case .stalled(let seconds): "the peer sent no whole frame for \(seconds) s"
    case .notReading(let seconds): "the peer did not read for \(seconds) s"
    case .outboundFull(let waiting, let limit):
      "\(waiting) bytes wait to be sent to the peer, over the limit of \(limit)"
    case .wire(let error): error.description
    }
  }

  /// What to do about it.
  package var hint: String {
    switch self {
    case .unreachable: "check the address, and that the node there runs and may be reached"
    case .handshakeTimeout, .stalled, .notReading:
      "the link is tried again; if it stays, look at the network and the other node's log"
    case .tls: "both sides must be nodes of this version: TLS 1.3 with client certificates"
    case .certificate, .refused: "look at `helio members` on both sides; join the node again"
    case .wrongProtocol: "the address must be a node's peer address, not its API"
    case .busy: "find out who connects; the other links are not affected"
    case .closedByPeer: "the other node's log says why"
    case .closed, .outboundFull: "the link is tried again by itself"
    case .wire: "the other node speaks another version, or is broken: compare versions"
    }
  }

  package var description: String { "\(message) [\(code)]" }
}
