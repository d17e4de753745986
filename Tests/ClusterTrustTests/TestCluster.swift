// A small founded cluster, as most tests need one.

import ClusterTrust
import ReplicaCore
import Testing

/// The founding node in Paris, its root key, and what is needed to go on.
struct TestCluster {
  var random: SeededRandom
  var log: MembershipLog
  let root: RootKey
  let founder: NodeKey
  var now = Instant(seconds: 1_790_000_000)

  init(seed: UInt64 = 1) throws {
    random = SeededRandom(seed)
    root = .generate(using: &random)
    founder = .generate(using: &random)
    log = try MembershipLog.found(
      name: "Sunrise Telecom", node: NodeName("paris-1"), place: Self.place("paris"), key: founder,
      root: root, at: now, using: &random)
  }

  static func place(
    _ office: String, zone: String = "Europe/Paris", languages: [String] = ["fr", "en"]
  ) throws -> OfficePlace {
    try OfficePlace(office: OfficeID(office), zone: zone, languages: languages)
  }

  mutating func key() -> NodeKey { .generate(using: &random) }

  /// Admits a new node through the founder.
  mutating func admit(_ node: String, office: String) throws -> (key: NodeKey, member: Member) {
    let key = key()
    let record = try log.admit(
      node: NodeName(node), place: Self.place(office), key: key.publicKey, invite: nil,
      by: founder, at: now)
    let member = try #require(log.membership.members.first { $0.admission == record.hash })
    return (key, member)
  }

  func address(_ node: String, office: String, slot: UInt32) -> NodeAddress {
    NodeAddress(
      cluster: log.cluster, office: OfficeID(office), node: NodeName(node), slot: Slot(slot))
  }

  mutating func certificate(_ key: NodeKey, _ address: NodeAddress) throws -> [UInt8] {
    try NodeCertificate.make(for: key, address: address, using: &random).der
  }

  /// Signs a record without asking whether it will count.
  func sign(
    _ action: MembershipAction, after previous: Digest? = nil, by key: NodeKey
  ) throws -> MembershipRecord {
    try MembershipRecord.sign(
      action, after: previous ?? log.head(of: key.publicKey), at: now, cluster: log.cluster,
      by: key)
  }

  /// Merges a record and says why it is void; nil where it counts.
  mutating func void(
    _ action: MembershipAction, after previous: Digest? = nil, by key: NodeKey
  ) throws -> VoidReason? {
    let record = try sign(action, after: previous, by: key)
    log.merge([record])
    return log.voidReason(of: record.hash)
  }
}
