// Passwords and API tokens of agents.

import ReplicaCore
import Testing

@testable import ClusterTrust

@Suite struct AgentSecretTests {
  @Test func aPasswordVerifiesAgainstItsHashOnly() throws {
    var random = SeededRandom(1)
    let hash = try PasswordHash.make("le téléphone chauffe", using: &random)
    let again = try PasswordHash.make("le téléphone chauffe", using: &random)
    #expect(hash != again, "each has its own salt")
    #expect(hash.verifies("le téléphone chauffe"))
    #expect(hash.verifies("le te\u{301}le\u{301}phone chauffe"), "accents typed apart")
    #expect(!hash.verifies("le telephone chauffe"))
    #expect(!hash.verifies(""))
    let read = try #require(PasswordHash(encoded: hash.encoded))
    #expect(read == hash && read.verifies("le téléphone chauffe") && !read.needsRehash)
    #expect(!"\(hash)".contains(hash.encoded))
  }

  @Test func aTooShortOrTooLongPasswordIsNotTaken() {
    var random = SeededRandom(1)
    #expect(throws: PasswordError.tooShort) { try PasswordHash.make("", using: &random) }
    #expect(throws: PasswordError.tooShort) { try PasswordHash.make("1234567", using: &random) }
    #expect(throws: PasswordError.tooLong) {
      try PasswordHash.make(String(repeating: "x", count: 1_025), using: &random)
    }
    #expect(throws: Never.self) { try PasswordHash.make("电话电话电话电话", using: &random) }
  }

  @Test func theDecoyAcceptsNothing() {
    #expect(!PasswordHash.decoy.verifies("password"))
    #expect(!PasswordHash.decoy.verifies(""))
  }

  @Test func aHashThatWouldExhaustTheMemoryOrIsNoneIsNotRead() throws {
    var random = SeededRandom(1)
    let good = try PasswordHash.make("long enough", using: &random).encoded
    #expect(PasswordHash(encoded: good) != nil)
    for (cost, bad) in [("$14$", "$30$"), ("$14$", "$1$"), ("$14$", "$014$"), ("$8$", "$9999$")] {
      #expect(PasswordHash(encoded: good.replacing(cost, with: bad, maxReplacements: 1)) == nil)
    }
    #expect(PasswordHash(encoded: "") == nil)
    #expect(PasswordHash(encoded: String(good.dropLast())) == nil)
    #expect(PasswordHash(encoded: good + "$") == nil)
    #expect(PasswordHash(encoded: "bcrypt" + good.dropFirst(6)) == nil)
  }

  @Test func scryptAgreesWithPython() throws {
    var random = SeededRandom(4)
    let hash = try PasswordHash.make("open sesame", using: &random)
    let script = """
      import base64, hashlib, sys
      _, n, r, p, salt, hash = sys.argv[1].split('$')
      pad = lambda t: base64.urlsafe_b64decode(t + '=' * (-len(t) % 4))
      got = hashlib.scrypt(b'open sesame', salt=pad(salt), n=1 << int(n), r=int(r), p=int(p),
                           maxmem=1 << 26, dklen=32)
      sys.exit(0 if got == pad(hash) else 1)
      """
    let outcome = try Shell.run("python3", "-c", script, hash.encoded)
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test func anAPITokenIsStoredAsItsHash() throws {
    var random = SeededRandom(2)
    let token = APIToken.generate(using: &random)
    let other = APIToken.generate(using: &random)
    #expect(token.text.hasPrefix("hlt_") && token.text.count == 47)
    #expect(APIToken(token.text) == token)
    #expect(token.matches(token.hash) && !token.matches(other.hash))
    #expect(token.hash == .sha256(Array(token.text.utf8)))
    #expect(!"\(token)".contains(token.text.dropFirst(4)))
    for bad in ["", "hlt_", "hlt_abc", "xxx_" + token.text.dropFirst(4), token.text + "A"] {
      #expect(APIToken(bad) == nil)
    }
  }

  @Test func base64URLIsReadInItsOnlyForm() {
    var random = SeededRandom(3)
    for count in 0..<70 {
      let bytes = random.bytes(count)
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }
    for bad in ["A", "AB", "AA==", "A+", "A/", "AA A", "AAAAA", "é"] {
      #expect(Base64URL.decode(bad) == nil, "\(bad)")
    }
  }
}
