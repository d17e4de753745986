// Equal sets of records give equal views, in whatever order and however often they come.

import ClusterTrust
import ReplicaCore
import Testing

@Suite struct MembershipLawTests {
  /// A random history of three nodes' issuers that mostly do not see each other, with acts they may
  /// not do, forks and rotations among them.
  private struct History {
    var cluster: TestCluster
    var views: [MembershipLog]
    var keys: [NodeKey]

    init(seed: UInt64) throws {
      cluster = try TestCluster(seed: seed)
      let (tokyo, _) = try cluster.admit("tokyo-1", office: "tokyo")
      let (lima, _) = try cluster.admit("lima-1", office: "lima")
      try cluster.log.delegate(
        to: tokyo.publicKey, offices: .any, slots: Slot(5_000)...Slot(5_009), root: cluster.root,
        at: cluster.now)
      keys = [cluster.founder, tokyo, lima, cluster.root.key]
      views = Array(repeating: cluster.log, count: 3)
    }

    mutating func step() throws {
      let index = Int.random(in: 0..<views.count, using: &cluster.random)
      cluster.now = cluster.now + Int64.random(in: -5_000...5_000, using: &cluster.random)
      cluster.log = views[index]
      let signer = keys[Int.random(in: 0..<keys.count, using: &cluster.random)]
      let fork = Int.random(in: 0..<8, using: &cluster.random) == 0
      let own = cluster.log.records.values.filter { $0.issuer == signer.publicKey }
        .sorted { $0.hash.description < $1.hash.description }
      // The root's first delegation is the founder's; two at once would be another founding.
      let forkable = signer.publicKey == cluster.root.publicKey ? [] : own
      let previous = fork ? forkable.randomElement(using: &cluster.random)?.previous : nil
      let record = try cluster.sign(try action(by: signer), after: previous, by: signer)
      cluster.log.merge([record])
      views[index] = cluster.log
      if Int.random(in: 0..<4, using: &cluster.random) == 0 {
        views[(index + 1) % views.count].merge(views[index].missing(from: []))
      }
    }

    private mutating func action(by signer: NodeKey) throws -> MembershipAction {
      let members = cluster.log.membership.members
      guard let target = members.randomElement(using: &cluster.random) else {
        return .unrecognised(kind: 99, payload: [])
      }
      switch Int.random(in: 0..<10, using: &cluster.random) {
      case 0...4:
        let key = cluster.key()
        keys.append(key)
        let offices = ["paris", "tokyo", "lima", "oslo"]
        return .admit(
          Admission(
            node: NodeName("n-\(key.hash.short)"),
            place: try TestCluster.place(offices.randomElement(using: &cluster.random) ?? "oslo"),
            slot: Slot(
              UInt32.random(in: 2...14, using: &cluster.random)
                + (Bool.random(using: &cluster.random) ? 0 : 4_997)),
            key: key.publicKey))
      case 5, 6:
        return .remove(
          Removal(
            node: target.node, slot: target.slot, key: target.key,
            seal: UInt64.random(in: 0...100, using: &cluster.random),
            heads: Bool.random(using: &cluster.random)
              ? target.keys.map { cluster.log.head(of: $0.key) } : []))
      case 7, 8:
        let new = cluster.key()
        keys.append(new)
        var rotation = KeyRotation(
          oldKey: signer.publicKey, newKey: new.publicKey,
          lastSeq: UInt64.random(in: 0...50, using: &cluster.random), possession: [])
        rotation.possession = try new.sign(
          rotation.possessionBytes(cluster: cluster.log.cluster))
        return .rotate(rotation)
      default:
        let start = UInt32.random(in: 5_005...5_200, using: &cluster.random)
        return .delegate(
          Delegation(
            issuer: target.key, offices: .only([target.office]),
            slots: Slot(start)...Slot(start + 20)))
      }
    }
  }

  @Test(arguments: 1...32 as ClosedRange<UInt64>)
  func theViewIsAFunctionOfTheSetAlone(seed: UInt64) throws {
    var history = try History(seed: seed)
    for _ in 0..<40 { try history.step() }
    var merged = history.views[0]
    for view in history.views.dropFirst() { merged.merge(view.missing(from: merged.hashes)) }
    let all = Array(merged.records.values)

    var other = history.views[2]
    other.merge(history.views[1].missing(from: []))
    other.merge(history.views[0].missing(from: []))
    #expect(other == merged)

    var oneByOne = MembershipLog(cluster: merged.cluster)
    for record in all.shuffled(using: &history.cluster.random) {
      oneByOne.merge([record])
      oneByOne.merge([record])
    }
    #expect(oneByOne == merged)
    #expect(try MembershipLog(encoded: merged.encoded) == merged)
    check(merged.membership)
  }

  /// What holds in every view, whoever misbehaves.
  private func check(_ view: Membership) {
    #expect(Set(view.members.map(\.slot)).count == view.members.count)
    let keys = view.members.flatMap { $0.keys.map(\.key) }
    #expect(Set(keys).count == keys.count)
    #expect(view.members.map(\.slot) == view.members.map(\.slot).sorted())
    for member in view.members {
      #expect(view.member(member.slot) == member)
      #expect(view.member(holding: member.key) == member)
      #expect(
        view.standing(of: member.key)
          == (member.isActive
            ? .success(member) : .failure(.removed(member.node, member.slot))))
      #expect(view.office(member.office) != nil)
    }
    let ranges = view.issuers.flatMap { $0.delegations.map(\.slots) }
    for (index, range) in ranges.enumerated() {
      #expect(ranges.dropFirst(index + 1).allSatisfy { !$0.overlaps(range) })
    }
    #expect(view.foundingOffice?.code == OfficeID("paris"))
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func whomTheRootRemovesStaysRemovedWhateverComesLater(seed: UInt64) throws {
    var history = try History(seed: seed)
    // Removals by the root are never undone by anything made apart or later.
    var cluster = history.cluster
    let target = try #require(cluster.log.membership.member(Slot(2)))
    for _ in 0..<20 { try history.step() }
    cluster.log = history.views[0]
    let removal = Removal(
      node: target.node, slot: target.slot, key: target.key, seal: 500, heads: [])
    let record = try cluster.sign(.remove(removal), by: cluster.root.key)
    history.views[0].merge([record])
    for _ in 0..<20 {
      try history.step()
      history.views[0].merge(history.views[1].missing(from: []))
      history.views[0].merge(history.views[2].missing(from: []))
      let now = history.views[0].membership
      #expect(now.standing(of: target.key) != .success(target))
      if let member = now.member(target.slot) { #expect(!member.isActive) }
    }
  }
}
