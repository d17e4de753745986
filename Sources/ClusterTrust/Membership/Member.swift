// What the membership log says of one node, one office, one issuer.

package import ReplicaCore

/// Whether a node is authorised.
package enum MemberState: Hashable, Sendable {
  case active
  /// Deltas beyond the seal are void.
  case removed(seal: UInt64)
}

/// One key that a slot held.
package struct HeldKey: Hashable, Sendable {
  package let key: NodePublicKey
  /// The last delta that may be signed with it; nil for the current key.
  package let lastSeq: UInt64?
}

/// A node that was validly admitted.
package struct Member: Hashable, Sendable {
  package let node: NodeName
  package let office: OfficeID
  package let slot: Slot
  /// Every key the slot held, oldest first; never empty.
  package let keys: [HeldKey]
  /// The key it uses now.
  package let key: NodePublicKey
  package let state: MemberState
  /// The issuer's key that admitted it.
  package let admittedBy: KeyHash
  package let admittedAt: Instant
  /// When the first removal of it was signed; nil while it is active.
  package let removedAt: Instant?
  /// The record that admitted it.
  package let admission: Digest

  package var isActive: Bool { state == .active }
}

/// An office, as the admission that brought it describes it.
package struct Office: Hashable, Sendable {
  package let place: OfficePlace
  /// Whether a node of it is active.
  package let isActive: Bool

  package var code: OfficeID { place.office }
}

/// A key that may admit nodes.
package struct Issuer: Hashable, Sendable {
  /// The key it signs with now.
  package let key: NodePublicKey
  package let delegations: [Delegation]
  /// The slot of the node that holds the key; nil while that node is not admitted.
  package let slot: Slot?
  /// False once its node was removed.
  package let isActive: Bool

  /// Whether it may admit for, and remove from, the office.
  package func covers(_ office: OfficeID) -> Bool {
    delegations.contains { $0.offices.contains(office) }
  }
}
