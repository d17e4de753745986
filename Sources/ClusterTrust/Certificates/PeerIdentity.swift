// What a peer's certificate states, before anybody believes it.

internal import Crypto
internal import SwiftASN1
internal import X509

/// The key that a peer proved to hold in the handshake, and the name it presents.
package struct PeerIdentity: Hashable, Sendable {
  package let key: NodePublicKey
  package let address: NodeAddress

  package init(key: NodePublicKey, address: NodeAddress) {
    self.key = key
    self.address = address
  }

  /// Reads the leaf that the peer presented. Validity times are not looked at: nothing expires.
  package init(certificate der: [UInt8]) throws(PeerCertificateError) {
    let leaf = try Leaf(der)
    guard let address = NodeAddress(uri: try leaf.uri()) else { throw .nameMalformed }
    self.init(key: leaf.key, address: address)
  }
}

/// A well-formed, self-signed P-256 certificate.
private struct Leaf {
  let certificate: Certificate
  let key: NodePublicKey

  init(_ der: [UInt8]) throws(PeerCertificateError) {
    guard der.count <= TrustLimits.certificateBytes else { throw .tooLarge(der.count) }
    do { certificate = try Certificate(derEncoded: der) } catch { throw .unreadable }
    guard certificate.version == .v3 else { throw .unreadable }
    guard let point = P256.Signing.PublicKey(certificate.publicKey) else { throw .wrongKeyType }
    key = NodePublicKey(point)
    guard certificate.issuer == certificate.subject,
      certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    else { throw .notSelfSigned }
  }

  func uri() throws(PeerCertificateError) -> String {
    let names: SubjectAlternativeNames?
    let usages: ExtendedKeyUsage?
    do {
      names = try certificate.extensions.subjectAlternativeNames
      usages = try certificate.extensions.extendedKeyUsage
    } catch { throw .unreadable }
    guard let names, let first = names.first else { throw .nameMissing }
    guard names.count == 1 else { throw .nameDouble }
    guard case .uniformResourceIdentifier(let uri) = first else { throw .nameMalformed }
    guard let usages, usages.contains(.serverAuth), usages.contains(.clientAuth) else {
      throw .usageMissing
    }
    return uri
  }
}
