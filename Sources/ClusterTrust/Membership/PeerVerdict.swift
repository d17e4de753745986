// Handshakes, batches and starts ask the membership log; its answers are values with reasons.

package import ReplicaCore

/// The part of a certificate's name that is not what the membership log says.
package enum NameMismatch: Hashable, Sendable {
  case office(presented: OfficeID, admitted: OfficeID)
  case node(presented: NodeName, admitted: NodeName)
  case slot(presented: Slot, admitted: Slot)
}

/// Why a peer is refused.
package enum PeerRefusal: Error, Hashable, Sendable {
  case certificate(PeerCertificateError)
  case otherCluster(ClusterID)
  /// No record ties the key to a node.
  case unknownKey(KeyHash)
  /// The record that admits the key has no effect.
  case voidAdmission(VoidReason)
  case removed(NodeName, Slot)
  /// The node goes on under a newer key.
  case retiredKey(Slot)
  case nameMismatch(NameMismatch)

  /// A stable word for logs, metrics and the wire.
  package var code: String {
    switch self {
    case .certificate(let error): error.code
    case .otherCluster: "other_cluster"
    case .unknownKey: "unknown_key"
    case .voidAdmission: "void_admission"
    case .removed: "removed"
    case .retiredKey: "retired_key"
    case .nameMismatch: "name_mismatch"
    }
  }

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .certificate(let error): error.message
    case .otherCluster(let cluster):
      "The peer belongs to cluster \(cluster). Check the address that is dialled."
    case .unknownKey(let key):
      "No member has the key \(key.short). If the node is new, it must join with an invite; if its "
        + "admission has not come here yet, it will with the next exchange with another member."
    case .voidAdmission(let reason):
      "The peer's admission has no effect (\(reason.code)). Admit it again on an issuer."
    case .removed(let node, let slot):
      "The node \(node) (slot \(slot)) was removed. It must join again with an empty data directory."
    case .retiredKey(let slot):
      "The node of slot \(slot) has a newer key. It must present the certificate of that key."
    case .nameMismatch(let mismatch): Self.message(mismatch)
    }
  }

  private static func message(_ mismatch: NameMismatch) -> String {
    let (what, presented, admitted) =
      switch mismatch {
      case .office(let presented, let admitted): ("office", "\(presented)", "\(admitted)")
      case .node(let presented, let admitted): ("node", "\(presented)", "\(admitted)")
      case .slot(let presented, let admitted): ("slot", "\(presented)", "\(admitted)")
      }
    return "The certificate names \(what) \(presented), but its key was admitted for \(what) "
      + "\(admitted). Let the node make its certificate anew (restart it)."
  }
}

/// What the log says to a peer's certificate.
package enum PeerVerdict: Hashable, Sendable {
  case admitted(Member)
  case refused(PeerRefusal)

  /// The member, where it was admitted.
  package var member: Member? {
    if case .admitted(let member) = self { member } else { nil }
  }
}

/// What the log says to a signed head.
package enum HeadVerdict: Hashable, Sendable {
  /// Signed under a key that the slot held for this seq.
  case valid
  /// Well signed by a removed node, but past its seal: what lies beyond is void.
  case beyondSeal(UInt64)
  /// Nobody was validly admitted under the slot.
  case unknownSlot
  case badSignature
}

/// Why this node may not serve.
package enum ServeRefusal: Error, Hashable, Sendable {
  /// The founding record is not here.
  case notFounded
  case peer(PeerRefusal)
  /// The key was admitted under another slot than the database's.
  case otherSlot(admitted: Slot)

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .notFounded:
      "There is no membership log here. Found a cluster (helio init) or join one (helio join)."
    case .peer(.removed(let node, let slot)):
      "This node (\(node), slot \(slot)) was removed from the cluster. Its data can be read; to work "
        + "again, join with an empty data directory."
    case .peer(let refusal): refusal.message
    case .otherSlot(let admitted):
      "This node's key was admitted under slot \(admitted), but the database has another. The data "
        + "directory mixes two nodes; restore it from one backup."
    }
  }
}

extension Membership {
  /// The verdict on the leaf certificate (DER) that a peer presented and proved to hold.
  package func verdict(for certificate: [UInt8]) -> PeerVerdict {
    do throws(PeerCertificateError) {
      return verdict(for: try PeerIdentity(certificate: certificate))
    } catch { return .refused(.certificate(error)) }
  }

  /// The verdict on what a certificate states. The key decides; the name must then agree.
  package func verdict(for identity: PeerIdentity) -> PeerVerdict {
    let address = identity.address
    guard address.cluster == cluster else { return .refused(.otherCluster(address.cluster)) }
    let member: Member
    switch standing(of: identity.key) {
    case .success(let found): member = found
    case .failure(let refusal): return .refused(refusal)
    }
    if address.slot != member.slot {
      return .refused(.nameMismatch(.slot(presented: address.slot, admitted: member.slot)))
    }
    if address.office != member.office {
      return .refused(.nameMismatch(.office(presented: address.office, admitted: member.office)))
    }
    if address.node != member.node {
      return .refused(.nameMismatch(.node(presented: address.node, admitted: member.node)))
    }
    return .admitted(member)
  }

  /// Whether a live connection of this key may go on: asked again after every merge of the log.
  package func standing(of key: NodePublicKey) -> Result<Member, PeerRefusal> {
    guard let slot = slotsByKey[key], let member = member(slot) else {
      return .failure(refusedKeys[key].map { .voidAdmission($0) } ?? .unknownKey(key.hash))
    }
    // A removal is of the slot, under whatever key: a concurrent rotation does not escape it.
    if !member.isActive { return .failure(.removed(member.node, slot)) }
    guard let held = member.keys.first(where: { $0.key == key }) else {
      return .failure(.voidAdmission(refusedKeys[key] ?? .unknownNode(slot)))
    }
    return held.lastSeq == nil ? .success(member) : .failure(.retiredKey(slot))
  }

  /// Checks a signed head against the keys that its slot held.
  package func verdict(for head: SignedHead) -> HeadVerdict {
    guard let member = member(head.dot.slot) else { return .unknownSlot }
    let bytes = SignedHead.signedBytes(
      cluster: cluster.rawValue, dot: head.dot, hash: head.hash)
    let signed = member.keys.contains { held in
      (held.lastSeq.map { head.dot.seq <= $0 } ?? true)
        && held.key.verifies(head.signature, over: bytes)
    }
    guard signed else { return .badSignature }
    if case .removed(let seal) = member.state, head.dot.seq > seal { return .beyondSeal(seal) }
    return .valid
  }

  /// Whether the node with this key and this database's slot may serve and write; asked at start and
  /// after every merge of the log.
  package func mayServe(
    key: NodePublicKey, slot: Slot
  ) throws(ServeRefusal) -> Member {
    guard founding != nil else { throw .notFounded }
    switch standing(of: key) {
    case .failure(let refusal): throw .peer(refusal)
    case .success(let member):
      guard member.slot == slot else { throw .otherSlot(admitted: member.slot) }
      return member
    }
  }
}
