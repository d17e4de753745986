// Programs log in with tokens; the nodes keep only their hashes.

package import ReplicaCore

/// `hlt_` and 256 random bits in base64url: shown once, when it is made.
package struct APIToken: Hashable, Sendable, CustomStringConvertible {
  /// The whole text, as a client sends it.
  package let text: String

  private static let prefix = "hlt_"
  private static let byteCount = 32

  /// A new token.
  package static func generate(using random: inout some RandomNumberGenerator) -> APIToken {
    APIToken(unchecked: prefix + Base64URL.encode(random.bytes(byteCount)))
  }

  /// Nil where the text has not the form of a token; such a text needs no look-up.
  package init?(_ text: String) {
    guard text.hasPrefix(Self.prefix), text.utf8.count < 64,
      Base64URL.decode(text.dropFirst(Self.prefix.count))?.count == Self.byteCount
    else { return nil }
    self.text = text
  }

  private init(unchecked text: String) { self.text = text }

  /// SHA-256 of the text: what is stored, replicated and looked up. 256 random bits need no salt and
  /// no slow hash.
  package var hash: Digest { .sha256(Array(text.utf8)) }

  /// Whether the stored hash is this token's; compares in constant time.
  package func matches(_ stored: Digest) -> Bool { ConstantTime.equal(hash.bytes, stored.bytes) }

  /// Never the token.
  package var description: String { "hlt_…" }
}
