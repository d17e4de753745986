// Handshake verdicts (hostile input 6, 7, 8) and batch verdicts (10).

import ClusterTrust
import ReplicaCore
import Testing

@Suite struct VerdictTests {
  @Test func aCertificateMustSayWhatTheLogSays() throws {
    var cluster = try TestCluster()
    let (key, member) = try cluster.admit("tokyo-1", office: "tokyo")
    func verdict(_ node: String, _ office: String, _ slot: UInt32) throws -> PeerVerdict {
      let der = try cluster.certificate(key, cluster.address(node, office: office, slot: slot))
      return cluster.log.membership.verdict(for: der)
    }
    #expect(try verdict("tokyo-1", "tokyo", 2) == .admitted(member))
    #expect(
      try verdict("tokyo-1", "paris", 2)
        == .refused(
          .nameMismatch(.office(presented: OfficeID("paris"), admitted: OfficeID("tokyo")))))
    #expect(
      try verdict("paris-1", "tokyo", 2)
        == .refused(
          .nameMismatch(.node(presented: NodeName("paris-1"), admitted: NodeName("tokyo-1")))))
    #expect(
      try verdict("tokyo-1", "tokyo", 1)
        == .refused(.nameMismatch(.slot(presented: Slot(1), admitted: Slot(2)))))
    #expect(throws: ServeRefusal.otherSlot(admitted: Slot(2))) {
      try cluster.log.membership.mayServe(key: key.publicKey, slot: Slot(1))
    }
  }

  @Test func strangersAndOtherClustersAreRefused() throws {
    var cluster = try TestCluster()
    let stranger = cluster.key()
    let der = try cluster.certificate(
      stranger, cluster.address("paris-1", office: "paris", slot: 1))
    #expect(cluster.log.membership.verdict(for: der) == .refused(.unknownKey(stranger.hash)))
    let other = try TestCluster(seed: 2)
    let foreign = try cluster.certificate(
      cluster.founder, other.address("paris-1", office: "paris", slot: 1))
    #expect(
      cluster.log.membership.verdict(for: foreign) == .refused(.otherCluster(other.log.cluster)))
    #expect(
      cluster.log.membership.verdict(for: [0x30, 0x00]) == .refused(.certificate(.unreadable)))
  }

  @Test func aHeadVerifiesOnlyUnderItsSlotsKeyAndAsItWasSigned() throws {
    var cluster = try TestCluster()
    let (key, member) = try cluster.admit("tokyo-1", office: "tokyo")
    let view = cluster.log.membership
    let head = try key.signHead(
      cluster: cluster.log.cluster, dot: Dot(member.slot, 5), hash: .sha256([1]))
    #expect(view.verdict(for: head) == .valid)
    var bent = head
    bent.hash = .sha256([2])
    #expect(view.verdict(for: bent) == .badSignature)
    bent = head
    bent.dot.seq = 6
    #expect(view.verdict(for: bent) == .badSignature)
    bent = head
    bent.dot.slot = Slot(1)
    #expect(view.verdict(for: bent) == .badSignature)
    bent.dot.slot = Slot(700)
    #expect(view.verdict(for: bent) == .unknownSlot)
    bent = head
    bent.signature = []
    #expect(view.verdict(for: bent) == .badSignature)
    let other = try TestCluster(seed: 2)
    let foreign = try key.signHead(
      cluster: other.log.cluster, dot: head.dot, hash: head.hash)
    #expect(view.verdict(for: foreign) == .badSignature)
  }

  @Test func everyRefusalSaysWhatToDo() throws {
    let refusals: [PeerRefusal] = [
      .certificate(.nameMissing), .unknownKey(KeyHash(.zero)), .voidAdmission(.gap),
      .removed(NodeName("a"), Slot(1)), .retiredKey(Slot(1)),
      .nameMismatch(.slot(presented: Slot(1), admitted: Slot(2))),
    ]
    #expect(Set(refusals.map(\.code)).count == refusals.count)
    #expect(refusals.allSatisfy { $0.message.count > 30 && $0.message.hasSuffix(".") })
  }
}
