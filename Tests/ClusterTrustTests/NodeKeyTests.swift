// Node keys: forms, signatures, files, and what OpenSSL says to them.

import ClusterTrust
import Foundation
import ReplicaCore
import Testing

@Suite struct NodeKeyTests {
  @Test func aKeySurvivesPEMAndDER() throws {
    var random = SeededRandom(1)
    let key = NodeKey.generate(using: &random)
    #expect(try NodeKey(pem: key.pem).publicKey == key.publicKey)
    #expect(try NodeKey(der: key.der).publicKey == key.publicKey)
    #expect(NodePublicKey(compressed: key.publicKey.compressed) == key.publicKey)
    #expect(throws: KeyError.unreadable) { try NodeKey(pem: "-----BEGIN PRIVATE KEY-----") }
    #expect(throws: KeyError.unreadable) { try NodeKey(der: Array(key.der.dropLast())) }
  }

  @Test func theSameSeedMakesTheSameKeyAndAnotherSeedAnother() {
    var (first, same, other) = (SeededRandom(7), SeededRandom(7), SeededRandom(8))
    let key = NodeKey.generate(using: &first)
    #expect(NodeKey.generate(using: &same).publicKey == key.publicKey)
    #expect(NodeKey.generate(using: &other).publicKey != key.publicKey)
  }

  @Test func aSignatureVerifiesOnlyOverItsBytesAndUnderItsKey() throws {
    var random = SeededRandom(2)
    let (key, other) = (NodeKey.generate(using: &random), NodeKey.generate(using: &random))
    let signature = try key.sign([1, 2, 3])
    #expect(signature.count == 64)
    #expect(key.publicKey.verifies(signature, over: [1, 2, 3]))
    #expect(!key.publicKey.verifies(signature, over: [1, 2, 4]))
    #expect(!other.publicKey.verifies(signature, over: [1, 2, 3]))
    #expect(!key.publicKey.verifies(Array(signature.dropLast()), over: [1, 2, 3]))
    #expect(!key.publicKey.verifies([], over: [1, 2, 3]))
    for index in [0, 31, 32, 63] {
      var bent = signature
      bent[index] ^= 1
      #expect(!key.publicKey.verifies(bent, over: [1, 2, 3]))
    }
  }

  @Test func bytesThatAreNoPointAreNoKey() {
    #expect(NodePublicKey(compressed: []) == nil)
    #expect(NodePublicKey(compressed: [UInt8](repeating: 0, count: 33)) == nil)
    #expect(NodePublicKey(compressed: [4] + [UInt8](repeating: 1, count: 32)) == nil)
    #expect(NodePublicKey(compressed: [2] + [UInt8](repeating: 255, count: 32)) == nil)
  }

  @Test func openSSLVerifiesASignedHeadAndRefusesAnother() throws {
    var cluster = try TestCluster()
    let key = cluster.key()
    let dot = Dot(Slot(3), 77)
    let head = try key.signHead(cluster: cluster.log.cluster, dot: dot, hash: .sha256([9]))
    let signature = try #require(NodeKey.derSignature(head.signature))
    let bytes = SignedHead.signedBytes(
      cluster: cluster.log.cluster.rawValue, dot: dot, hash: head.hash)
    try withTemporaryDirectory { directory in
      try Data(bytes).write(to: directory.appendingPathComponent("head"))
      try Data(bytes + [0]).write(to: directory.appendingPathComponent("other"))
      try Data(signature).write(to: directory.appendingPathComponent("sig"))
      try Data(key.publicKey.pem.utf8).write(to: directory.appendingPathComponent("pub.pem"))
      let good = try Shell.run(
        "openssl", "dgst", "-sha256", "-verify", "pub.pem", "-signature", "sig", "head",
        at: directory)
      #expect(good.status == 0 && good.output.contains("Verified OK"))
      let bad = try Shell.run(
        "openssl", "dgst", "-sha256", "-verify", "pub.pem", "-signature", "sig", "other",
        at: directory)
      #expect(bad.status != 0)
    }
  }

  @Test func weVerifyWhatOpenSSLSignsAndNameItsKeysAlike() throws {
    try withTemporaryDirectory { directory in
      let script = """
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem &&
        openssl pkey -in key.pem -pubout -outform DER | openssl dgst -sha256 -r > hash &&
        openssl pkey -in key.pem -pubout -outform DER -out pub.der
        """
      let made = try Shell.run("sh", "-c", script, at: directory)
      #expect(made.status == 0, "\(made.output)")
      let pem = try String(
        contentsOf: directory.appendingPathComponent("key.pem"), encoding: .utf8)
      let key = try NodeKey(pem: pem)
      let hash = try String(contentsOf: directory.appendingPathComponent("hash"), encoding: .utf8)
      #expect(hash.hasPrefix(key.hash.description))
      let der = try Data(contentsOf: directory.appendingPathComponent("pub.der"))
      #expect(key.publicKey.der == [UInt8](der))
    }
  }
}

@Suite struct KeyFileTests {
  @Test func aKeyIsSavedForItsOwnerAloneAndNeverOverAnother() throws {
    var random = SeededRandom(3)
    let key = NodeKey.generate(using: &random)
    try withTemporaryDirectory { directory in
      let path = directory.appendingPathComponent("node.key").path
      let file = KeyFile(path: path)
      #expect(throws: KeyFileError.missing(path: path)) { try file.loadKey() }
      try file.save(key)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
      #expect(try file.loadKey().publicKey == key.publicKey)
      #expect(throws: KeyFileError.exists(path: path)) { try file.save(key) }
    }
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o610, 0o602, 0o666])
  func aKeyFileThatOthersCanUseIsRefusedWithTheCommandThatMendsIt(mode: Int) throws {
    var random = SeededRandom(4)
    let key = NodeKey.generate(using: &random)
    try withTemporaryDirectory { directory in
      let path = directory.appendingPathComponent("node.key").path
      try KeyFile(path: path).save(key)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      let error = #expect(throws: KeyFileError.self) { try KeyFile(path: path).loadKey() }
      #expect(error == .readableByOthers(path: path, mode: UInt32(mode)))
      #expect(error?.hint.contains("chmod 600 '\(path)'") == true)
      #expect(error?.message.contains("0\(String(mode, radix: 8))") == true)
      try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
      #expect(try KeyFile(path: path).loadKey().publicKey == key.publicKey)
    }
  }

  @Test func whatIsNoKeyFileIsRefused() throws {
    try withTemporaryDirectory { directory in
      #expect(throws: KeyFileError.notAFile(path: directory.path)) {
        try KeyFile(path: directory.path).loadKey()
      }
      let path = directory.appendingPathComponent("x").path
      try KeyFile(path: path).saveText("not a key")
      #expect(throws: KeyFileError.notAKey(path: path)) { try KeyFile(path: path).loadKey() }
      let nowhere = directory.appendingPathComponent("no/such/x").path
      let error = #expect(throws: KeyFileError.self) { try KeyFile(path: nowhere).saveText("x") }
      #expect(error?.code == "key_file_io")
    }
  }
}

@Suite struct RootKeyTests {
  @Test func aSealedRootKeyOpensOnlyWithItsPassphraseAndUnaltered() throws {
    var cluster = try TestCluster()
    let sealed = try SealedRootKey(
      cluster.root, cluster: cluster.log.cluster, passphrase: "correct été battery",
      using: &cluster.random)
    let read = try SealedRootKey(pem: sealed.pem)
    #expect(read == sealed)
    #expect(read.cluster == cluster.log.cluster && read.publicKey == cluster.root.publicKey)
    #expect(!sealed.pem.contains(cluster.root.key.pem))
    let opened = try read.open(passphrase: "correct été battery")
    #expect(opened.publicKey == cluster.root.publicKey)
    // The same letters with the accents typed apart.
    #expect(
      try read.open(passphrase: "correct e\u{301}te\u{301} battery").publicKey
        == cluster.root.publicKey)
    #expect(throws: RootKeyError.wrongPassphrase) {
      try read.open(passphrase: "correct ete battery")
    }
    #expect(throws: RootKeyError.passphraseRefused) { try read.open(passphrase: "short") }
    let altered = sealed.pem.replacing("\n-----END", with: "AAAA\n-----END")
    #expect(throws: RootKeyError.malformed) { try SealedRootKey(pem: altered) }
    #expect(throws: RootKeyError.malformed) { try SealedRootKey(pem: cluster.root.key.pem) }
  }
}
