// A node vouches for its own key; who it is, the membership log says.

internal import Foundation
internal import SwiftASN1
internal import X509

/// Why a certificate was not made.
package enum CertificateMakingError: Error, Hashable, Sendable {
  /// A part of the name breaks its rule.
  case invalidName(String)
  case noNames
  case tooManyNames(Int)
  /// The crypto library's own words.
  case failed(String)

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .invalidName(let name):
      "'\(name)' cannot stand in a certificate. Give a DNS name such as desk.example.org, or an IP "
        + "address."
    case .noNames: "A certificate needs at least one name."
    case .tooManyNames(let count):
      "A certificate has at most \(TrustLimits.apiNames) names; \(count) were given."
    case .failed(let reason): "The certificate could not be made: \(reason)."
    }
  }
}

/// A self-issued X.509 certificate of a node, in DER; it does not expire.
package struct NodeCertificate: Hashable, Sendable {
  /// What NIOSSL loads.
  package let der: [UInt8]

  /// 2000-01-01T00:00:00Z, before any clock that a node could have.
  private static let notBefore = Date(timeIntervalSince1970: 946_684_800)
  /// 9999-12-31T23:59:59Z: no expiry (RFC 5280 §4.1.2.5).
  private static let notAfter = Date(timeIntervalSince1970: 253_402_300_799)

  /// Certifies `key` for `address`. The serial number is drawn from `random`.
  package static func make(
    for key: NodeKey, address: NodeAddress, using random: inout some RandomNumberGenerator
  ) throws(CertificateMakingError) -> NodeCertificate {
    guard NodeAddress(uri: address.uri) == address else { throw .invalidName(address.uri) }
    let serial = Certificate.SerialNumber(positive: random.bytes(16))
    do {
      let signer = Certificate.PrivateKey(key.signingKey)
      let name = try DistinguishedName { CommonName(address.node.rawValue) }
      let certificate = try Certificate(
        version: .v3, serialNumber: serial, publicKey: signer.publicKey,
        notValidBefore: notBefore, notValidAfter: notAfter, issuer: name, subject: name,
        signatureAlgorithm: .ecdsaWithSHA256,
        extensions: Certificate.Extensions {
          Critical(BasicConstraints.notCertificateAuthority)
          Critical(KeyUsage(digitalSignature: true))
          try ExtendedKeyUsage([.serverAuth, .clientAuth])
          SubjectAlternativeNames([.uniformResourceIdentifier(address.uri)])
          SubjectKeyIdentifier(hash: signer.publicKey)
        },
        issuerPrivateKey: signer)
      return NodeCertificate(der: try certificate.der())
    } catch { throw .failed("\(error)") }
  }

  /// The same in PEM, for people and for `openssl`.
  package var pem: String { PEMDocument(type: "CERTIFICATE", derBytes: der).pemString + "\n" }
}

extension Certificate.SerialNumber {
  /// A positive number from random bytes: never zero, top bit clear.
  init(positive bytes: [UInt8]) {
    var bytes = bytes
    if let first = bytes.first { bytes[0] = (first & 0x7F) | 0x40 }
    self.init(bytes: bytes)
  }
}
