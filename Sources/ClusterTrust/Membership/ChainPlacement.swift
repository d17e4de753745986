// Every issuer's records form a chain; this finds each record's place in it.

internal import ReplicaCore

/// A record whose predecessors, down to its issuer's first, are all here.
struct PlacedRecord {
  let record: MembershipRecord
  /// 0 for the issuer's first record.
  let depth: Int

  static func precedes(_ left: PlacedRecord, _ right: PlacedRecord) -> Bool {
    left.depth == right.depth
      ? left.record.hash.bytes.lexicographicallyPrecedes(right.record.hash.bytes)
      : left.depth < right.depth
  }
}

/// The chains of a set of records.
struct ChainPlacement {
  /// Ordered by depth, then by hash: the same on every node.
  let placed: [PlacedRecord]
  /// Records that wait for a predecessor.
  let gaps: [MembershipRecord]
  let forks: [MembershipAnomaly]

  private struct Link: Hashable {
    let issuer: NodePublicKey
    let previous: Digest
  }

  init(_ records: [Digest: MembershipRecord]) {
    var children: [Link: [MembershipRecord]] = [:]
    for record in records.values {
      children[Link(issuer: record.issuer, previous: record.previous), default: []].append(record)
    }
    var placed: [PlacedRecord] = []
    placed.reserveCapacity(records.count)
    for (link, first) in children where link.previous == .zero {
      placed += first.map { PlacedRecord(record: $0, depth: 0) }
    }
    var next = 0
    while next < placed.count {
      let parent = placed[next]
      let link = Link(issuer: parent.record.issuer, previous: parent.record.hash)
      for child in children[link] ?? [] {
        placed.append(PlacedRecord(record: child, depth: parent.depth + 1))
      }
      next += 1
    }
    let reached = Set(placed.map(\.record.hash))
    self.placed = placed.sorted(by: PlacedRecord.precedes)
    gaps = records.values.filter { !reached.contains($0.hash) }
    forks =
      children.filter { $0.value.count > 1 }.keys
      .map { (hash: $0.issuer.hash, after: $0.previous) }
      .sorted {
        $0.hash == $1.hash
          ? $0.after.bytes.lexicographicallyPrecedes($1.after.bytes) : $0.hash < $1.hash
      }
      .map { MembershipAnomaly.issuerFork(issuer: $0.hash, after: $0.after) }
  }
}
