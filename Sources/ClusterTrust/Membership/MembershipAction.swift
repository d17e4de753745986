// The five things that a membership record can say.

package import ReplicaCore

/// The first record: it makes the cluster, and its id is derived from it.
package struct Founding: Hashable, Sendable {
  /// What people call the cluster.
  package var name: String
  package var rootKey: NodePublicKey
  /// 128 random bits, so that one root key can found two clusters.
  package var nonce: [UInt8]
  /// Whether roster time may be moved in this cluster (drills); the same on all its nodes for good.
  package var drill: Bool

  package init(name: String, rootKey: NodePublicKey, nonce: [UInt8], drill: Bool) {
    self.name = name
    self.rootKey = rootKey
    self.nonce = nonce
    self.drill = drill
  }

  /// Binds name, root key and drill flag: nobody can found another cluster with this id.
  package var cluster: ClusterID {
    var writer = ByteWriter()
    writer.text("heliotrope-cluster-1")
    writer.text(name)
    writer.raw(rootKey.compressed)
    writer.raw(nonce)
    writer.flag(drill)
    let digest = Digest.sha256(writer.bytes)
    return ClusterID(rawValue: String(digest.description.prefix(ClusterID.digits)))
  }
}

/// The offices that an issuer may admit nodes for.
package enum DelegatedOffices: Hashable, Sendable {
  case any
  case only(Set<OfficeID>)

  package func contains(_ office: OfficeID) -> Bool {
    switch self {
    case .any: true
    case .only(let offices): offices.contains(office)
    }
  }
}

/// The root's grant to an issuer: offices, and a slot range that no other delegation touches.
package struct Delegation: Hashable, Sendable {
  package var issuer: NodePublicKey
  package var offices: DelegatedOffices
  package var slots: ClosedRange<Slot>

  package init(issuer: NodePublicKey, offices: DelegatedOffices, slots: ClosedRange<Slot>) {
    self.issuer = issuer
    self.offices = offices
    self.slots = slots
  }
}

/// An issuer's word that a key is a node, in an office, under a slot that is never given again.
package struct Admission: Hashable, Sendable {
  package var node: NodeName
  package var place: OfficePlace
  package var slot: Slot
  package var key: NodePublicKey
  /// The invite it was admitted by; nil for the founding node.
  package var invite: InviteID?

  package init(
    node: NodeName, place: OfficePlace, slot: Slot, key: NodePublicKey, invite: InviteID? = nil
  ) {
    self.node = node
    self.place = place
    self.slot = slot
    self.key = key
    self.invite = invite
  }
}

/// A node's own word that it goes on under a new key; signed by both.
package struct KeyRotation: Hashable, Sendable {
  package var oldKey: NodePublicKey
  package var newKey: NodePublicKey
  /// The last delta whose head the old key signed; later heads verify under the new key only.
  package var lastSeq: UInt64
  /// The new key's signature over ``possessionBytes(cluster:)``: nobody rotates to a foreign key.
  package var possession: [UInt8]

  package init(
    oldKey: NodePublicKey, newKey: NodePublicKey, lastSeq: UInt64, possession: [UInt8]
  ) {
    self.oldKey = oldKey
    self.newKey = newKey
    self.lastSeq = lastSeq
    self.possession = possession
  }

  /// What the new key signs.
  package func possessionBytes(cluster: ClusterID) -> [UInt8] {
    var writer = ByteWriter()
    writer.text("heliotrope-rotate-1")
    writer.text(cluster.rawValue)
    writer.raw(oldKey.compressed)
    writer.raw(newKey.compressed)
    writer.varint(lastSeq)
    return writer.bytes
  }
}

/// The end of a node: its slot, under whatever key, is authorised for nothing more.
package struct Removal: Hashable, Sendable {
  package var node: NodeName
  package var slot: Slot
  /// A key that the slot held (never a certificate's hash).
  package var key: NodePublicKey
  /// The greatest seq that any active member had applied; deltas beyond it are void.
  package var seal: UInt64
  /// The last membership records of the node that the remover knew; what it issued beyond is void.
  package var heads: [Digest]

  package init(
    node: NodeName, slot: Slot, key: NodePublicKey, seal: UInt64, heads: [Digest]
  ) {
    self.node = node
    self.slot = slot
    self.key = key
    self.seal = seal
    self.heads = heads
  }
}

/// What a record says. A newer version's kind is kept byte-exact and relayed, without effect.
package enum MembershipAction: Hashable, Sendable {
  case found(Founding)
  case delegate(Delegation)
  case admit(Admission)
  case rotate(KeyRotation)
  case remove(Removal)
  case unrecognised(kind: UInt8, payload: [UInt8])
}
