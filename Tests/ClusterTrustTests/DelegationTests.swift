// What an issuer may do is what the root delegated; the rest is void everywhere (hostile input 9).

import ClusterTrust
import ReplicaCore
import Testing

@Suite struct DelegationTests {
  /// A cluster whose Tokyo node may admit for Tokyo and Osaka in slots 5,000 … 5,001.
  private func delegated() throws -> (TestCluster, tokyo: NodeKey) {
    var cluster = try TestCluster()
    let (tokyo, _) = try cluster.admit("tokyo-1", office: "tokyo")
    try cluster.log.delegate(
      to: tokyo.publicKey, offices: .only([OfficeID("tokyo"), OfficeID("osaka")]),
      slots: Slot(5_000)...Slot(5_001), root: cluster.root, at: cluster.now)
    return (cluster, tokyo)
  }

  private func admission(
    _ cluster: inout TestCluster, _ office: String, _ slot: UInt32
  ) throws -> MembershipAction {
    .admit(
      Admission(
        node: NodeName("n-\(slot)-\(office)"), place: try TestCluster.place(office),
        slot: Slot(slot), key: cluster.key().publicKey))
  }

  @Test func aSecondIssuerAdmitsWithinItsDelegationUntilItsSlotsAreGiven() throws {
    var (cluster, tokyo) = try delegated()
    for slot in [5_000, 5_001] as [UInt32] {
      let record = try cluster.log.admit(
        node: NodeName("osaka-\(slot)"), place: TestCluster.place("osaka"),
        key: cluster.key().publicKey, invite: nil, by: tokyo, at: cluster.now)
      #expect(cluster.log.membership.member(Slot(slot))?.admission == record.hash)
    }
    let key = cluster.key().publicKey
    #expect(throws: IssueRefusal.slotsExhausted([Slot(5_000)...Slot(5_001)])) {
      try cluster.log.admit(
        node: NodeName("osaka-9"), place: TestCluster.place("osaka"), key: key, invite: nil,
        by: tokyo, at: cluster.now)
    }
    #expect(throws: IssueRefusal.officeNotDelegated(OfficeID("lima"))) {
      try cluster.log.admit(
        node: NodeName("lima-9"), place: TestCluster.place("lima"), key: key, invite: nil,
        by: tokyo, at: cluster.now)
    }
  }

  @Test func anAdmissionOutsideTheDelegationIsVoidAndAlarms() throws {
    var (cluster, tokyo) = try delegated()
    let cases: [(String, UInt32, VoidReason)] = [
      ("tokyo", 5_002, .slotOutsideDelegation(Slot(5_002))),
      ("tokyo", 4_999, .slotOutsideDelegation(Slot(4_999))),
      ("tokyo", 1, .slotOutsideDelegation(Slot(1))),
      ("paris", 5_000, .officeOutsideDelegation(OfficeID("paris"))),
    ]
    for (office, slot, reason) in cases {
      let action = try admission(&cluster, office, slot)
      #expect(try cluster.void(action, by: tokyo) == reason)
      #expect(reason.isAlarm)
      guard case .admit(let admission) = action else { return }
      #expect(
        cluster.log.membership.standing(of: admission.key) == .failure(.voidAdmission(reason)))
    }
    #expect(cluster.log.membership.members.count == 2)
    #expect(cluster.log.membership.voids.count == cases.count)
  }

  @Test func whoHasNoDelegationAdmitsNobody() throws {
    var (cluster, _) = try delegated()
    let stranger = cluster.key()
    #expect(
      try cluster.void(admission(&cluster, "tokyo", 5_000), by: stranger) == .notDelegated)
    #expect(
      try cluster.void(admission(&cluster, "tokyo", 5_000), by: cluster.root.key) == .notDelegated)
  }

  @Test func onlyTheRootDelegatesAndRangesNeverMeet() throws {
    var (cluster, tokyo) = try delegated()
    let lima = cluster.key()
    func delegation(_ slots: ClosedRange<UInt32>) -> MembershipAction {
      .delegate(
        Delegation(
          issuer: lima.publicKey, offices: .any,
          slots: Slot(slots.lowerBound)...Slot(slots.upperBound)))
    }
    #expect(try cluster.void(delegation(6_000...6_001), by: tokyo) == .notRoot)
    #expect(try cluster.void(delegation(6_000...6_001), by: cluster.founder) == .notRoot)
    #expect(
      try cluster.void(delegation(5_001...6_000), by: cluster.root.key)
        == .delegationOverlap(Slot(5_001)))
    #expect(
      try cluster.void(delegation(1...1), by: cluster.root.key) == .delegationOverlap(Slot(1)))
    #expect(try cluster.void(delegation(6_000...6_001), by: cluster.root.key) == nil)
    #expect(
      cluster.log.membership.issuers.map(\.key) == [
        cluster.founder.publicKey, tokyo.publicKey, lima.publicKey,
      ])
  }

  @Test func aDelegationThatArrivesLateMakesAnAdmissionCount() throws {
    var (cluster, tokyo) = try delegated()
    let record = try cluster.sign(admission(&cluster, "osaka", 5_000), by: tokyo)
    cluster.log.merge([record])
    var joiner = MembershipLog(cluster: cluster.log.cluster)
    let delegation = try #require(
      cluster.log.records.values.first { entry in
        if case .delegate(let it) = entry.action { it.issuer == tokyo.publicKey } else { false }
      })
    joiner.merge(cluster.log.records.values.filter { $0.hash != delegation.hash })
    #expect(joiner.voidReason(of: record.hash) == .notDelegated)
    joiner.merge([delegation])
    #expect(joiner == cluster.log && joiner.voidReason(of: record.hash) == nil)
  }
}
