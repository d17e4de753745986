// The membership log: who counts, who does not, and why.

import ClusterTrust
import ReplicaCore
import Testing

@Suite struct MembershipTests {
  @Test func foundingMakesARootAnIssuerAnOfficeAndANode() throws {
    let cluster = try TestCluster()
    let view = cluster.log.membership
    #expect(view.voids.isEmpty && view.anomalies.isEmpty)
    #expect(view.founding?.name == "Sunrise Telecom" && !view.isDrill)
    #expect(view.cluster == view.founding?.cluster && view.cluster.isValid)
    let member = try #require(view.member(Slot(1)))
    #expect(member.key == cluster.founder.publicKey && member.isActive)
    #expect(view.foundingOffice?.code == OfficeID("paris"))
    #expect(view.foundingOffice?.place.languages == ["fr", "en"])
    let issuer = try #require(view.issuer(cluster.founder.publicKey))
    #expect(issuer.slot == Slot(1) && issuer.isActive)
    #expect(issuer.delegations.map(\.slots) == [Slot(1)...Slot(4_999)])
    #expect(try view.mayServe(key: cluster.founder.publicKey, slot: Slot(1)) == member)
  }

  @Test func anotherRootCannotFoundAClusterWithTheSameID() throws {
    var cluster = try TestCluster()
    let other = try TestCluster(seed: 2)
    let founding = Founding(
      name: "Sunrise Telecom", rootKey: other.root.publicKey,
      nonce: [UInt8](repeating: 7, count: 16),
      drill: false)
    #expect(
      try cluster.void(.found(founding), by: other.root.key) == .foreignFounding)
    #expect(cluster.log.membership.founding?.rootKey == cluster.root.publicKey)
    // Alone in an empty log it founds nothing either, and nothing is admitted under it.
    var empty = MembershipLog(cluster: cluster.log.cluster)
    empty.merge([try cluster.sign(.found(founding), after: .zero, by: other.root.key)])
    #expect(empty.membership.founding == nil && empty.membership.voids.count == 1)
    #expect(throws: ServeRefusal.notFounded) {
      try empty.membership.mayServe(key: cluster.founder.publicKey, slot: Slot(1))
    }
  }

  @Test func recordsOfAnotherClusterDoNotVerifyHere() throws {
    var cluster = try TestCluster()
    let other = try TestCluster(seed: 2)
    let before = cluster.log
    let report = cluster.log.merge(Array(other.log.records.values))
    #expect(report.added.isEmpty && report.forged.count == 3)
    #expect(cluster.log.records == before.records && cluster.log.digest == before.digest)
    #expect(
      cluster.log.membership.voids.map(\.reason) == [.badSignature, .badSignature, .badSignature])
  }

  @Test func admittedNodesGetSlotsThatAreNeverGivenAgain() throws {
    var cluster = try TestCluster()
    let (_, tokyo) = try cluster.admit("tokyo-1", office: "tokyo")
    let (_, lima) = try cluster.admit("lima-1", office: "lima")
    #expect(tokyo.slot == Slot(2) && lima.slot == Slot(3))
    try cluster.log.remove(slot: lima.slot, seal: 9, by: cluster.founder, at: cluster.now)
    let (_, again) = try cluster.admit("lima-1", office: "lima")
    #expect(again.slot == Slot(4))
    let view = cluster.log.membership
    #expect(view.offices.map(\.code.rawValue) == ["paris", "tokyo", "lima"])
    #expect(view.active.map(\.slot) == [Slot(1), Slot(2), Slot(4)])
    #expect(view.active(named: NodeName("lima-1")).map(\.slot) == [Slot(4)])
  }

  @Test func namesAndKeysInUseAreRefusedBeforeAnythingIsSigned() throws {
    var cluster = try TestCluster()
    let (key, member) = try cluster.admit("tokyo-1", office: "tokyo")
    let before = cluster.log
    let fresh = cluster.key()
    #expect(throws: IssueRefusal.nameTaken(NodeName("tokyo-1"), member.slot)) {
      try cluster.log.admit(
        node: NodeName("tokyo-1"), place: TestCluster.place("tokyo"), key: fresh.publicKey,
        invite: nil, by: cluster.founder, at: cluster.now)
    }
    #expect(throws: IssueRefusal.keyUsedBefore(key.hash)) {
      try cluster.log.admit(
        node: NodeName("tokyo-2"), place: TestCluster.place("tokyo"), key: key.publicKey,
        invite: nil, by: cluster.founder, at: cluster.now)
    }
    #expect(throws: IssueRefusal.notAnIssuer(key.hash)) {
      try cluster.log.admit(
        node: NodeName("tokyo-2"), place: TestCluster.place("tokyo"), key: fresh.publicKey,
        invite: nil, by: key, at: cluster.now)
    }
    #expect(cluster.log == before)
  }

  @Test func aTamperedRecordIsEvidenceAndCountsForNothing() throws {
    var cluster = try TestCluster()
    let (_, member) = try cluster.admit("tokyo-1", office: "tokyo")
    let bytes = try #require(cluster.log.records[member.admission]).encoded
    var joiner = MembershipLog(cluster: cluster.log.cluster)
    var forged = 0
    for index in bytes.indices {
      var bent = bytes
      bent[index] ^= 0x04
      guard let record = try? MembershipRecord(encoded: bent) else { continue }
      let report = joiner.merge([record])
      #expect(report.added.isEmpty && report.forged == [record.hash])
      forged += 1
    }
    #expect(forged > 64)
    #expect(joiner.records.isEmpty)
    #expect(joiner.forged.count == TrustLimits.forgedRecords)
    #expect(joiner.membership.voids.allSatisfy { $0.reason == .badSignature })
    #expect(joiner.missing(from: []).isEmpty)
    #expect(joiner.digest == MembershipLog(cluster: cluster.log.cluster).digest)
  }

  @Test func aVariantOfASignatureIsNotAnotherRecord() throws {
    var cluster = try TestCluster()
    let record = try cluster.sign(
      .admit(
        Admission(
          node: NodeName("a"), place: TestCluster.place("oslo"), slot: Slot(9),
          key: cluster.key().publicKey)), by: cluster.founder)
    let again = try cluster.sign(record.action, by: cluster.founder)
    #expect(record.signature != again.signature && record.hash == again.hash)
    cluster.log.merge([record])
    #expect(cluster.log.merge([again]).added.isEmpty)
    #expect(cluster.log.membership.anomalies.isEmpty)
  }

  @Test func aKindOfANewerVersionIsKeptRelayedAndHasNoEffect() throws {
    var cluster = try TestCluster()
    #expect(
      try cluster.void(.unrecognised(kind: 200, payload: [1, 2, 3]), by: cluster.founder)
        == .unrecognised(kind: 200))
    // The chain goes on behind it, and the bytes survive.
    let (_, member) = try cluster.admit("tokyo-1", office: "tokyo")
    let read = try MembershipLog(encoded: cluster.log.encoded)
    #expect(read == cluster.log && read.membership.member(member.slot)?.isActive == true)
    #expect(VoidReason.unrecognised(kind: 200).isAlarm == false)
  }

  @Test func aRecordWaitsForTheOneBefore() throws {
    var cluster = try TestCluster()
    let (_, tokyo) = try cluster.admit("tokyo-1", office: "tokyo")
    let (_, lima) = try cluster.admit("lima-1", office: "lima")
    let late = try #require(cluster.log.records[tokyo.admission])
    var joiner = MembershipLog(cluster: cluster.log.cluster)
    joiner.merge(cluster.log.records.values.filter { $0.hash != late.hash })
    #expect(joiner.voidReason(of: lima.admission) == .gap)
    #expect(joiner.membership.member(lima.slot) == nil)
    joiner.merge([late])
    #expect(joiner == cluster.log)
  }

  @Test func missingRecordsAreFoundByTheirDigests() throws {
    var cluster = try TestCluster()
    let early = cluster.log
    let (_, tokyo) = try cluster.admit("tokyo-1", office: "tokyo")
    #expect(early.digest != cluster.log.digest)
    #expect(cluster.log.missing(from: early.hashes).map(\.hash) == [tokyo.admission])
    #expect(early.missing(from: cluster.log.hashes).isEmpty)
    var caughtUp = early
    caughtUp.merge(cluster.log.missing(from: early.hashes))
    #expect(caughtUp.digest == cluster.log.digest)
  }

  @Test func anAlteredOrTruncatedLogIsNotRead() throws {
    let cluster = try TestCluster()
    let bytes = cluster.log.encoded
    #expect(try MembershipLog(encoded: bytes) == cluster.log)
    for index in bytes.indices {
      var bent = bytes
      bent[index] ^= 0x10
      #expect((try? MembershipLog(encoded: bent))?.records != cluster.log.records)
    }
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: CodecError.self) { try MembershipLog(encoded: Array(bytes.prefix(count))) }
    }
    #expect(throws: CodecError.self) { try MembershipLog(encoded: bytes + [0]) }
  }

  @Test func aForkOfAnIssuersChainIsShown() throws {
    var cluster = try TestCluster()
    // The issuer's database is put back to before an admission and admits another under its slot.
    let old = cluster.log
    let (_, first) = try cluster.admit("tokyo-1", office: "tokyo")
    var restored = cluster
    restored.log = old
    let (_, second) = try restored.admit("lima-1", office: "lima")
    #expect(first.slot == second.slot)
    cluster.log.merge(Array(restored.log.records.values))
    restored.log.merge(Array(cluster.log.records.values))
    #expect(cluster.log == restored.log)
    let view = cluster.log.membership
    #expect(
      view.anomalies == [
        .issuerFork(issuer: cluster.founder.hash, after: old.head(of: cluster.founder.publicKey))
      ])
    #expect(view.voids.map(\.reason) == [.slotTaken(first.slot)])
    #expect(view.members.count == 2)
  }

  @Test func aKnownOfficeKeepsItsDescriptionAndADifferentOneIsShown() throws {
    var cluster = try TestCluster()
    let berlin = try TestCluster.place("paris", zone: "Europe/Berlin")
    let record = try cluster.log.admit(
      node: NodeName("paris-2"), place: berlin, key: cluster.key().publicKey, invite: nil,
      by: cluster.founder, at: cluster.now)
    guard case .admit(let admission) = record.action else {
      Issue.record("not an admission")
      return
    }
    #expect(admission.place.zone == "Europe/Paris")
    let odd = Admission(
      node: NodeName("paris-3"), place: berlin, slot: Slot(50), key: cluster.key().publicKey)
    #expect(try cluster.void(.admit(odd), by: cluster.founder) == nil)
    let view = cluster.log.membership
    #expect(view.office(OfficeID("paris"))?.place.zone == "Europe/Paris")
    #expect(view.anomalies == [.officeDisagrees(office: OfficeID("paris"), slot: Slot(50))])
  }
}
