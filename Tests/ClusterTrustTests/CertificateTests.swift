// Node certificates: what they say, what OpenSSL reads in them, and every way to be refused.

import Crypto
import Foundation
import ReplicaCore
import Testing
import X509

@testable import ClusterTrust

@Suite struct CertificateTests {
  @Test func aCertificateSaysWhoPresentsIt() throws {
    var cluster = try TestCluster()
    let key = cluster.key()
    let address = cluster.address("tokyo-2", office: "tokyo", slot: 17)
    let identity = try PeerIdentity(certificate: cluster.certificate(key, address))
    #expect(identity == PeerIdentity(key: key.publicKey, address: address))
  }

  @Test func openSSLReadsNameUsagesAndNoExpiry() throws {
    var cluster = try TestCluster()
    let key = cluster.key()
    let address = cluster.address("paris-1", office: "paris", slot: 1)
    let certificate = try NodeCertificate.make(
      for: key, address: address, using: &cluster.random)
    try withTemporaryDirectory { directory in
      try Data(certificate.der).write(to: directory.appendingPathComponent("node.der"))
      try Data(certificate.pem.utf8).write(to: directory.appendingPathComponent("node.pem"))
      let text = try Shell.run(
        "openssl", "x509", "-inform", "DER", "-in", "node.der", "-noout", "-text", at: directory)
      #expect(text.status == 0)
      #expect(text.output.contains("URI:\(address.uri)"))
      #expect(text.output.contains("TLS Web Server Authentication, TLS Web Client Authentication"))
      #expect(text.output.contains("Not After : Dec 31 23:59:59 9999 GMT"))
      #expect(text.output.contains("NIST CURVE: P-256"))
      #expect(text.output.contains("CA:FALSE"))
      let verified = try Shell.run(
        "openssl", "verify", "-check_ss_sig", "-partial_chain", "-CAfile", "node.pem", "node.pem",
        at: directory)
      #expect(verified.status == 0, "\(verified.output)")
    }
  }

  @Test(arguments: [
    "heliotrope://", "heliotrope://x/office/paris/node/a/slot/1", "https://example.org",
    "heliotrope://00000000000000000000000000000000/office/Paris/node/a/slot/1",
    "heliotrope://00000000000000000000000000000000/office/paris/node/a/slot/0",
    "heliotrope://00000000000000000000000000000000/office/paris/node/a/slot/01",
    "heliotrope://00000000000000000000000000000000/office/paris/node/a/slot/+1",
    "heliotrope://00000000000000000000000000000000/office/paris/node/a/slot/10000",
    "heliotrope://00000000000000000000000000000000/office/paris/node//slot/1",
    "heliotrope://00000000000000000000000000000000/office/paris/node/a/slot/1/x",
    "HELIOTROPE://00000000000000000000000000000000/office/paris/node/a/slot/1",
  ])
  func onlyTheCanonicalNameIsRead(uri: String) throws {
    #expect(NodeAddress(uri: uri) == nil)
    let der = try Forgery(names: [.uniformResourceIdentifier(uri)]).der()
    #expect(throws: PeerCertificateError.nameMalformed) { try PeerIdentity(certificate: der) }
  }

  @Test func everyOtherCertificateIsRefusedWithItsReason() throws {
    let good = Forgery.goodName
    let cases: [(Forgery, PeerCertificateError)] = [
      (Forgery(names: nil), .nameMissing),
      (Forgery(names: []), .nameMissing),
      (Forgery(names: [good, good]), .nameDouble),
      (Forgery(names: [good, .dnsName("example.org")]), .nameDouble),
      (Forgery(names: [.dnsName("example.org")]), .nameMalformed),
      (Forgery(usages: [.serverAuth]), .usageMissing),
      (Forgery(usages: [.clientAuth]), .usageMissing),
      (Forgery(usages: nil), .usageMissing),
      (Forgery(signedByAnother: true), .notSelfSigned),
      (Forgery(otherIssuerName: true), .notSelfSigned),
      (Forgery(p384: true), .wrongKeyType),
    ]
    for (forgery, expected) in cases {
      let der = try forgery.der()
      #expect(throws: expected) { try PeerIdentity(certificate: der) }
    }
    #expect(throws: Never.self) { try PeerIdentity(certificate: Forgery().der()) }
  }

  @Test func alteredTruncatedAndOversizedBytesAreRefused() throws {
    let der = try Forgery().der()
    #expect(throws: PeerCertificateError.unreadable) { try PeerIdentity(certificate: []) }
    #expect(throws: PeerCertificateError.unreadable) {
      try PeerIdentity(certificate: Array(der.dropLast()))
    }
    #expect(throws: PeerCertificateError.tooLarge(8_193)) {
      try PeerIdentity(certificate: [UInt8](repeating: 48, count: 8_193))
    }
    for index in stride(from: 0, to: der.count, by: 3) {
      var bent = der
      bent[index] ^= 0x20
      #expect(throws: PeerCertificateError.self) { try PeerIdentity(certificate: bent) }
    }
  }
}

/// A certificate with something wrong in it.
struct Forgery {
  var names: [GeneralName]? = [goodName]
  var usages: [ExtendedKeyUsage.Usage]? = [.serverAuth, .clientAuth]
  var signedByAnother = false
  var otherIssuerName = false
  var p384 = false

  static let goodName = GeneralName.uniformResourceIdentifier(
    "heliotrope://00000000000000000000000000000000/office/paris/node/a/slot/1")

  func der() throws -> [UInt8] {
    let own =
      p384
      ? Certificate.PrivateKey(P384.Signing.PrivateKey())
      : Certificate.PrivateKey(P256.Signing.PrivateKey())
    let signer = signedByAnother ? Certificate.PrivateKey(P256.Signing.PrivateKey()) : own
    let subject = try DistinguishedName { CommonName("a") }
    let issuer = otherIssuerName ? try DistinguishedName { CommonName("b") } : subject
    var extensions = Certificate.Extensions()
    if let names { try extensions.append(.init(SubjectAlternativeNames(names), critical: false)) }
    if let usages { try extensions.append(.init(ExtendedKeyUsage(usages), critical: false)) }
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: own.publicKey,
      notValidBefore: Date(timeIntervalSince1970: 0),
      notValidAfter: Date(timeIntervalSince1970: 4_000_000_000), issuer: issuer, subject: subject,
      extensions: extensions, issuerPrivateKey: signer)
    return try certificate.der()
  }
}
