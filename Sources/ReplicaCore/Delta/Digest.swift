// SHA-256 digests, the links of the chain and the commitments of personal values.

internal import Crypto

/// 32 bytes of SHA-256.
package struct Digest: Hashable, Sendable, Codable, CustomStringConvertible {
  package let bytes: [UInt8]

  package static let length = 32
  /// What precedes the first delta of every chain.
  package static let zero = Digest(unchecked: [UInt8](repeating: 0, count: length))

  /// Nil where there are not 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }

  private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// SHA-256 over the parts, one after the other.
  package static func sha256(_ parts: [UInt8]...) -> Digest {
    var hash = SHA256()
    for part in parts { hash.update(data: part) }
    return Digest(unchecked: Array(hash.finalize()))
  }

  package var description: String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
