// The root key founds a cluster and delegates; nothing at run time needs it, so it lives sealed.

internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import ReplicaCore
internal import SwiftASN1

/// The P-256 key that a cluster's founding record names; held in memory only while it is used.
package struct RootKey: Sendable, CustomStringConvertible {
  /// The key itself.
  package let key: NodeKey

  package init(_ key: NodeKey) { self.key = key }

  /// A new root key.
  package static func generate(using random: inout some RandomNumberGenerator) -> RootKey {
    RootKey(.generate(using: &random))
  }

  /// The public half, as the founding record names it.
  package var publicKey: NodePublicKey { key.publicKey }
  package var description: String { "root \(key.publicKey.hash.short)" }
}

/// Why a root key was not sealed or opened.
package enum RootKeyError: Error, Hashable, Sendable {
  /// The passphrase is shorter than ``TrustLimits/minimumPasswordCharacters``, or too long.
  case passphraseRefused
  /// The passphrase is not the one it was sealed with, or the file was changed.
  case wrongPassphrase
  /// Not a sealed root key.
  case malformed
  /// Made by a newer version.
  case unsupportedVersion(UInt8)
  /// The crypto library failed, for example for want of memory.
  case cryptoFailed

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .passphraseRefused:
      "The passphrase needs \(TrustLimits.minimumPasswordCharacters) characters or more, and at "
        + "most \(TrustLimits.passwordBytes) bytes. Choose another."
    case .wrongPassphrase:
      "This passphrase does not open the root key. Check it; if it is right, the file was altered: "
        + "use another copy."
    case .malformed: "This is not a sealed root key. Give the file that helio init exported."
    case .unsupportedVersion(let version):
      "The sealed root key has version \(version), newer than this program. Upgrade it first."
    case .cryptoFailed:
      "The root key could not be derived; about 64 MiB of free memory are needed. Try again."
    }
  }
}

/// A root key under a passphrase (scrypt N = 2^16, r = 8, p = 1, then AES-256-GCM), as PEM text.
///
/// Source: RFC 7914 (scrypt), NIST SP 800-38D (GCM).
package struct SealedRootKey: Hashable, Sendable {
  static let label = "HELIOTROPE ROOT KEY"
  private static let version: UInt8 = 1
  private static let logN: UInt8 = 16

  /// The cluster it belongs to; authenticated, not secret.
  package let cluster: ClusterID
  /// The public half; authenticated, not secret.
  package let publicKey: NodePublicKey
  private let salt: [UInt8]
  private let box: [UInt8]

  /// Seals the key. Takes about a fifth of a second and 64 MiB: the caller's matter where to run it.
  package init(
    _ root: RootKey, cluster: ClusterID, passphrase: String,
    using random: inout some RandomNumberGenerator
  ) throws(RootKeyError) {
    self.cluster = cluster
    publicKey = root.publicKey
    salt = random.bytes(16)
    let nonce = random.bytes(12)
    let key = try Self.derive(passphrase, salt: salt)
    do {
      let sealed = try AES.GCM.seal(
        root.key.signingKey.rawRepresentation, using: key, nonce: AES.GCM.Nonce(data: nonce),
        authenticating: Self.context(cluster, publicKey, salt))
      guard let combined = sealed.combined else { throw RootKeyError.cryptoFailed }
      box = [UInt8](combined)
    } catch { throw .cryptoFailed }
  }

  /// The key, where the passphrase is right. As slow as sealing.
  package func open(passphrase: String) throws(RootKeyError) -> RootKey {
    let key = try Self.derive(passphrase, salt: salt)
    guard let sealed = try? AES.GCM.SealedBox(combined: box),
      let scalar = try? AES.GCM.open(
        sealed, using: key, authenticating: Self.context(cluster, publicKey, salt)),
      let signing = try? P256.Signing.PrivateKey(rawRepresentation: scalar)
    else { throw .wrongPassphrase }
    let node = NodeKey(signing)
    guard node.publicKey == publicKey else { throw .malformed }
    return RootKey(node)
  }

  /// The text to export and keep away from the nodes.
  package var pem: String {
    var writer = ByteWriter()
    writer.byte(Self.version)
    writer.byte(Self.logN)
    writer.raw(Self.context(cluster, publicKey, salt))
    writer.blob(box)
    return PEMDocument(type: Self.label, derBytes: writer.bytes).pemString + "\n"
  }

  /// Reads what ``pem`` wrote.
  package init(pem: String) throws(RootKeyError) {
    guard let document = try? PEMDocument(pemString: pem), document.discriminator == Self.label
    else { throw .malformed }
    var reader = ByteReader(document.derBytes)
    let version: UInt8
    do throws(CodecError) { version = try reader.byte() } catch { throw .malformed }
    guard version == Self.version else { throw .unsupportedVersion(version) }
    do throws(CodecError) {
      guard try reader.byte() == Self.logN else { throw .nonCanonical("scrypt cost") }
      cluster = try reader.cluster()
      publicKey = try reader.publicKey()
      salt = try reader.blob()
      box = try reader.blob()
      try reader.finish()
    } catch { throw .malformed }
    guard salt.count == 16 else { throw .malformed }
  }

  private static func context(
    _ cluster: ClusterID, _ key: NodePublicKey, _ salt: [UInt8]
  ) -> [UInt8] {
    var writer = ByteWriter()
    writer.text(cluster.rawValue)
    writer.raw(key.compressed)
    writer.blob(salt)
    return writer.bytes
  }

  private static func derive(
    _ passphrase: String, salt: [UInt8]
  ) throws(RootKeyError) -> SymmetricKey {
    guard let bytes = PasswordHash.prepared(passphrase) else { throw .passphraseRefused }
    do {
      return try KDF.Scrypt.deriveKey(
        from: bytes, salt: salt, outputByteCount: 32, rounds: 1 << Int(logN), blockSize: 8,
        parallelism: 1)
    } catch { throw .cryptoFailed }
  }
}
