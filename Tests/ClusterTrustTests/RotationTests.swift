// A node may go on under a new key; the old one ends, what it signed stays.

import ClusterTrust
import ReplicaCore
import Testing

@Suite struct RotationTests {
  @Test func theNewKeyIsTheNodeAndTheOldOneIsRetired() throws {
    var cluster = try TestCluster()
    let (old, member) = try cluster.admit("tokyo-1", office: "tokyo")
    let new = cluster.key()
    try cluster.log.rotate(from: old, to: new, lastSeq: 10, at: cluster.now)
    let view = cluster.log.membership
    let rotated = try #require(view.member(member.slot))
    #expect(rotated.key == new.publicKey)
    #expect(rotated.keys.map(\.lastSeq) == [10, nil])
    let address = cluster.address("tokyo-1", office: "tokyo", slot: member.slot.rawValue)
    #expect(
      view.verdict(for: try cluster.certificate(new, address)) == .admitted(rotated))
    #expect(
      view.verdict(for: try cluster.certificate(old, address))
        == .refused(.retiredKey(member.slot)))
    let id = cluster.log.cluster
    func head(_ key: NodeKey, _ seq: UInt64) throws -> SignedHead {
      try key.signHead(cluster: id, dot: Dot(member.slot, seq), hash: .sha256([1]))
    }
    #expect(view.verdict(for: try head(old, 10)) == .valid)
    #expect(view.verdict(for: try head(old, 11)) == .badSignature)
    #expect(view.verdict(for: try head(new, 11)) == .valid)
  }

  @Test func anIssuerThatRotatesKeepsItsDelegationAndItsOldKeyLosesIt() throws {
    var cluster = try TestCluster()
    let new = cluster.key()
    try cluster.log.rotate(from: cluster.founder, to: new, lastSeq: 3, at: cluster.now)
    let record = try cluster.log.admit(
      node: NodeName("tokyo-1"), place: TestCluster.place("tokyo"), key: cluster.key().publicKey,
      invite: nil, by: new, at: cluster.now)
    #expect(cluster.log.membership.member(Slot(2))?.admission == record.hash)
    let late = Admission(
      node: NodeName("late"), place: try TestCluster.place("oslo"), slot: Slot(9),
      key: cluster.key().publicKey)
    #expect(try cluster.void(.admit(late), by: cluster.founder) == .retiredKey)
    #expect(cluster.log.membership.issuers.map(\.key) == [new.publicKey])
  }

  @Test func aFounderThatForksAwayFromItsAdmissionLeavesTheOffice() throws {
    var cluster = try TestCluster()
    _ = try cluster.admit("tokyo-1", office: "tokyo")
    let new = cluster.key()
    var rotation = KeyRotation(
      oldKey: cluster.founder.publicKey, newKey: new.publicKey, lastSeq: 1, possession: [])
    rotation.possession = try new.sign(rotation.possessionBytes(cluster: cluster.log.cluster))
    #expect(
      try cluster.void(.rotate(rotation), after: .zero, by: cluster.founder)
        == .unknownKey(cluster.founder.hash))
    let view = cluster.log.membership
    #expect(view.foundingOffice?.code == OfficeID("paris"))
    #expect(view.members.map(\.office) == [OfficeID("paris"), OfficeID("tokyo")])
  }

  @Test func nobodyRotatesToAKeyThatDoesNotConsentOrThatIsTaken() throws {
    var cluster = try TestCluster()
    let (tokyo, _) = try cluster.admit("tokyo-1", office: "tokyo")
    let (lima, _) = try cluster.admit("lima-1", office: "lima")
    func rotation(_ old: NodeKey, _ new: NodeKey, by signer: NodeKey) throws -> MembershipAction {
      var rotation = KeyRotation(
        oldKey: old.publicKey, newKey: new.publicKey, lastSeq: 1, possession: [])
      rotation.possession = try signer.sign(
        rotation.possessionBytes(cluster: cluster.log.cluster))
      return .rotate(rotation)
    }
    let fresh = cluster.key()
    let unproven = try cluster.sign(rotation(tokyo, fresh, by: tokyo), by: tokyo)
    #expect(cluster.log.merge([unproven]).forged == [unproven.hash])
    #expect(
      try cluster.void(rotation(tokyo, fresh, by: fresh), by: lima) == .rotationUnproven)
    #expect(
      try cluster.void(rotation(tokyo, lima, by: lima), by: tokyo) == .keyTaken(lima.hash))
    let stranger = cluster.key()
    #expect(
      try cluster.void(rotation(stranger, fresh, by: fresh), by: stranger)
        == .unknownKey(stranger.hash))
    #expect(throws: IssueRefusal.keyUsedBefore(lima.hash)) {
      try cluster.log.rotate(from: tokyo, to: lima, lastSeq: 1, at: cluster.now)
    }
  }

  @Test func aCircleOfRotationsEnds() throws {
    var cluster = try TestCluster()
    let (first, member) = try cluster.admit("tokyo-1", office: "tokyo")
    let second = cluster.key()
    try cluster.log.rotate(from: first, to: second, lastSeq: 1, at: cluster.now)
    var back = KeyRotation(
      oldKey: second.publicKey, newKey: first.publicKey, lastSeq: 2, possession: [])
    back.possession = try first.sign(back.possessionBytes(cluster: cluster.log.cluster))
    // Which of the two made the circle is told by their hashes; which of them counts is not.
    let reason = try cluster.void(.rotate(back), by: second)
    #expect(reason == .keyTaken(first.hash) || reason == .unknownKey(second.hash))
    #expect(cluster.log.membership.voids.count == 1)
    #expect(cluster.log.membership.member(member.slot)?.key == second.publicKey)
  }
}
