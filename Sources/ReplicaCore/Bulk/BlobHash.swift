// SHA-256 of a file that comes in pieces.

internal import Crypto

/// Takes pieces in order; the hash is that of all of them.
package struct BlobHash: Sendable {
  private var hash = SHA256()

  package init() {}

  package mutating func update(_ bytes: [UInt8]) { hash.update(data: bytes) }

  package func finish() -> Digest { Digest(Array(hash.finalize())) ?? .zero }
}
