// From a set of records to its meaning, whatever order they came in.

internal import ReplicaCore

extension Membership {
  /// Evaluates well-signed records; `forged` are shown among the voids and count for nothing.
  init(
    cluster: ClusterID, records: [Digest: MembershipRecord], forged: [MembershipRecord] = []
  ) {
    let chains = ChainPlacement(records)
    var voids: [Digest: VoidReason] = [:]
    for record in chains.gaps { voids[record.hash] = .gap }
    guard let (record, founding) = Self.founding(chains.placed, cluster: cluster) else {
      for entry in chains.placed {
        if case .found = entry.record.action {
          voids[entry.record.hash] = .foreignFounding
        } else {
          voids[entry.record.hash] = .gap
        }
      }
      self.init(
        cluster: cluster, founding: nil, members: [], offices: [], issuers: [],
        voids: Self.list(voids, records, forged), anomalies: chains.forks, slotsByKey: [:],
        refusedKeys: [:])
      return
    }
    let root = founding.rootKey
    let tentative = Settlement(chains.placed, founding: record, rootKey: root) { _ in true }
    let removals = RemovalSettlement(
      chains.placed, tentative: tentative, rootKey: root, records: records)
    let settled = Settlement(chains.placed, founding: record, rootKey: root) {
      removals.admits($0)
    }
    voids.merge(removals.voids) { first, _ in first }
    voids.merge(settled.voids) { first, _ in first }

    let members = Self.members(settled, removals)
    let offices = Self.offices(tentative, settled, members)
    var slotsByKey = settled.slots
    for (key, ties) in tentative.ties where slotsByKey[key] == nil {
      slotsByKey[key] = ties.keys.min()
    }
    self.init(
      cluster: cluster, founding: founding, members: members, offices: offices,
      issuers: Self.issuers(settled, removals), voids: Self.list(voids, records, forged),
      anomalies: chains.forks + Self.anomalies(settled, members, offices),
      slotsByKey: slotsByKey, refusedKeys: Self.refusedKeys(voids, records))
  }

  private static func founding(
    _ placed: [PlacedRecord], cluster: ClusterID
  ) -> (MembershipRecord, Founding)? {
    // Ordered by hash within a depth: two that found this cluster are told apart alike everywhere.
    for entry in placed {
      if case .found(let founding) = entry.record.action, entry.depth == 0,
        entry.record.issuer == founding.rootKey, founding.cluster == cluster
      {
        return (entry.record, founding)
      }
    }
    return nil
  }

  private static func members(
    _ settled: Settlement, _ removals: RemovalSettlement
  ) -> [Member] {
    settled.admissions.map { entry in
      let admission = entry.admission
      let keys = settled.heldKeys(from: admission.key, slot: admission.slot)
      let seal = removals.seal(admission.slot)
      return Member(
        node: admission.node, office: admission.place.office, slot: admission.slot, keys: keys,
        key: keys.last?.key ?? admission.key, state: seal.map { .removed(seal: $0) } ?? .active,
        admittedBy: entry.record.issuer.hash, admittedAt: entry.record.issuedAt,
        removedAt: removals.removedAt(admission.slot), admission: entry.record.hash)
    }.sorted { $0.slot < $1.slot }
  }

  /// An office stays known for good, even if what removed its issuer voids its admissions: a ticket
  /// may have its home there. What is said of it is taken from an admission that counts, if any does.
  private static func offices(
    _ tentative: Settlement, _ settled: Settlement, _ members: [Member]
  ) -> [Office] {
    let awake = Set(members.filter(\.isActive).map(\.office))
    var described: [OfficeID: OfficePlace] = [:]
    for place in (settled.admissions + tentative.admissions).map(\.admission.place)
    where described[place.office] == nil {
      described[place.office] = place
    }
    var seen: Set<OfficeID> = []
    return tentative.admissions.map(\.admission.place.office).filter { seen.insert($0).inserted }
      .compactMap { code in
        described[code].map { Office(place: $0, isActive: awake.contains(code)) }
      }
  }

  private static func issuers(
    _ settled: Settlement, _ removals: RemovalSettlement
  ) -> [Issuer] {
    settled.issuers.map { key, delegations in
      let slot = settled.slots[key]
      return Issuer(
        key: key, delegations: delegations, slot: slot,
        isActive: slot.flatMap { removals.seal($0) } == nil)
    }
  }

  private static func anomalies(
    _ settled: Settlement, _ members: [Member], _ offices: [Office]
  ) -> [MembershipAnomaly] {
    let places = Dictionary(
      offices.map { ($0.code, $0.place) }, uniquingKeysWith: { first, _ in first })
    var result: [MembershipAnomaly] = settled.admissions.compactMap { entry in
      let place = entry.admission.place
      return places[place.office] == place
        ? nil : .officeDisagrees(office: place.office, slot: entry.admission.slot)
    }
    let named = Dictionary(grouping: members.filter(\.isActive), by: \.node)
    for (node, sharing) in named.sorted(by: { $0.key < $1.key }) where sharing.count > 1 {
      result.append(.nameShared(node: node, slots: sharing.map(\.slot)))
    }
    return result
  }

  private static func refusedKeys(
    _ voids: [Digest: VoidReason], _ records: [Digest: MembershipRecord]
  ) -> [NodePublicKey: VoidReason] {
    var result: [NodePublicKey: VoidReason] = [:]
    for (hash, reason) in voids.sorted(by: { precedes($0.key, $1.key) }) {
      switch records[hash]?.action {
      case .admit(let admission): result[admission.key] = result[admission.key] ?? reason
      case .rotate(let rotation): result[rotation.newKey] = result[rotation.newKey] ?? reason
      case .found, .delegate, .remove, .unrecognised, nil: break
      }
    }
    return result
  }

  private static func list(
    _ voids: [Digest: VoidReason], _ records: [Digest: MembershipRecord],
    _ forged: [MembershipRecord]
  ) -> [VoidRecord] {
    voids.sorted { precedes($0.key, $1.key) }.compactMap { hash, reason in
      records[hash].map { VoidRecord(record: $0, reason: reason) }
    } + forged.map { VoidRecord(record: $0, reason: .badSignature) }
  }

  private static func precedes(_ left: Digest, _ right: Digest) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
