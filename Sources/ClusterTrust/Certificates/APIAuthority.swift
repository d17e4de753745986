// The agents' HTTPS has its own certificates: browsers and scripts trust a CA file, not our keys.

internal import Crypto
internal import Foundation
package import ReplicaCore
internal import SwiftASN1
internal import X509

/// A certificate and its key for the agents' HTTPS.
package struct APIServerCertificate: Hashable, Sendable, CustomStringConvertible {
  /// The leaf, then nothing: the CA is in the client's trust file.
  package let certificatePEM: String
  package let keyPEM: String
  /// DNS and IP names it is good for.
  package let names: [String]
  package let expiry: Instant

  /// The names only: a certificate in a log line gives no key away.
  package var description: String { "API certificate for \(names.joined(separator: ", "))" }
}

/// The small CA that a node makes for its own API: 10 years, P-256.
package struct APIAuthority: Sendable {
  /// The file that agents' machines trust.
  package let certificatePEM: String
  /// When it ends; make another well before.
  package let expiry: Instant
  private let key: NodeKey
  private let certificate: Certificate

  /// 3,653 days, in milliseconds.
  package static let lifetime: Int64 = 3_653 * 86_400_000
  /// 800 days: some browsers refuse a server certificate of more than 825.
  package static let leafLifetime: Int64 = 800 * 86_400_000
  private static let clockSlack: Int64 = 86_400_000

  /// The CA's private key, to be kept in a ``KeyFile``.
  package var keyPEM: String { key.pem }

  /// A new CA, named after the cluster and the node.
  package static func make(
    clusterName: String, node: NodeName, now: Instant,
    using random: inout some RandomNumberGenerator
  ) throws(CertificateMakingError) -> APIAuthority {
    let key = NodeKey.generate(using: &random)
    let serial = Certificate.SerialNumber(positive: random.bytes(16))
    do {
      let signer = Certificate.PrivateKey(key.signingKey)
      // X.520 limits a common name to 64 characters.
      let title = String("Heliotrope API CA of \(node), \(clusterName)".prefix(64))
      let name = try DistinguishedName { CommonName(title) }
      let certificate = try Certificate(
        version: .v3, serialNumber: serial, publicKey: signer.publicKey,
        notValidBefore: (now + -clockSlack).date, notValidAfter: (now + lifetime).date,
        issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
        extensions: Certificate.Extensions {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
          SubjectKeyIdentifier(hash: signer.publicKey)
        },
        issuerPrivateKey: signer)
      return try APIAuthority(certificate: certificate, key: key)
    } catch { throw .failed("\(error)") }
  }

  /// Reads what was kept; nil where the two are not a CA certificate of ours and its key.
  package init?(certificatePEM: String, keyPEM: String) {
    guard let key = try? NodeKey(pem: keyPEM),
      let certificate = try? Certificate(pemEncoded: certificatePEM),
      certificate.publicKey == Certificate.PublicKey(key.signingKey.publicKey),
      case .isCertificateAuthority = try? certificate.extensions.basicConstraints,
      let authority = try? APIAuthority(certificate: certificate, key: key)
    else { return nil }
    self = authority
  }

  private init(certificate: Certificate, key: NodeKey) throws {
    self.certificate = certificate
    self.key = key
    certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
    expiry = Instant(certificate.notValidAfter)
  }

  /// A server certificate with a fresh key for DNS names and IP addresses, in the order given;
  /// `localhost`, 127.0.0.1 and ::1 are always among them.
  package func issue(
    names: [String], now: Instant, using random: inout some RandomNumberGenerator
  ) throws(CertificateMakingError) -> APIServerCertificate {
    let all = try Self.complete(names)
    var general: [GeneralName] = []
    for name in all { general.append(try APIName(name).generalName) }
    let leafKey = NodeKey.generate(using: &random)
    let serial = Certificate.SerialNumber(positive: random.bytes(16))
    let end = min(now + Self.leafLifetime, expiry)
    do {
      let signer = Certificate.PrivateKey(key.signingKey)
      let subject = Certificate.PublicKey(leafKey.signingKey.publicKey)
      let leaf = try Certificate(
        version: .v3, serialNumber: serial, publicKey: subject,
        notValidBefore: (now + -Self.clockSlack).date, notValidAfter: end.date,
        issuer: certificate.subject,
        subject: DistinguishedName { CommonName(String(all[0].prefix(64))) },
        signatureAlgorithm: .ecdsaWithSHA256,
        extensions: Certificate.Extensions {
          Critical(BasicConstraints.notCertificateAuthority)
          Critical(KeyUsage(digitalSignature: true))
          try ExtendedKeyUsage([.serverAuth])
          SubjectAlternativeNames(general)
          SubjectKeyIdentifier(hash: subject)
          AuthorityKeyIdentifier(
            keyIdentifier: SubjectKeyIdentifier(hash: signer.publicKey).keyIdentifier)
        },
        issuerPrivateKey: signer)
      return APIServerCertificate(
        certificatePEM: try leaf.serializeAsPEM().pemString + "\n", keyPEM: leafKey.pem,
        names: all, expiry: Instant(leaf.notValidAfter))
    } catch { throw .failed("\(error)") }
  }

  /// The names as they stand in a certificate: lower case, this machine's own last, none twice.
  static func complete(_ names: [String]) throws(CertificateMakingError) -> [String] {
    var seen: Set<String> = []
    let all = (names.map { $0.lowercased() } + ["localhost", "127.0.0.1", "::1"])
      .filter { seen.insert($0).inserted }
    guard all.count <= TrustLimits.apiNames else { throw .tooManyNames(all.count) }
    return all
  }
}

extension Instant {
  fileprivate var date: Date { Date(timeIntervalSince1970: Double(seconds)) }

  /// Certificates hold whole seconds.
  init(_ date: Date) {
    self.init(seconds: Int64(date.timeIntervalSince1970.rounded()))
  }
}
