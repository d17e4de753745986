// Where notices may be sent, as far as the text of an address tells.

/// An address of a receiver. What it resolves to is the sender's business.
package struct WebhookEndpoint: Hashable, Sendable {
  /// `http` or `https`.
  package let scheme: String
  /// Lower case, an IPv6 address without brackets.
  package let host: String
  package let port: Int
  /// As it was given.
  package let text: String
  /// The same with scheme, host and port as they were read here: who sends to this one reads no other
  /// host out of it, and looks up the name that was judged.
  package let url: String

  /// Why an address cannot be used, in words that go behind its field.
  package enum Problem: String, Error, Hashable, Sendable {
    case scheme = "must begin with https:// or http://"
    case user = "must hold no user name and no password; receivers check the signature"
    case host = "must name a host"
    case port = "must have a port of 1 to 65535, or none"
    case characters = "must hold no spaces, controls or #"
    case length = "is too long"
  }

  package init(_ text: String) throws(Problem) {
    guard text.utf8.count <= DeskLimits.endpointBytes else { throw .length }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 && $0 != 0x5C }) else {
      throw .characters
    }
    let lower = text.lowercased()
    guard let scheme = ["https", "http"].first(where: { lower.hasPrefix("\($0)://") }) else {
      throw .scheme
    }
    let rest = lower.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.contains("@") else { throw .user }
    let (host, port) = try Self.split(authority)
    guard !host.isEmpty else { throw .host }
    self.scheme = scheme
    self.host = host
    self.port = port ?? (scheme == "https" ? 443 : 80)
    self.text = text
    let tail = text.dropFirst(scheme.count + 3 + authority.count)
    let name = host.contains(":") ? "[\(host)]" : host
    url = "\(scheme)://\(name):\(self.port)\(tail.hasPrefix("/") ? "" : "/")\(tail)"
  }

  /// Host and port of an authority.
  private static func split(_ authority: Substring) throws(Problem) -> (String, Int?) {
    var host = authority
    var tail: Substring = ""
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw .host }
      host = authority[authority.index(after: authority.startIndex)..<end]
      tail = authority[authority.index(after: end)...]
      guard host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { throw .host }
    } else {
      host = authority.prefix { $0 != ":" }
      tail = authority.dropFirst(host.count)
      let isName = host.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_")
      }
      guard isName else { throw .host }
    }
    guard !tail.isEmpty else { return (String(host), nil) }
    guard tail.hasPrefix(":"), let port = Int(tail.dropFirst()), (1...65_535).contains(port) else {
      throw .port
    }
    return (String(host), port)
  }
}
