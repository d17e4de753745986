// Where a node can be dialled.

/// A host (DNS name, IPv4 or IPv6 address without brackets) and a port.
package struct Endpoint: Hashable, Sendable, Codable, CustomStringConvertible {
  package let host: String
  package let port: UInt16

  /// Nil for an empty or overlong host, one with characters no host has, or port 0.
  package init?(host: String, port: UInt16) {
    let allowed = host.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || [0x2D, 0x2E, 0x3A, 0x25, 0x5F].contains($0)
    }
    guard (1...253).contains(host.utf8.count), allowed, port > 0 else { return nil }
    self.host = host
    self.port = port
  }

  /// Reads `host:port` or `[v6]:port`.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      return nil
    }
    self.init(host: host, port: port)
  }

  /// `host:port`, an IPv6 address in brackets.
  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
