// What the root and the issuers sign; every function either adds a record that counts, or throws.

package import ReplicaCore

extension MembershipLog {
  /// The slots that `init` delegates to the founding node; the rest is for later issuers.
  package static let foundingSlots = Slot(1)...Slot(4_999)

  /// Founds a cluster: the founding record, the first issuer's delegation (any office, slots
  /// 1 … 4,999) and the first node's own admission under slot 1.
  package static func found(
    name: String, drill: Bool = false, node: NodeName, place: OfficePlace, key: NodeKey,
    root: RootKey, at now: Instant, using random: inout some RandomNumberGenerator
  ) throws(IssueRefusal) -> MembershipLog {
    guard Founding.isName(name) else { throw .clusterName(name) }
    let founding = Founding(
      name: name, rootKey: root.publicKey, nonce: random.bytes(Founding.nonceByteCount),
      drill: drill)
    var log = MembershipLog(cluster: founding.cluster)
    _ = try log.issue(.found(founding), by: root.key, at: now)
    try log.delegate(
      to: key.publicKey, offices: .any, slots: foundingSlots, root: root, at: now)
    try log.admit(node: node, place: place, key: key.publicKey, invite: nil, by: key, at: now)
    return log
  }

  /// The root makes a key an issuer for offices and a slot range that meets no other's.
  @discardableResult
  package mutating func delegate(
    to issuer: NodePublicKey, offices: DelegatedOffices, slots: ClosedRange<Slot>, root: RootKey,
    at now: Instant
  ) throws(IssueRefusal) -> MembershipRecord {
    let delegation = Delegation(issuer: issuer, offices: offices, slots: slots)
    return try issue(.delegate(delegation), by: root.key, at: now)
  }

  /// Admits a node under the issuer's next free slot.
  @discardableResult
  package mutating func admit(
    node: NodeName, place: OfficePlace, key: NodePublicKey, invite: InviteID?, by issuer: NodeKey,
    at now: Instant
  ) throws(IssueRefusal) -> MembershipRecord {
    try refuse(node: node, key: key)
    let slot = try nextSlot(for: place.office, issuer: issuer.publicKey)
    // A known office keeps the description that it came with.
    let place = membership.office(place.office)?.place ?? place
    let admission = Admission(node: node, place: place, slot: slot, key: key, invite: invite)
    return try issue(.admit(admission), by: issuer, at: now)
  }

  /// A node goes on under a new key. `lastSeq` is its last delta signed with the old one.
  @discardableResult
  package mutating func rotate(
    from old: NodeKey, to new: NodeKey, lastSeq: UInt64, at now: Instant
  ) throws(IssueRefusal) -> MembershipRecord {
    guard membership.slotsByKey[new.publicKey] == nil else { throw .keyUsedBefore(new.hash) }
    var rotation = KeyRotation(
      oldKey: old.publicKey, newKey: new.publicKey, lastSeq: lastSeq, possession: [])
    do throws(KeyError) {
      rotation.possession = try new.sign(rotation.possessionBytes(cluster: cluster))
    } catch { throw .key(error) }
    return try issue(.rotate(rotation), by: old, at: now)
  }

  /// Removes a node for good, or lets the seal of a removed one grow. `seal` is the greatest seq of
  /// the slot that any active member is known to have applied.
  @discardableResult
  package mutating func remove(
    slot: Slot, seal: UInt64, by issuer: NodeKey, at now: Instant
  ) throws(IssueRefusal) -> MembershipRecord {
    guard let member = membership.member(slot) else { throw .noSuchNode(slot) }
    if case .removed(let known) = member.state, known >= seal {
      throw .alreadyRemoved(slot, seal: known)
    }
    let heads = member.keys.flatMap { tips(of: $0.key) }
    let removal = Removal(
      node: member.node, slot: slot, key: member.key, seal: seal,
      heads: Array(heads.prefix(TrustLimits.removalHeads)))
    return try issue(.remove(removal), by: issuer, at: now)
  }

  /// The smallest slot of the issuer's ranges for this office that no admission ever named.
  package func nextSlot(
    for office: OfficeID, issuer key: NodePublicKey
  ) throws(IssueRefusal) -> Slot {
    guard let issuer = membership.issuer(key), issuer.isActive else {
      throw .notAnIssuer(key.hash)
    }
    let ranges = issuer.delegations.filter { $0.offices.contains(office) }.map(\.slots)
    guard !ranges.isEmpty else { throw .officeNotDelegated(office) }
    var used: Set<Slot> = []
    for record in records.values {
      if case .admit(let admission) = record.action { used.insert(admission.slot) }
    }
    for range in ranges {
      for number in range.lowerBound.rawValue...range.upperBound.rawValue
      where !used.contains(Slot(number)) {
        return Slot(number)
      }
    }
    throw .slotsExhausted(ranges)
  }

  /// What forbids a new node this name or this key.
  func refuse(node: NodeName, key: NodePublicKey) throws(IssueRefusal) {
    let used =
      membership.slotsByKey[key] != nil || membership.refusedKeys[key] != nil
      || membership.founding?.rootKey == key
    guard !used else { throw .keyUsedBefore(key.hash) }
    if let other = membership.active(named: node).first { throw .nameTaken(node, other.slot) }
  }

  private mutating func issue(
    _ action: MembershipAction, by key: NodeKey, at now: Instant
  ) throws(IssueRefusal) -> MembershipRecord {
    let record: MembershipRecord
    do throws(KeyError) {
      record = try .sign(
        action, after: head(of: key.publicKey), at: now, cluster: cluster, by: key)
    } catch { throw .key(error) }
    var next = self
    guard next.merge([record]).added == [record.hash] else { throw .logFull }
    if let reason = next.voidReason(of: record.hash) { throw Self.refusal(reason, key: key) }
    self = next
    return record
  }

  private static func refusal(_ reason: VoidReason, key: NodeKey) -> IssueRefusal {
    switch reason {
    case .notDelegated: .notAnIssuer(key.hash)
    case .officeOutsideDelegation(let office): .officeNotDelegated(office)
    default: .void(reason)
    }
  }
}
