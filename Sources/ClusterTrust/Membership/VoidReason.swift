// A record without effect is kept and shown; this says why it has none.

package import ReplicaCore

/// Why a membership record has no effect, on every node alike.
package enum VoidReason: Error, Hashable, Sendable {
  /// The signature is not the issuer's. Kept on this node as evidence, never relayed.
  case badSignature
  /// A record of this issuer before it is not here yet.
  case gap
  /// It founds another cluster, or founds this one a second time.
  case foreignFounding
  /// Only the root key may do this.
  case notRoot
  /// Its issuer holds no delegation.
  case notDelegated
  /// The delegation's slots meet those of an earlier one.
  case delegationOverlap(Slot)
  /// The issuer may not admit for, or remove from, this office.
  case officeOutsideDelegation(OfficeID)
  /// The slot is not in the issuer's range.
  case slotOutsideDelegation(Slot)
  /// The slot was given before; slots are never given again.
  case slotTaken(Slot)
  /// The key is or was a node's already, or the new key of another rotation.
  case keyTaken(KeyHash)
  /// A rotation that is not signed by its old key, or that retires the root key.
  case rotationUnproven
  /// A rotation of a key that is no node's and no issuer's.
  case unknownKey(KeyHash)
  /// The issuer had rotated this key away.
  case retiredKey
  /// Its issuer was removed, and no remover knew of this record.
  case beyondSeal
  /// No such node, or not under this key.
  case unknownNode(Slot)
  /// A kind of a newer version.
  case unrecognised(kind: UInt8)

  /// Whether an operator must look: everything but what waits for more records or for an upgrade.
  package var isAlarm: Bool {
    switch self {
    case .gap, .unrecognised: false
    default: true
    }
  }

  /// A stable word for logs and scripts.
  package var code: String {
    switch self {
    case .badSignature: "bad_signature"
    case .gap: "gap"
    case .foreignFounding: "foreign_founding"
    case .notRoot: "not_root"
    case .notDelegated: "not_delegated"
    case .delegationOverlap: "delegation_overlap"
    case .officeOutsideDelegation: "office_outside_delegation"
    case .slotOutsideDelegation: "slot_outside_delegation"
    case .slotTaken: "slot_taken"
    case .keyTaken: "key_taken"
    case .rotationUnproven: "rotation_unproven"
    case .unknownKey: "unknown_key"
    case .retiredKey: "retired_key"
    case .beyondSeal: "beyond_seal"
    case .unknownNode: "unknown_node"
    case .unrecognised: "unrecognised"
    }
  }
}

/// A record that is kept without effect.
package struct VoidRecord: Hashable, Sendable {
  package let record: MembershipRecord
  package let reason: VoidReason

  package init(record: MembershipRecord, reason: VoidReason) {
    self.record = record
    self.reason = reason
  }
}

/// Something wrong that voids nothing by itself.
package enum MembershipAnomaly: Hashable, Sendable {
  /// One issuer signed two records after the same one: its key or its database was copied.
  case issuerFork(issuer: KeyHash, after: Digest)
  /// An admission describes a known office otherwise than the one that brought it; the first counts.
  case officeDisagrees(office: OfficeID, slot: Slot)
  /// Two active nodes have one name; name the slot to remove one of them.
  case nameShared(node: NodeName, slots: [Slot])
}
