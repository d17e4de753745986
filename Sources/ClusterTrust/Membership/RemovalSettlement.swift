// Removals win over everything concurrent, and a removed issuer cannot undo its own removal.

internal import ReplicaCore

/// Which removals count, and what they seal.
///
/// Removals are taken by seniority (root first, then by order of delegation). One that its issuer
/// signed after a strictly more senior issuer removed it, unknown to that remover, is void; a junior's
/// removal never voids a senior's. So two issuers that remove each other end the same way everywhere,
/// and a stolen key is contained by the root or by any more senior issuer. A removal cuts off
/// admissions only for offices that its own issuer covers: nobody voids more than it could remove.
struct RemovalSettlement {
  private struct Seal {
    let rank: Int
    let seq: UInt64
    let known: Set<Digest>
    let at: Instant
    /// What the remover was delegated; nil for the root.
    let authority: [Delegation]?

    func cuts(_ record: MembershipRecord) -> Bool {
      guard let authority, case .admit(let admission) = record.action else { return true }
      return authority.contains { $0.offices.contains(admission.place.office) }
    }
  }

  private(set) var voids: [Digest: VoidReason] = [:]
  private var seals: [Slot: [Seal]] = [:]
  private let ties: [NodePublicKey: [Slot: OfficeID]]
  private let slots: [NodePublicKey: Slot]

  private static let rootRank = -1

  init(
    _ placed: [PlacedRecord], tentative: Settlement, rootKey: NodePublicKey,
    records: [Digest: MembershipRecord]
  ) {
    ties = tentative.ties
    slots = tentative.slots
    var ranked: [(rank: Int, entry: PlacedRecord, removal: Removal)] = []
    for entry in placed {
      guard case .remove(let removal) = entry.record.action else { continue }
      let issuer = entry.record.issuer
      if tentative.isRetired(entry) {
        voids[entry.record.hash] = .retiredKey
      } else if issuer == rootKey {
        ranked.append((Self.rootRank, entry, removal))
      } else if let rank = tentative.rank(issuer) {
        ranked.append((rank, entry, removal))
      } else {
        voids[entry.record.hash] = .notDelegated
      }
    }
    ranked.sort {
      $0.rank == $1.rank ? PlacedRecord.precedes($0.entry, $1.entry) : $0.rank < $1.rank
    }
    for (rank, entry, removal) in ranked {
      let authority = rank == Self.rootRank ? nil : tentative.authority(entry.record.issuer)
      if let reason = refusal(entry.record, removal, rank: rank, authority: authority) {
        voids[entry.record.hash] = reason
        continue
      }
      let known = Self.ancestry(of: removal.heads, in: records)
      seals[removal.slot, default: []].append(
        Seal(
          rank: rank, seq: removal.seal, known: known, at: entry.record.issuedAt,
          authority: authority))
    }
  }

  /// The seal of a removed slot: the greatest of all its removals, so it only grows; else nil.
  func seal(_ slot: Slot) -> UInt64? { seals[slot]?.map(\.seq).max() }

  /// When the first removal of a slot was signed; nil while it is active.
  func removedAt(_ slot: Slot) -> Instant? { seals[slot]?.map(\.at).min() }

  /// Whether the record still counts: its issuer was not removed, or a remover knew of the record.
  func admits(_ record: MembershipRecord) -> Bool { admits(record, seniorTo: nil) }

  private func admits(_ record: MembershipRecord, seniorTo rank: Int?) -> Bool {
    // An admission of somebody else's key is void, and removing it must not touch that node.
    let own = slots[record.issuer].map { [$0] } ?? ties[record.issuer].map { Array($0.keys) } ?? []
    for slot in own {
      let cutting = (seals[slot] ?? []).filter { seal in
        seal.cuts(record) && (rank.map { seal.rank < $0 } ?? true)
      }
      if !cutting.isEmpty, !cutting.contains(where: { $0.known.contains(record.hash) }) {
        return false
      }
    }
    return true
  }

  private func refusal(
    _ record: MembershipRecord, _ removal: Removal, rank: Int, authority: [Delegation]?
  ) -> VoidReason? {
    guard let office = ties[removal.key]?[removal.slot] else { return .unknownNode(removal.slot) }
    if let authority, !authority.contains(where: { $0.offices.contains(office) }) {
      return .officeOutsideDelegation(office)
    }
    return admits(record, seniorTo: rank) ? nil : .beyondSeal
  }

  private static func ancestry(
    of heads: [Digest], in records: [Digest: MembershipRecord]
  ) -> Set<Digest> {
    var known: Set<Digest> = []
    for head in heads {
      var next = head
      while next != .zero, known.insert(next).inserted, let record = records[next] {
        next = record.previous
      }
    }
    return known
  }
}
