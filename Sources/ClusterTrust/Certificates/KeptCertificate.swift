// A certificate of the agents' HTTPS as it lies on the disk: what it is good for, and how long.

internal import Crypto
internal import Foundation
package import ReplicaCore
internal import SwiftASN1
internal import X509

/// The first certificate of a PEM file, whoever made it.
package struct KeptCertificate: Sendable {
  /// When it ends.
  package let expiry: Instant
  private let certificate: Certificate

  /// Nil where the text does not begin with a certificate in PEM.
  package init?(certificatePEM: String) {
    guard let first = try? PEMDocument.parseMultiple(pemString: certificatePEM).first,
      let certificate = try? Certificate(pemDocument: first)
    else { return nil }
    self.certificate = certificate
    expiry = Instant(certificate.notValidAfter)
  }

  /// Whether less than a third of the life that a node gives it is left: make another at the next
  /// occasion.
  package func needsRenewal(at now: Instant) -> Bool {
    expiry - now < APIAuthority.leafLifetime / 3
  }

  /// Whether it is good for these DNS names and IP addresses and this machine's own, and no others.
  package func isGood(for wanted: [String]) throws(CertificateMakingError) -> Bool {
    var names: Set<APIName> = []
    for name in try APIAuthority.complete(wanted) { names.insert(try APIName(name)) }
    return names == held
  }

  /// Whether the P-256 key in PEM is the one that it certifies.
  package func fits(keyPEM: String) -> Bool {
    guard let key = try? NodeKey(pem: keyPEM) else { return false }
    return certificate.publicKey == Certificate.PublicKey(key.signingKey.publicKey)
  }

  /// Whether the CA in PEM signed it, so that who trusts that file trusts this.
  package func isIssued(by authorityPEM: String) -> Bool {
    guard let authority = try? Certificate(pemEncoded: authorityPEM) else { return false }
    return certificate.issuer == authority.subject
      && authority.publicKey.isValidSignature(certificate.signature, for: certificate)
  }

  private var held: Set<APIName> {
    var names: Set<APIName> = []
    for name in (try? certificate.extensions.subjectAlternativeNames) ?? .init() {
      switch name {
      case .dnsName(let text): names.insert(.dns(text))
      case .ipAddress(let address): names.insert(.address(Array(address.bytes)))
      default: continue
      }
    }
    return names
  }
}
