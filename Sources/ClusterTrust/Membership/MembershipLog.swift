// The grow-only set of signed records that every node of a cluster holds and exchanges.

package import ReplicaCore

/// What a merge brought.
package struct MembershipMerge: Hashable, Sendable {
  /// Records that are new here, by hash.
  package var added: [Digest] = []
  /// Hashes of records whose signature is bad: who sent them relays forgeries.
  package var forged: [Digest] = []
  /// Records not taken because the log is full (``TrustLimits/records``).
  package var overLimit = 0
}

/// A set of records merged by union; what they mean is ``membership``, a pure function of the set.
package struct MembershipLog: Hashable, Sendable {
  package let cluster: ClusterID
  /// Well-signed records by hash, effective or void.
  package private(set) var records: [Digest: MembershipRecord]
  /// Evidence: records whose signature is bad. Not part of the set, not exchanged.
  package private(set) var forged: [MembershipRecord]
  /// What the set means; kept up to date by every merge.
  package private(set) var membership: Membership
  /// SHA-256 over the sorted hashes: equal digests mean equal sets (HELLO).
  package private(set) var digest: Digest

  private static let magic = "heliotrope-members-1"

  /// The empty log of a cluster, as a joiner has it.
  package init(cluster: ClusterID) {
    self.cluster = cluster
    records = [:]
    forged = []
    membership = Membership(cluster: cluster, records: [:])
    digest = Self.digest(of: [])
  }

  /// Hashes of the set, sorted.
  package var hashes: [Digest] { Self.sorted(records.keys) }

  /// What this log has and `theirs` lacks, every issuer's records in the order of its chain.
  package func missing(from theirs: some Sequence<Digest>) -> [MembershipRecord] {
    let known = Set(theirs)
    let chains = ChainPlacement(records)
    let gaps = chains.gaps.sorted { Self.precedes($0.hash, $1.hash) }
    return (chains.placed.map(\.record) + gaps).filter { !known.contains($0.hash) }
  }

  /// Adds what is well signed and new. Order and repetition make no difference.
  @discardableResult
  package mutating func merge(_ others: some Sequence<MembershipRecord>) -> MembershipMerge {
    var report = MembershipMerge()
    for record in others where records[record.hash] == nil {
      guard record.isSigned(in: cluster) else {
        report.forged.append(record.hash)
        keepEvidence(record)
        continue
      }
      guard records.count < TrustLimits.records else {
        report.overLimit += 1
        continue
      }
      records[record.hash] = record
      report.added.append(record.hash)
    }
    if !report.added.isEmpty || !report.forged.isEmpty {
      membership = Membership(cluster: cluster, records: records, forged: forged)
      digest = Self.digest(of: hashes)
    }
    return report
  }

  /// Whether and why a record of this log has no effect; nil for one that counts.
  package func voidReason(of hash: Digest) -> VoidReason? {
    membership.voids.first { $0.record.hash == hash && $0.reason != .badSignature }?.reason
  }

  /// The end of a key's chain: its deepest record, the smaller hash where it forked.
  package func head(of issuer: NodePublicKey) -> Digest {
    let own = ChainPlacement(records.filter { $0.value.issuer == issuer }).placed
    guard let depth = own.last?.depth else { return .zero }
    return own.first { $0.depth == depth }?.record.hash ?? .zero
  }

  /// The ends of what counts in the key's chain; more than one only where it forked. It stops before
  /// the first record beyond a seal, so that a growing seal never makes such a record count.
  func tips(of issuer: NodePublicKey) -> [Digest] {
    let cut = Set(membership.voids.filter { $0.reason == .beyondSeal }.map(\.record.hash))
    let own = records.values.filter { $0.issuer == issuer && !cut.contains($0.hash) }
    let next = Dictionary(grouping: own, by: \.previous)
    var tips: [Digest] = []
    var reached = next[.zero, default: []].map(\.hash)
    while let hash = reached.popLast() {
      let after = next[hash, default: []].map(\.hash)
      if after.isEmpty { tips.append(hash) } else { reached += after }
    }
    return Self.sorted(tips)
  }

  /// The whole log in canonical bytes, for storage and for a joiner.
  package var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.text(Self.magic)
    writer.text(cluster.rawValue)
    writer.varint(UInt64(records.count))
    for hash in hashes { if let record = records[hash] { writer.blob(record.encoded) } }
    return writer.bytes
  }

  /// Reads what ``encoded`` wrote. Every signature is checked again; one that is bad is an error
  /// here, because nothing forged was ever written.
  package init(encoded: [UInt8]) throws(CodecError) {
    var reader = ByteReader(encoded)
    guard try reader.text() == Self.magic else { throw .nonCanonical("not a membership log") }
    self.init(cluster: try reader.cluster())
    let count = try reader.count()
    guard count <= TrustLimits.records else { throw .countOverLimit(UInt64(count)) }
    var read: [MembershipRecord] = []
    for _ in 0..<count { read.append(try MembershipRecord(encoded: try reader.blob())) }
    try reader.finish()
    guard read.map(\.hash) == Self.sorted(Set(read.map(\.hash))) else {
      throw .nonCanonical("records unsorted")
    }
    guard merge(read).forged.isEmpty else { throw .nonCanonical("a record's signature is bad") }
  }

  private mutating func keepEvidence(_ record: MembershipRecord) {
    guard forged.count < TrustLimits.forgedRecords, !forged.contains(record) else { return }
    forged.append(record)
  }

  private static func digest(of hashes: [Digest]) -> Digest {
    .sha256(Array("heliotrope-members-1".utf8), hashes.flatMap(\.bytes))
  }

  private static func sorted(_ hashes: some Sequence<Digest>) -> [Digest] {
    hashes.sorted { precedes($0, $1) }
  }

  private static func precedes(_ left: Digest, _ right: Digest) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
