// The agents' HTTPS: what strict clients demand, asked of a real client against a real server.

import ClusterTrust
import Foundation
import ReplicaCore
import Testing

@Suite struct APIAuthorityTests {
  private let now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))

  private func authority(_ random: inout SeededRandom) throws -> APIAuthority {
    try .make(
      clusterName: "Sunrise Telecom", node: NodeName("paris-1"), now: now, using: &random)
  }

  @Test func pythonAcceptsItWithHostNameVerificationAndRefusesOtherNames() throws {
    var random = SeededRandom(UInt64(now.milliseconds))
    let authority = try authority(&random)
    let leaf = try authority.issue(
      names: ["Desk.Example.org", "192.0.2.7"], now: now, using: &random)
    #expect(leaf.names == ["desk.example.org", "192.0.2.7", "localhost", "127.0.0.1", "::1"])
    let script = """
      import re, socket, ssl, subprocess, sys
      server = subprocess.Popen(
          ['openssl', 's_server', '-accept', '127.0.0.1:0', '-tls1_3', '-cert', 'leaf.pem',
           '-key', 'leaf.key', '-www'],
          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
      try:
          port = None
          for line in server.stdout:
              found = re.match(r'ACCEPT .*:(\\d+)', line)
              if found:
                  port = int(found.group(1))
                  break
          assert port, 'the server did not start'
          context = ssl.create_default_context(cafile='ca.pem')
          context.verify_flags |= ssl.VERIFY_X509_STRICT
          def answer(name):
              with socket.create_connection(('127.0.0.1', port), timeout=10) as plain:
                  with context.wrap_socket(plain, server_hostname=name) as secured:
                      secured.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')
                      return secured.recv(16)
          for name in ['desk.example.org', 'localhost', '127.0.0.1', '192.0.2.7', '::1']:
              assert answer(name).startswith(b'HTTP/1.0 200'), name
          for name in ['example.org', 'other.example.org', '192.0.2.8']:
              try:
                  answer(name)
              except ssl.SSLCertVerificationError:
                  continue
              raise AssertionError('accepted as ' + name)
      finally:
          server.kill()
          server.wait()
      """
    try withTemporaryDirectory { directory in
      func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: directory.appendingPathComponent(name))
      }
      try write(authority.certificatePEM, "ca.pem")
      try write(leaf.certificatePEM, "leaf.pem")
      try write(leaf.keyPEM, "leaf.key")
      try write(script, "check.py")
      let verified = try Shell.run(
        "openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname",
        "desk.example.org", "-CAfile", "ca.pem", "leaf.pem", at: directory)
      #expect(verified.status == 0, "\(verified.output)")
      let client = try Shell.run("python3", "check.py", at: directory)
      #expect(client.status == 0, "\(client.output)")
    }
  }

  @Test func theAuthorityIsKeptAndIssuesAgain() throws {
    var random = SeededRandom(1)
    let authority = try authority(&random)
    let kept = try #require(
      APIAuthority(certificatePEM: authority.certificatePEM, keyPEM: authority.keyPEM))
    #expect(kept.certificatePEM == authority.certificatePEM && kept.expiry == authority.expiry)
    let leaf = try kept.issue(names: ["new.example.org"], now: now, using: &random)
    try withTemporaryDirectory { directory in
      try Data(authority.certificatePEM.utf8).write(
        to: directory.appendingPathComponent("ca.pem"))
      try Data(leaf.certificatePEM.utf8).write(to: directory.appendingPathComponent("leaf.pem"))
      let verified = try Shell.run(
        "openssl", "verify", "-x509_strict", "-CAfile", "ca.pem", "leaf.pem", at: directory)
      #expect(verified.status == 0, "\(verified.output)")
    }
    let other = try self.authority(&random)
    #expect(APIAuthority(certificatePEM: authority.certificatePEM, keyPEM: other.keyPEM) == nil)
    #expect(APIAuthority(certificatePEM: leaf.certificatePEM, keyPEM: leaf.keyPEM) == nil)
    #expect(APIAuthority(certificatePEM: "", keyPEM: "") == nil)
  }

  @Test func lifetimesAreThoseStatedAndALeafNeverOutlivesItsCA() throws {
    var random = SeededRandom(1)
    let authority = try authority(&random)
    let leaf = try authority.issue(names: [], now: now, using: &random)
    #expect(authority.expiry.seconds == (now + APIAuthority.lifetime).seconds)
    #expect(leaf.expiry.seconds == (now + APIAuthority.leafLifetime).seconds)
    let kept = try #require(KeptCertificate(certificatePEM: leaf.certificatePEM))
    #expect(kept.expiry == leaf.expiry)
    #expect(!kept.needsRenewal(at: now + 500 * 86_400_000))
    #expect(kept.needsRenewal(at: now + 600 * 86_400_000))
    let late = try authority.issue(
      names: [], now: authority.expiry + -86_400_000, using: &random)
    #expect(late.expiry == authority.expiry)
  }

  @Test(arguments: [
    "", "a b", "-a.example", "a..b", "1.2.3", "1.2.3.256", "*", "*.org", "a*.example.org",
    "exa\u{301}mple.org", "a.example.org\u{0}", "-.example.org", "fe80::1::2",
  ])
  func aNameNoCertificateCanHoldIsRefused(name: String) throws {
    var random = SeededRandom(1)
    let authority = try authority(&random)
    #expect(throws: CertificateMakingError.invalidName(name)) {
      try authority.issue(names: [name], now: now, using: &random)
    }
  }

  @Test func aKeptCertificateTellsItsNamesItsKeyAndItsMaker() throws {
    var random = SeededRandom(2)
    let (authority, other) = (try authority(&random), try authority(&random))
    let leaf = try authority.issue(
      names: ["Desk.Example.org", "2001:db8::7"], now: now, using: &random)
    let next = try authority.issue(names: [], now: now, using: &random)
    let kept = try #require(KeptCertificate(certificatePEM: leaf.certificatePEM))
    for same in [
      ["desk.example.org", "2001:db8::7"], ["2001:DB8:0:0::7", "desk.example.org", "localhost"],
    ] { #expect(try kept.isGood(for: same), "\(same)") }
    for wrong in [["desk.example.org"], ["desk.example.org", "2001:db8::7", "other.example.org"]] {
      #expect(try !kept.isGood(for: wrong), "\(wrong)")
    }
    #expect(throws: CertificateMakingError.invalidName("a b")) { try kept.isGood(for: ["a b"]) }
    #expect(kept.fits(keyPEM: leaf.keyPEM) && !kept.fits(keyPEM: next.keyPEM))
    #expect(!kept.fits(keyPEM: ""))
    #expect(kept.isIssued(by: authority.certificatePEM))
    #expect(!kept.isIssued(by: other.certificatePEM) && !kept.isIssued(by: ""))
    // A file of an operator's holds the chain after the certificate.
    let chain = leaf.certificatePEM + authority.certificatePEM
    #expect(KeptCertificate(certificatePEM: chain)?.expiry == leaf.expiry)
    #expect(KeptCertificate(certificatePEM: leaf.keyPEM) == nil)
    #expect(KeptCertificate(certificatePEM: "") == nil)
  }

  @Test func moreNamesThanTheLimitAreRefused() throws {
    var random = SeededRandom(1)
    let authority = try authority(&random)
    let names = (0..<62).map { "n\($0).example.org" }
    #expect(throws: CertificateMakingError.tooManyNames(65)) {
      try authority.issue(names: names, now: now, using: &random)
    }
  }
}
