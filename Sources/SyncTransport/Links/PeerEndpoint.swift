// Where a node listens for its peers.

/// A host name or address and a TCP port, as `host:port` or `[v6]:port`.
package struct PeerEndpoint: Hashable, Sendable, CustomStringConvertible {
  package let host: String
  /// 1 … 65,535; 0 lets the system choose when listening.
  package let port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Nil unless it is `host:port`; a v6 address stands in brackets.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"),
      let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.first == "[" && host.last == "]" {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: Int(port))
  }

  package var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
