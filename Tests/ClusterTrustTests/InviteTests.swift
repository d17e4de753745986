// The token's text: what it carries, and every way in which it can be broken.

import ReplicaCore
import Testing

@testable import ClusterTrust

/// An issuer with its book and its log, and an open invite for Tokyo.
struct TestIssuer {
  var cluster: TestCluster
  var book = InviteBook()
  let invite: Invite

  init(seed: UInt64 = 1, lifetime: Int64 = 1_800_000) throws {
    cluster = try TestCluster(seed: seed)
    invite = try book.open(
      place: TestCluster.place("tokyo", zone: "Asia/Tokyo", languages: ["ja"]),
      lifetime: lifetime,
      endpoints: [#require(Endpoint("paris.example.org:7400")), #require(Endpoint("[::1]:7400"))],
      log: cluster.log, key: cluster.founder, now: cluster.now, using: &cluster.random)
  }

  @discardableResult
  mutating func open(
    _ place: OfficePlace, by key: NodeKey, lifetime: Int64 = 60_000, endpoints: [Endpoint]
  ) throws(InviteMakingError) -> Invite {
    try book.open(
      place: place, lifetime: lifetime, endpoints: endpoints, log: cluster.log, key: key,
      now: cluster.now, using: &cluster.random)
  }

  mutating func redeem(_ request: JoinRequest) throws(JoinRefusal) -> [UInt8] {
    try book.redeem(request, now: cluster.now, log: &cluster.log, key: cluster.founder)
  }
}

@Suite struct InviteTests {
  @Test func aTokenCarriesEverythingAJoinerNeeds() throws {
    let issuer = try TestIssuer()
    let token = issuer.invite.token
    #expect(token.hasPrefix("helio1.") && !token.contains { $0.isWhitespace || $0 == "=" })
    let read = try Invite.parse("  \(token)\n", now: issuer.cluster.now)
    #expect(read == issuer.invite)
    #expect(read.cluster == issuer.cluster.log.cluster)
    #expect(read.clusterName == "Sunrise Telecom")
    #expect(read.issuer == issuer.cluster.founder.hash)
    #expect(read.endpoints.map(\.description) == ["paris.example.org:7400", "[::1]:7400"])
    #expect(!"\(read)".contains("\(issuer.invite.secret.bytes)"))
  }

  @Test func aTokenWithAnyCharacterChangedIsNotRead() throws {
    let issuer = try TestIssuer()
    let token = Array(issuer.invite.token)
    for index in token.indices {
      var bent = token
      bent[index] = bent[index] == "A" ? "B" : "A"
      #expect(throws: InviteError.self) {
        try Invite.parse(String(bent), now: issuer.cluster.now)
      }
    }
    // Past the length in front, a change is always told apart from a loss.
    for index in 12..<token.count {
      var bent = token
      bent[index] = bent[index] == "x" ? "y" : "x"
      #expect(throws: InviteError.altered) {
        try Invite.parse(String(bent), now: issuer.cluster.now)
      }
    }
    #expect(throws: InviteError.altered) {
      try Invite.parse(issuer.invite.token + "A", now: issuer.cluster.now)
    }
  }

  @Test func aTokenCutAnywhereIsCalledTruncated() throws {
    let issuer = try TestIssuer()
    for count in 1..<issuer.invite.token.count {
      let cut = String(issuer.invite.token.prefix(count))
      #expect(throws: InviteError.truncated) { try Invite.parse(cut, now: issuer.cluster.now) }
    }
  }

  @Test func otherTextsVersionsAndTimesAreToldApart() throws {
    let issuer = try TestIssuer()
    let now = issuer.cluster.now
    #expect(throws: InviteError.notAToken) { try Invite.parse("", now: now) }
    #expect(throws: InviteError.notAToken) { try Invite.parse("hlt_abc", now: now) }
    #expect(throws: InviteError.notAToken) { try Invite.parse("heliox.abc", now: now) }
    #expect(throws: InviteError.wrongVersion("helio2")) { try Invite.parse("helio2.abc", now: now) }
    #expect(throws: InviteError.altered) {
      try Invite.parse("helio1." + String(repeating: "A", count: 5_000), now: now)
    }
    let expiry = issuer.invite.expiry
    #expect(throws: InviteError.expired(expiry)) {
      try Invite.parse(issuer.invite.token, now: expiry)
    }
    #expect(
      InviteError.expired(Instant(seconds: 1_789_774_358)).message.contains(
        "2026-09-18T23:32:38Z"))
  }

  @Test func randomTextNeverTraps() throws {
    var random = SeededRandom(9)
    for _ in 0..<2_000 {
      let count = Int.random(in: 0...200, using: &random)
      let text = "helio1." + Base64URL.encode(random.bytes(count))
      #expect(throws: InviteError.self) { try Invite.parse(text, now: .zero) }
    }
  }

  @Test func anInviteIsOnlyMadeWhereItCanBeHonoured() throws {
    var issuer = try TestIssuer()
    let endpoint = try #require(Endpoint("h:1"))
    let stranger = issuer.cluster.key()
    let place = try TestCluster.place("tokyo")
    let founder = issuer.cluster.founder
    #expect(throws: InviteMakingError.issuing(.notAnIssuer(stranger.hash))) {
      try issuer.open(place, by: stranger, endpoints: [endpoint])
    }
    #expect(throws: InviteMakingError.endpointCount(0)) {
      try issuer.open(place, by: founder, endpoints: [])
    }
    #expect(throws: InviteMakingError.lifetime(0)) {
      try issuer.open(place, by: founder, lifetime: 0, endpoints: [endpoint])
    }
    let tooLong = TrustLimits.inviteLifetime + 1
    #expect(throws: InviteMakingError.lifetime(tooLong)) {
      try issuer.open(place, by: founder, lifetime: tooLong, endpoints: [endpoint])
    }
    #expect(issuer.book.entries.count == 1)
  }

  @Test(arguments: [
    "", "host", "host:", ":1", "host:0", "host:65536", "a b:1", "::1:7400", "[x]:1",
  ])
  func whatIsNoEndpointIsNotRead(text: String) {
    #expect(Endpoint(text) == nil)
  }
}
