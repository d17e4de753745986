// The long-lived signing key that is a node's identity.

internal import Crypto
internal import Foundation
internal import ReplicaCore

/// Why bytes are not a key.
package enum KeyError: Error, Hashable, Sendable {
  /// Not a P-256 private key in PKCS#8, SEC 1 or PEM form.
  case unreadable
  /// The crypto library refused to sign; the key object is unusable.
  case signingFailed
}

/// A P-256 signing key; what it signs verifies with `openssl dgst -sha256 -verify`.
package struct NodeKey: Sendable, CustomStringConvertible {
  /// For signing and certificates; it leaves this target only as ``der`` or ``pem``.
  let signingKey: P256.Signing.PrivateKey
  /// The public half.
  package let publicKey: NodePublicKey

  init(_ key: P256.Signing.PrivateKey) {
    signingKey = key
    publicKey = NodePublicKey(key.publicKey)
  }

  /// A new key from the randomness given; pass the system's generator outside tests.
  package static func generate(using random: inout some RandomNumberGenerator) -> NodeKey {
    // A random 256-bit number is a valid scalar but for one case in 2^32; then draw again.
    while true {
      let scalar = random.bytes(32)
      if let key = try? P256.Signing.PrivateKey(rawRepresentation: scalar) { return NodeKey(key) }
    }
  }

  /// Reads PKCS#8 or SEC 1 in PEM.
  package init(pem: String) throws(KeyError) {
    do { self.init(try P256.Signing.PrivateKey(pemRepresentation: pem)) } catch {
      throw .unreadable
    }
  }

  /// Reads PKCS#8 or SEC 1 in DER.
  package init(der: [UInt8]) throws(KeyError) {
    do { self.init(try P256.Signing.PrivateKey(derRepresentation: der)) } catch {
      throw .unreadable
    }
  }

  /// PKCS#8 in PEM.
  package var pem: String { signingKey.pemRepresentation }
  /// PKCS#8 in DER, what NIOSSL loads.
  package var der: [UInt8] { [UInt8](signingKey.derRepresentation) }
  /// The hash of the public half.
  package var hash: KeyHash { publicKey.hash }

  /// ECDSA with SHA-256 over `bytes`: raw r ‖ s, 64 bytes.
  package func sign(_ bytes: [UInt8]) throws(KeyError) -> [UInt8] {
    do { return [UInt8](try signingKey.signature(for: bytes).rawRepresentation) } catch {
      throw .signingFailed
    }
  }

  /// The DER form (SEQUENCE of two INTEGERs) of a raw signature, as `openssl dgst` wants it; nil
  /// where there are not 64 bytes.
  package static func derSignature(_ raw: [UInt8]) -> [UInt8]? {
    guard raw.count == NodePublicKey.signatureByteCount,
      let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
    else { return nil }
    return [UInt8](signature.derRepresentation)
  }

  /// The public hash only: a key in a log line gives nothing away.
  package var description: String { "key \(publicKey.hash.short)" }
}
