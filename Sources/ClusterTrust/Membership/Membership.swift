// What a set of membership records means: the authority for every handshake and every batch.

package import ReplicaCore

/// A pure function of the set of records; equal sets give equal views on every node.
package struct Membership: Hashable, Sendable {
  package let cluster: ClusterID
  /// Nil until the founding record is here.
  package let founding: Founding?
  /// Nodes by slot, removed ones included.
  package let members: [Member]
  /// Offices in founding order: by seniority of the admitting issuer, then by its chain. No clock
  /// has a say in it. The first is the founding office.
  package let offices: [Office]
  /// By seniority: the order of the root's delegations.
  package let issuers: [Issuer]
  /// Records without effect, by hash; those with a bad signature last.
  package let voids: [VoidRecord]
  /// What else is wrong.
  package let anomalies: [MembershipAnomaly]

  /// For any key that a well-signed record ties to a slot: that slot. Keys of void rotations and
  /// admissions are in it too, so that their refusal can say why.
  let slotsByKey: [NodePublicKey: Slot]
  /// Keys whose admission is void, with the reason.
  let refusedKeys: [NodePublicKey: VoidReason]

  /// Nil where nobody was validly admitted under the slot.
  package func member(_ slot: Slot) -> Member? {
    // Sorted by slot: a binary search.
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if members[middle].slot < slot { low = middle + 1 } else { high = middle }
    }
    guard low < members.count, members[low].slot == slot else { return nil }
    return members[low]
  }

  /// The node that holds or held the key.
  package func member(holding key: NodePublicKey) -> Member? {
    slotsByKey[key].flatMap { member($0) }.flatMap { member in
      member.keys.contains { $0.key == key } ? member : nil
    }
  }

  /// Nodes that are authorised, by slot.
  package var active: [Member] { members.filter(\.isActive) }
  /// Active nodes of this name; more than one only where two issuers gave it apart.
  package func active(named name: NodeName) -> [Member] {
    members.filter { $0.isActive && $0.node == name }
  }
  /// Nil where no admission brought the office.
  package func office(_ code: OfficeID) -> Office? { offices.first { $0.code == code } }
  /// The office of last resort; nil before the first admission.
  package var foundingOffice: Office? { offices.first }
  /// The issuer that signs with this key now.
  package func issuer(_ key: NodePublicKey) -> Issuer? { issuers.first { $0.key == key } }
  /// Whether roster time may be moved in this cluster.
  package var isDrill: Bool { founding?.drill ?? false }
}
