// The ways in, and which addresses each may use.

/// How a request came in.
package enum Listener: Hashable, Sendable {
  case https
  /// Only on loopback.
  case http
  /// The Unix socket in the data directory: whoever may open it is the operator.
  case operatorSocket

  var scheme: String { self == .https ? "https" : "http" }
}

/// Host and port to listen on.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  package var host: String
  /// 0 lets the system choose.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether only this machine can reach the address.
  package var isLoopback: Bool { host == "localhost" || Self.isLoopback(host) }

  static func isLoopback(_ address: String) -> Bool {
    if address == "::1" { return true }
    let v4 = address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
    let parts = v4.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
