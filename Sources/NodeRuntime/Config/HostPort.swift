// Addresses as operators write them.

/// `host:port`; IPv6 hosts in brackets.
package struct HostPort: Hashable, Sendable, CustomStringConvertible {
  package var host: String
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `host:port`; `option` names where it was given, for the error.
  package init(_ text: String, option: String) throws(NodeError) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else {
      throw NodeError(
        .badOption, "\(option) is '\(text)', which is not HOST:PORT",
        hint: "Write a host or address, a colon and a port from 0 to 65535, such as "
          + "127.0.0.1:7440 or [::1]:7440.")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else {
      throw NodeError(
        .badOption, "\(option) is '\(text)': the host is missing",
        hint: "Use 0.0.0.0 to listen on every address.")
    }
    self.init(host: host, port: port)
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
