// Joining, and every way in which a join must fail (hostile input 1 to 5).

import Foundation
import ReplicaCore
import Testing

@testable import ClusterTrust

/// The one place where an issuer's book and log change, as a node has it.
private actor IssuerDesk {
  private(set) var issuer: TestIssuer

  init(_ issuer: TestIssuer) { self.issuer = issuer }

  func redeem(_ request: JoinRequest) -> Result<[UInt8], JoinRefusal> {
    do throws(JoinRefusal) { return .success(try issuer.redeem(request)) } catch {
      return .failure(error)
    }
  }
}

@Suite struct JoinTests {
  private func request(
    _ issuer: TestIssuer, _ key: NodeKey, node: String = "tokyo-1"
  ) throws -> JoinRequest {
    try JoinRequest.make(for: issuer.invite, key: key, node: NodeName(node))
  }

  @Test func aJoinerBecomesAMemberOfTheTokensOffice() throws {
    var issuer = try TestIssuer()
    let key = issuer.cluster.key()
    let sent = try request(issuer, key).encoded
    let answer = try issuer.redeem(JoinRequest(encoded: sent))
    let (log, member) = try JoinAnswer(encoded: answer).accept(
      for: issuer.invite, key: key.publicKey)
    #expect(log == issuer.cluster.log)
    #expect(member.office == OfficeID("tokyo") && member.slot == Slot(2) && member.isActive)
    #expect(log.membership.office(OfficeID("tokyo"))?.place.zone == "Asia/Tokyo")
    #expect(try log.membership.mayServe(key: key.publicKey, slot: Slot(2)) == member)
  }

  @Test func theIssuerIsKnownBeforeAnythingIsSent() throws {
    var issuer = try TestIssuer()
    let address = issuer.cluster.address("paris-1", office: "paris", slot: 1)
    let own = try issuer.cluster.certificate(issuer.cluster.founder, address)
    let identity = PeerIdentity(key: issuer.cluster.founder.publicKey, address: address)
    #expect(issuer.invite.verdict(forIssuerCertificate: own) == .issuer(identity))
    let inBetween = issuer.cluster.key()
    let forged = try issuer.cluster.certificate(inBetween, address)
    #expect(
      issuer.invite.verdict(forIssuerCertificate: forged)
        == .refused(
          .otherKey(presented: inBetween.hash, expected: issuer.cluster.founder.hash)))
    let elsewhere = try TestCluster(seed: 2).address("paris-1", office: "paris", slot: 1)
    let other = try issuer.cluster.certificate(issuer.cluster.founder, elsewhere)
    #expect(
      issuer.invite.verdict(forIssuerCertificate: other)
        == .refused(.otherCluster(elsewhere.cluster)))
    #expect(
      issuer.invite.verdict(forIssuerCertificate: []) == .refused(.certificate(.unreadable)))
  }

  @Test func aRetryWithTheSameKeyGetsTheSameAnswerAndAnyOtherKeyIsRefused() throws {
    var issuer = try TestIssuer()
    let (key, other) = (issuer.cluster.key(), issuer.cluster.key())
    let first = try issuer.redeem(request(issuer, key))
    let log = issuer.cluster.log
    #expect(throws: JoinRefusal.alreadyUsed) {
      try issuer.redeem(request(issuer, other, node: "tokyo-2"))
    }
    // Also after a crash, in which only what was stored survives, and after the token's end.
    issuer.book = try InviteBook(encoded: issuer.book.encoded)
    issuer.cluster.now = issuer.invite.expiry + 1
    #expect(try issuer.redeem(request(issuer, key)) == first)
    #expect(issuer.cluster.log == log)
    #expect(throws: JoinRefusal.alreadyUsed) {
      try issuer.redeem(request(issuer, other, node: "tokyo-2"))
    }
  }

  @Test func ofManyThatUseATokenAtOnceOneWins() async throws {
    let issuer = try TestIssuer()
    var random = SeededRandom(77)
    let keys = (0..<16).map { _ in NodeKey.generate(using: &random) }
    let requests = try keys.enumerated().map { index, key in
      try request(issuer, key, node: "tokyo-\(index)")
    }
    let desk = IssuerDesk(issuer)
    let outcomes = await withTaskGroup(of: Result<[UInt8], JoinRefusal>.self) { group in
      for request in requests { group.addTask { await desk.redeem(request) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { if case .success = $0 { true } else { false } }.count == 1)
    #expect(outcomes.filter { $0 == .failure(.alreadyUsed) }.count == 15)
    let end = await desk.issuer
    #expect(end.cluster.log.membership.members.count == 2)
    #expect(end.cluster.log.membership.voids.isEmpty)
  }

  @Test func anExpiredUnknownRevokedOrForeignTokenIsRefused() throws {
    var issuer = try TestIssuer()
    let other = try TestIssuer(seed: 2)
    let key = issuer.cluster.key()
    #expect(throws: JoinRefusal.wrongIssuer(other.cluster.founder.hash)) {
      try issuer.redeem(request(other, key))
    }
    var empty = issuer
    empty.book = InviteBook()
    #expect(throws: JoinRefusal.unknownInvite) { try empty.redeem(request(issuer, key)) }
    var late = issuer
    late.cluster.now = issuer.invite.expiry
    #expect(throws: JoinRefusal.expired(issuer.invite.expiry)) {
      try late.redeem(request(issuer, key))
    }
    let (revoked, again) = (
      issuer.book.revoke(issuer.invite.id), issuer.book.revoke(issuer.invite.id)
    )
    #expect(revoked && !again)
    #expect(throws: JoinRefusal.unknownInvite) { try issuer.redeem(request(issuer, key)) }
    #expect(issuer.book.entries[issuer.invite.id]?.state == .revoked)
    #expect(issuer.cluster.log.membership.members.count == 1)
  }

  @Test func whoDoesNotKnowTheSecretIsRefusedLikeAnUnknownToken() throws {
    var issuer = try TestIssuer()
    let key = issuer.cluster.key()
    let invite = issuer.invite
    let guessed = Invite(
      id: invite.id, cluster: invite.cluster, clusterName: invite.clusterName,
      endpoints: invite.endpoints, issuer: invite.issuer, expiry: invite.expiry,
      secret: InviteSecret(using: &issuer.cluster.random))
    let request = try JoinRequest.make(for: guessed, key: key, node: NodeName("tokyo-1"))
    #expect(throws: JoinRefusal.unknownInvite) { try issuer.redeem(request) }
    #expect(issuer.book.entries[invite.id]?.state == .open)
  }

  @Test func anAlteredRequestIsRefusedAndLeavesTheTokenOpen() throws {
    var issuer = try TestIssuer()
    let bytes = try request(issuer, issuer.cluster.key()).encoded
    for index in bytes.indices {
      var bent = bytes
      bent[index] ^= 0x01
      guard let request = try? JoinRequest(encoded: bent) else { continue }
      #expect(throws: JoinRefusal.self) { try issuer.redeem(request) }
    }
    #expect(issuer.book.entries[issuer.invite.id]?.state == .open)
    #expect(throws: CodecError.self) { try JoinRequest(encoded: Array(bytes.dropLast())) }
    #expect(throws: CodecError.self) { try JoinRequest(encoded: bytes + [0]) }
    #expect(throws: Never.self) { try issuer.redeem(JoinRequest(encoded: bytes)) }
  }

  @Test func aNameOrAKeyInUseIsRefusedAndLeavesTheTokenOpen() throws {
    var issuer = try TestIssuer()
    let founder = issuer.cluster.founder
    #expect(throws: JoinRefusal.nameTaken(NodeName("paris-1"))) {
      try issuer.redeem(request(issuer, issuer.cluster.key(), node: "paris-1"))
    }
    #expect(throws: JoinRefusal.keyUsedBefore) { try issuer.redeem(request(issuer, founder)) }
    let (old, member) = try issuer.cluster.admit("lima-1", office: "lima")
    try issuer.cluster.log.remove(slot: member.slot, seal: 1, by: founder, at: issuer.cluster.now)
    #expect(throws: JoinRefusal.keyUsedBefore) { try issuer.redeem(request(issuer, old)) }
    #expect(issuer.book.entries[issuer.invite.id]?.state == .open)
  }

  @Test func aJoinerBelievesOnlyTheTokensIssuerAndCluster() throws {
    var issuer = try TestIssuer()
    let (key, other) = (issuer.cluster.key(), issuer.cluster.key())
    let bytes = try issuer.redeem(request(issuer, key))
    #expect(throws: JoinAnswerError.wrongProof) {
      try JoinAnswer(encoded: bytes).accept(for: issuer.invite, key: other.publicKey)
    }
    for index in stride(from: 0, to: bytes.count, by: 11) {
      var bent = bytes
      bent[index] ^= 0x01
      guard let answer = try? JoinAnswer(encoded: bent) else { continue }
      #expect(throws: JoinAnswerError.self) {
        try answer.accept(for: issuer.invite, key: key.publicKey)
      }
    }
    // Who stole the secret, but not the issuer's key, cannot answer with a cluster of its own.
    let proofKey = issuer.invite.secret.derived(for: issuer.invite.id)
    let evil = try TestCluster(seed: 3)
    func answer(_ issuerKey: NodeKey, _ log: MembershipLog) -> JoinAnswer {
      JoinAnswer(
        issuer: issuerKey.publicKey, admission: log.head(of: issuerKey.publicKey), log: log,
        joiner: key.publicKey, proofKey: proofKey)
    }
    #expect(throws: JoinAnswerError.otherIssuer(evil.founder.hash)) {
      try answer(evil.founder, evil.log).accept(for: issuer.invite, key: key.publicKey)
    }
    #expect(throws: JoinAnswerError.otherCluster(evil.log.cluster)) {
      try answer(issuer.cluster.founder, evil.log).accept(for: issuer.invite, key: key.publicKey)
    }
    let before = try TestIssuer().cluster.log
    #expect(throws: JoinAnswerError.notAdmitted) {
      try answer(issuer.cluster.founder, before).accept(for: issuer.invite, key: key.publicKey)
    }
  }

  @Test func theBookKeepsNoSecretAndForgetsInTime() throws {
    var issuer = try TestIssuer()
    let stored = Data(issuer.book.encoded)
    #expect(stored.range(of: Data(issuer.invite.secret.bytes)) == nil)
    #expect(try InviteBook(encoded: issuer.book.encoded) == issuer.book)
    #expect(throws: CodecError.self) {
      try InviteBook(encoded: Array(issuer.book.encoded.dropLast()))
    }
    issuer.book.forget(expiredBefore: issuer.invite.expiry + 1_000, keep: 1_000)
    #expect(issuer.book.entries.count == 1)
    issuer.book.forget(expiredBefore: issuer.invite.expiry + 1_001, keep: 1_000)
    #expect(issuer.book.entries.isEmpty)
  }

  @Test func refusalsSurviveTheWire() throws {
    let refusals: [JoinRefusal] = [
      .malformed, .tooManyAttempts, .wrongIssuer(KeyHash(.sha256([1]))), .unknownInvite,
      .expired(Instant(seconds: 5)), .alreadyUsed, .nameTaken(NodeName("a")), .keyUsedBefore,
      .issuerUnable("no slots"),
    ]
    for refusal in refusals {
      #expect(try JoinRefusal(encoded: refusal.encoded) == refusal)
      #expect(refusal.message.count > 20)
    }
    #expect(Set(refusals.map(\.code)).count == refusals.count)
    #expect(throws: CodecError.unknownTag(99)) { try JoinRefusal(encoded: [99]) }
  }

  @Test func fortyDaysAndTenYearsLaterNothingHasExpired() throws {
    var issuer = try TestIssuer()
    let key = issuer.cluster.key()
    _ = try issuer.redeem(request(issuer, key))
    let member = try #require(issuer.cluster.log.membership.member(Slot(2)))
    let der = try issuer.cluster.certificate(
      key, issuer.cluster.address("tokyo-1", office: "tokyo", slot: 2))
    for days in [40, 3_653] as [Int64] {
      issuer.cluster.now = issuer.cluster.now + days * 86_400_000
      #expect(issuer.cluster.log.membership.verdict(for: der) == .admitted(member))
      let place = try TestCluster.place("oslo", zone: "Europe/Oslo", languages: [])
      let invite = try issuer.open(
        place, by: issuer.cluster.founder, endpoints: issuer.invite.endpoints)
      let joiner = issuer.cluster.key()
      let request = try JoinRequest.make(
        for: invite, key: joiner, node: NodeName("oslo-\(days)"))
      let answer = try JoinAnswer(encoded: issuer.redeem(request))
      #expect(throws: Never.self) { try answer.accept(for: invite, key: joiner.publicKey) }
    }
    // The certificates themselves are good for any clock: see CertificateTests for their dates.
    try withTemporaryDirectory { directory in
      try Data(der).write(to: directory.appendingPathComponent("node.der"))
      let check = try Shell.run(
        "openssl", "x509", "-inform", "DER", "-in", "node.der", "-noout", "-checkend",
        "3153600000", at: directory)
      #expect(check.status == 0, "good for a hundred years more: \(check.output)")
    }
  }
}

/// A guard that an expectation can ask.
private final class Gate {
  private var value = TokenGuard()
  func allows(_ address: String, now: Instant) -> Bool { value.allows(address, now: now) }
  var addressCount: Int { value.addressCount }
}

@Suite struct TokenGuardTests {
  @Test func tenAttemptsAMinuteFromOneAddressAndNoMore() {
    let gate = Gate()
    let start = Instant(seconds: 1_000)
    for attempt in 0..<10 { #expect(gate.allows("192.0.2.1", now: start + Int64(attempt))) }
    #expect(!gate.allows("192.0.2.1", now: start + 11))
    #expect(gate.allows("192.0.2.2", now: start + 11))
    #expect(!gate.allows("192.0.2.1", now: start + 59_999))
    // The first attempt has left the window: one more, not ten.
    #expect(gate.allows("192.0.2.1", now: start + 60_000))
    #expect(!gate.allows("192.0.2.1", now: start + 60_000))
  }

  @Test func inAnyMinuteThereAreAtMostTen() {
    let gate = Gate()
    var random = SeededRandom(5)
    var now = Instant(seconds: 0)
    var allowed: [Instant] = []
    for _ in 0..<2_000 {
      now = now + Int64.random(in: 0...4_000, using: &random)
      if gate.allows("a", now: now) { allowed.append(now) }
    }
    #expect(allowed.count > 100)
    for (index, first) in allowed.enumerated() where index + 10 < allowed.count {
      #expect(allowed[index + 10] - first >= TrustLimits.attemptWindow)
    }
  }

  @Test func memoryStaysBoundedAndAClockThatJumpsBackLocksNobodyOut() {
    let gate = Gate()
    let start = Instant(seconds: 1_000_000)
    for number in 0..<5_000 {
      #expect(gate.allows("address-\(number)", now: start + Int64(number)))
    }
    #expect(gate.addressCount == TrustLimits.guardedAddresses)
    for _ in 0..<10 { _ = gate.allows("x", now: start + 5_000) }
    #expect(!gate.allows("x", now: start + 5_001))
    #expect(gate.allows("x", now: start + -86_400_000))
  }
}
