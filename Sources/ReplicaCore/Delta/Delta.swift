// A delta is one accepted command: the unit of replication, of the chain and of the audit.

/// How a command came in; shown as `via.channel` of an audit.
package enum Via: UInt8, Hashable, Sendable, Codable {
  case api = 0
  case console = 1
  case cli = 2
  case imported = 3
  case mail = 4
  case rule = 5
  case system = 6
}

/// What a delta says about itself.
package struct DeltaHeader: Hashable, Sendable {
  package var dot: Dot
  package var hlc: HLC
  /// The vector entries of other slots that grew since this replica's previous delta.
  package var contextChange: [Slot: UInt64]
  /// The user who acted; ``RowID/none`` for the node itself.
  package var actor: RowID
  /// The write that gave the actor the role under which they act; nil for the node itself.
  package var authority: Dot?
  package var schemaLevel: UInt16
  package var via: Via
  /// The original time of an imported change, where it differs from the HLC.
  package var occurredAt: Instant?

  package init(
    dot: Dot, hlc: HLC, contextChange: [Slot: UInt64] = [:], actor: RowID = .none,
    authority: Dot? = nil, schemaLevel: UInt16 = 1, via: Via = .api, occurredAt: Instant? = nil
  ) {
    self.dot = dot
    self.hlc = hlc
    self.contextChange = contextChange
    self.actor = actor
    self.authority = authority
    self.schemaLevel = schemaLevel
    self.via = via
    self.occurredAt = occurredAt
  }

  /// The time to show for the change: the original one where it was imported.
  package var shownAt: Instant { occurredAt ?? hlc.instant }
}

/// One accepted command.
package struct Delta: Hashable, Sendable {
  package var header: DeltaHeader
  package var changes: [RowChange]

  package init(_ header: DeltaHeader, _ changes: [RowChange]) {
    self.header = header
    self.changes = changes
  }

  package var dot: Dot { header.dot }
}

/// A delta in its byte form: `body` is what the chain hashes, `personal` lies beside it.
package struct EncodedDelta: Hashable, Sendable {
  package var dot: Dot
  package var body: [UInt8]
  package var personal: [UInt8]

  package init(dot: Dot, body: [UInt8], personal: [UInt8]) {
    self.dot = dot
    self.body = body
    self.personal = personal
  }

  package var byteCount: Int { body.count + personal.count }

  /// The next link: h_n = H(h_{n-1} ‖ body), where body holds commitments for personal values.
  package func link(after previous: Digest) -> Digest { .sha256(previous.bytes, body) }
}

/// A signed statement by a replica: "my delta `seq` has chain hash `hash`".
package struct SignedHead: Hashable, Sendable {
  package var dot: Dot
  package var hash: Digest
  /// ECDSA P-256 over ``signedBytes(cluster:)`` with SHA-256, raw r ‖ s, 64 bytes.
  package var signature: [UInt8]

  package init(dot: Dot, hash: Digest, signature: [UInt8]) {
    self.dot = dot
    self.hash = hash
    self.signature = signature
  }

  /// The bytes that are signed: a domain tag, the cluster's id, slot, seq and hash.
  package static func signedBytes(cluster: String, dot: Dot, hash: Digest) -> [UInt8] {
    var writer = ByteWriter()
    writer.text("heliotrope-head-1")
    writer.text(cluster)
    writer.varint(UInt64(dot.slot.rawValue))
    writer.varint(dot.seq)
    writer.raw(hash.bytes)
    return writer.bytes
  }
}
