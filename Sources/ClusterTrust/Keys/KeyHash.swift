// People and tokens name a key by its hash.

package import ReplicaCore

/// SHA-256 over the key's SubjectPublicKeyInfo (DER), as `openssl pkey -pubout -outform DER | sha256sum`.
package struct KeyHash: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The 32 bytes.
  package let digest: Digest

  package init(_ digest: Digest) { self.digest = digest }

  /// 64 hexadecimal digits.
  package var description: String { digest.description }
  /// The first 12 digits, for lists that people read.
  package var short: String { String(digest.description.prefix(12)) }

  package static func < (left: KeyHash, right: KeyHash) -> Bool {
    left.digest.bytes.lexicographicallyPrecedes(right.digest.bytes)
  }
}
