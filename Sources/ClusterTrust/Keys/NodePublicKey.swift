// A public key is what a peer is; everything else about it is what the membership log says.

internal import Crypto
internal import Foundation
internal import ReplicaCore

/// A point of P-256, held and compared in compressed form (33 bytes, SEC 1 §2.3.3).
package struct NodePublicKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Bytes of the compressed form.
  package static let byteCount = 33
  /// Bytes of a raw signature, r ‖ s.
  package static let signatureByteCount = 64

  private let point: P256.Signing.PublicKey
  /// The compressed form.
  package let compressed: [UInt8]

  /// Nil where the bytes are no point of the curve.
  package init?(compressed: [UInt8]) {
    guard compressed.count == Self.byteCount,
      let point = try? P256.Signing.PublicKey(compressedRepresentation: compressed)
    else { return nil }
    self.point = point
    self.compressed = compressed
  }

  init(_ point: P256.Signing.PublicKey) {
    self.point = point
    compressed = [UInt8](point.compressedRepresentation)
  }

  /// SubjectPublicKeyInfo in DER, what `openssl pkey -pubin -inform DER` reads.
  package var der: [UInt8] { [UInt8](point.derRepresentation) }
  /// SubjectPublicKeyInfo in PEM, what `openssl dgst -verify` reads.
  package var pem: String { point.pemRepresentation }
  /// The hash by which tokens and people name the key.
  package var hash: KeyHash { KeyHash(.sha256(der)) }

  /// Whether `signature` (raw r ‖ s, 64 bytes) is this key's over SHA-256 of `bytes`.
  package func verifies(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
    guard signature.count == Self.signatureByteCount,
      let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
    else { return false }
    return point.isValidSignature(parsed, for: bytes)
  }

  package var description: String { hash.short }

  package static func == (left: NodePublicKey, right: NodePublicKey) -> Bool {
    left.compressed == right.compressed
  }
  package static func < (left: NodePublicKey, right: NodePublicKey) -> Bool {
    left.compressed.lexicographicallyPrecedes(right.compressed)
  }
  package func hash(into hasher: inout Hasher) { hasher.combine(compressed) }
}
