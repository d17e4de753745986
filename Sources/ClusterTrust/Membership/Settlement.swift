// Delegations, rotations and admissions settled in an order that every node finds alike.

internal import ReplicaCore

/// An admission that counts.
struct SettledAdmission {
  let admission: Admission
  let record: MembershipRecord
}

/// One pass over the records but removals; records outside `admits` count as beyond their seal.
///
/// A node's keys form a *lineage* by its rotations. What is delegated to one key of a lineage is
/// delegated to all, so an issuer that rotates needs no new act of the root.
struct Settlement {
  private(set) var voids: [Digest: VoidReason] = [:]
  /// Accepted delegations by seniority.
  private(set) var delegations: [Delegation] = []
  /// Accepted admissions in founding order.
  private(set) var admissions: [SettledAdmission] = []
  /// The slot of every key of every admitted node.
  private(set) var slots: [NodePublicKey: Slot] = [:]
  /// Every slot and office that a rightful issuer tied to a key, taken slots included.
  private(set) var ties: [NodePublicKey: [Slot: OfficeID]] = [:]

  private struct Step {
    let newKey: NodePublicKey
    let depth: Int
    let lastSeq: UInt64
    let record: Digest
  }

  private let rootKey: NodePublicKey
  private var successors: [NodePublicKey: Step] = [:]
  private var predecessors: [NodePublicKey: NodePublicKey] = [:]
  private var ranks: [NodePublicKey: Int] = [:]
  private var delegationsByOrigin: [NodePublicKey: [Delegation]] = [:]

  init(
    _ placed: [PlacedRecord], founding: MembershipRecord, rootKey: NodePublicKey,
    admits: (MembershipRecord) -> Bool
  ) {
    var sealed: [Digest: VoidReason] = [:]
    var rest: [PlacedRecord] = []
    for entry in placed where entry.record.hash != founding.hash {
      if case .remove = entry.record.action { continue }
      if admits(entry.record) {
        rest.append(entry)
      } else {
        sealed[entry.record.hash] = .beyondSeal
      }
    }
    // A rotation to another node's key shows only once admissions are settled: then settle again
    // without it. Each round leaves out one rotation more, so this ends.
    self.init(rest, rootKey: rootKey, voids: sealed)
    while case let conflicts = misplacedRotations(rest), !conflicts.isEmpty {
      sealed.merge(conflicts) { first, _ in first }
      self.init(rest, rootKey: rootKey, voids: sealed)
    }
  }

  private init(_ entries: [PlacedRecord], rootKey: NodePublicKey, voids: [Digest: VoidReason]) {
    self.rootKey = rootKey
    self.voids = voids
    let standing = entries.filter { voids[$0.record.hash] == nil }
    settleRotations(standing)
    var rest: [PlacedRecord] = []
    for entry in standing where self.voids[entry.record.hash] == nil {
      if isRetired(entry) { void(entry.record, .retiredKey) } else { rest.append(entry) }
    }
    settleDelegations(rest)
    settleAdmissions(rest)
    for entry in rest {
      switch entry.record.action {
      case .found: void(entry.record, .foreignFounding)
      case .unrecognised(let kind, _): void(entry.record, .unrecognised(kind: kind))
      case .delegate, .admit, .rotate, .remove: break
      }
    }
  }

  /// The order of the first delegation to the key's lineage; nil for who is no issuer.
  func rank(_ key: NodePublicKey) -> Int? { ranks[origin(key)] }

  func authority(_ key: NodePublicKey) -> [Delegation] { delegationsByOrigin[origin(key)] ?? [] }

  /// Whether the record comes after its key was rotated away.
  func isRetired(_ entry: PlacedRecord) -> Bool {
    guard let step = successors[entry.record.issuer] else { return false }
    return entry.depth >= step.depth && entry.record.hash != step.record
  }

  /// The key and those that came after it, oldest first, as far as they are `slot`'s.
  func heldKeys(from first: NodePublicKey, slot: Slot) -> [HeldKey] {
    var result: [HeldKey] = []
    var key = first
    while let step = successors[key], slots[step.newKey] == slot {
      result.append(HeldKey(key: key, lastSeq: step.lastSeq))
      key = step.newKey
    }
    result.append(HeldKey(key: key, lastSeq: nil))
    return result
  }

  /// Issuers by seniority: the key they sign with now and what they were delegated.
  var issuers: [(key: NodePublicKey, delegations: [Delegation])] {
    ranks.sorted { $0.value < $1.value }.map { origin, _ in
      (key: lineage(from: origin).last ?? origin, delegations: delegationsByOrigin[origin] ?? [])
    }
  }

  private func origin(_ key: NodePublicKey) -> NodePublicKey {
    var key = key
    while let before = predecessors[key] { key = before }
    return key
  }

  private func lineage(from key: NodePublicKey) -> [NodePublicKey] {
    var keys = [key]
    var last = key
    while let step = successors[last] {
      keys.append(step.newKey)
      last = step.newKey
    }
    return keys
  }

  private mutating func void(_ record: MembershipRecord, _ reason: VoidReason) {
    voids[record.hash] = reason
  }

  /// Whom the root delegated to first.
  private func founder(_ entries: [PlacedRecord]) -> NodePublicKey? {
    for entry in entries where entry.record.issuer == rootKey {
      if case .delegate(let delegation) = entry.record.action { return delegation.issuer }
    }
    return nil
  }

  private mutating func settleRotations(_ entries: [PlacedRecord]) {
    let founder = founder(entries)
    for entry in entries {
      guard case .rotate(let rotation) = entry.record.action else { continue }
      let (old, new) = (rotation.oldKey, rotation.newKey)
      // Its first record admits itself: a rotation beside that one would leave no office at all.
      if old == founder, entry.depth == 0 {
        void(entry.record, .unknownKey(old.hash))
        continue
      }
      guard old == entry.record.issuer, old != rootKey else {
        void(entry.record, .rotationUnproven)
        continue
      }
      guard successors[old] == nil else {
        void(entry.record, .retiredKey)
        continue
      }
      guard new != rootKey, predecessors[new] == nil, !lineage(from: new).contains(old) else {
        void(entry.record, .keyTaken(new.hash))
        continue
      }
      successors[old] = Step(
        newKey: new, depth: entry.depth, lastSeq: rotation.lastSeq, record: entry.record.hash)
      predecessors[new] = old
    }
  }

  private mutating func settleDelegations(_ entries: [PlacedRecord]) {
    for entry in entries {
      guard case .delegate(let delegation) = entry.record.action else { continue }
      guard entry.record.issuer == rootKey else {
        void(entry.record, .notRoot)
        continue
      }
      if let other = delegations.first(where: { $0.slots.overlaps(delegation.slots) }) {
        void(
          entry.record,
          .delegationOverlap(max(other.slots.lowerBound, delegation.slots.lowerBound)))
        continue
      }
      let origin = origin(delegation.issuer)
      if ranks[origin] == nil { ranks[origin] = delegations.count }
      delegations.append(delegation)
      delegationsByOrigin[origin, default: []].append(delegation)
    }
  }

  private mutating func settleAdmissions(_ entries: [PlacedRecord]) {
    var ranked: [Ranked] = []
    for entry in entries {
      guard case .admit(let admission) = entry.record.action else { continue }
      guard let rank = rank(entry.record.issuer) else {
        void(entry.record, .notDelegated)
        continue
      }
      ranked.append((rank, entry, admission))
    }
    ranked.sort { Self.precedes($0, $1) }
    var taken: Set<Slot> = []
    for (_, entry, admission) in ranked {
      if let reason = refusal(admission, by: entry.record.issuer) {
        void(entry.record, reason)
        continue
      }
      for key in lineage(from: admission.key) {
        ties[key, default: [:]][admission.slot] = admission.place.office
      }
      guard slots[admission.key] == nil else {
        void(entry.record, .keyTaken(admission.key.hash))
        continue
      }
      guard taken.insert(admission.slot).inserted else {
        void(entry.record, .slotTaken(admission.slot))
        continue
      }
      admissions.append(SettledAdmission(admission: admission, record: entry.record))
      slots[admission.key] = admission.slot
    }
    // Rotated keys come after all admitted ones: nobody takes a node's key by rotating to it.
    for entry in admissions {
      for key in lineage(from: entry.admission.key).dropFirst() {
        guard slots[key] == nil else { break }
        slots[key] = entry.admission.slot
      }
    }
  }

  private typealias Ranked = (rank: Int, entry: PlacedRecord, admission: Admission)

  /// By seniority of the issuer; its admission of itself first; then along its chain.
  private static func precedes(_ left: Ranked, _ right: Ranked) -> Bool {
    guard left.rank == right.rank else { return left.rank < right.rank }
    let leftItself = left.admission.key == left.entry.record.issuer
    let rightItself = right.admission.key == right.entry.record.issuer
    guard leftItself == rightItself else { return leftItself }
    return PlacedRecord.precedes(left.entry, right.entry)
  }

  private func refusal(_ admission: Admission, by issuer: NodePublicKey) -> VoidReason? {
    if admission.key == rootKey { return .keyTaken(rootKey.hash) }
    let ranges = authority(issuer).filter { $0.slots.contains(admission.slot) }
    guard !ranges.isEmpty else { return .slotOutsideDelegation(admission.slot) }
    guard ranges.contains(where: { $0.offices.contains(admission.place.office) }) else {
      return .officeOutsideDelegation(admission.place.office)
    }
    return nil
  }

  /// Rotations that count so far, of a key that is nobody's or to a key that is another node's.
  private func misplacedRotations(_ entries: [PlacedRecord]) -> [Digest: VoidReason] {
    var result: [Digest: VoidReason] = [:]
    for entry in entries {
      guard case .rotate(let rotation) = entry.record.action, voids[entry.record.hash] == nil else {
        continue
      }
      let (old, new) = (slots[rotation.oldKey], slots[rotation.newKey])
      if old == nil, rank(rotation.oldKey) == nil {
        result[entry.record.hash] = .unknownKey(rotation.oldKey.hash)
      } else if let new, new != old {
        result[entry.record.hash] = .keyTaken(rotation.newKey.hash)
      }
    }
    return result
  }
}
