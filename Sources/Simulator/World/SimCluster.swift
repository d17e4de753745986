// The membership log of a run: the shipped one, founded with keys from the seed.

internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore

/// A cluster of all offices' nodes and the guest's, under the slots 1, 2, … in that order. The first
/// office's node is the issuer. Heads are not signed with these keys: that would cost more than all
/// else, and the trust target has tests of its own.
struct SimCluster {
  private(set) var log: MembershipLog
  let keys: [NodeKey]

  init(_ plan: SeedPlan) throws {
    var random = SeededRandom(plan.seed ^ 0x7057)
    let guests = plan.guest == nil ? [] : [plan.offices[1]]
    let places = try (plan.offices + guests).map {
      try OfficePlace(office: $0.code, zone: $0.zone)
    }
    keys = places.map { _ in .generate(using: &random) }
    log = try .found(
      name: ReplicaSetting.cluster, node: NodeName("node-1"), place: places[0], key: keys[0],
      root: .generate(using: &random), at: plan.start, using: &random)
    for (index, place) in places.enumerated().dropFirst() {
      try log.admit(
        node: NodeName("node-\(index + 1)"), place: place, key: keys[index].publicKey, invite: nil,
        by: keys[0], at: plan.start)
    }
  }
}
