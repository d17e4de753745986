// From the wire form to the core's messages; every number is checked before it is used.

internal import FoundationEssentials
internal import ReplicaCore

extension FrameCodec {
  static func message(of body: WireFrameV1.OneOf_Body) throws(WireError) -> SyncMessage {
    switch body {
    case .hello(let wire): .hello(try hello(wire))
    case .members(let wire):
      .members(
        try Columns.cut(
          wire.records.array, sizes: wire.sizes, what: "membership records",
          limit: LinkLimits.memberRecords))
    case .summary(let wire): .summary(digest: wire.digest, fingerprint: wire.fingerprint)
    case .want(let wire): .want(try headed(wire), credit: wire.credit)
    case .batch(let wire): .batch(try batch(wire))
    case .ack(let wire): .ack(try vector(wire.vector), credit: wire.credit)
    case .bucketsRequest: .bucketsRequest
    case .buckets(let wire):
      .buckets(vector: try vector(wire.vector), sums: try sums(wire.sums.array))
    case .snapshotRequest(let wire):
      .snapshotRequest(id: wire.hasID ? wire.id : nil, offset: wire.offset)
    case .snapshotChunk(let wire): try chunk(wire)
    case .snapshotRefused(let wire): .snapshotRefused(reason: wire.reason)
    case .presence(let wire): .presence(try marks(wire))
    case .bye(let wire): try bye(wire)
    }
  }

  private static func marks(_ wire: WirePresence) throws(WireError) -> [PresenceMark] {
    let count = wire.users.count
    try Columns.limit(count, "agents present", LinkLimits.presenceMarks)
    try Columns.equal(wire.tickets.count, count, "tickets and users of PRESENCE")
    try Columns.equal(wire.activities.count, count, "activities and users of PRESENCE")
    try Columns.equal(wire.ages.count, count, "ages and users of PRESENCE")
    return (0..<count).map { index in
      PresenceMark(
        user: RowID(Int64(clamping: wire.users[index])),
        ticket: RowID(Int64(clamping: wire.tickets[index])),
        isEditing: wire.activities[index] == 1, age: Int64(wire.ages[index]))
    }
  }

  private static func hello(_ wire: WireHello) throws(WireError) -> Hello {
    guard let schemaLevel = UInt16(exactly: wire.schemaLevel) else {
      throw .malformed("HELLO has schema level \(wire.schemaLevel), above 65535")
    }
    return Hello(
      cluster: wire.cluster, slot: try Columns.slot(wire.slot),
      protocolVersion: wire.protocolVersion, schemaLevel: schemaLevel,
      clock: Instant(milliseconds: wire.clock), drillOffset: wire.drillOffset,
      membership: try Columns.digest(wire.membership.array, "HELLO's membership"))
  }

  private static func vector(_ wire: WireVector) throws(WireError) -> VersionVector {
    try Columns.equal(wire.slots.count, wire.seqs.count, "slots and seqs of a vector")
    try Columns.limit(wire.slots.count, "vector entries", LinkLimits.vectorEntries)
    var entries: [Slot: UInt64] = [:]
    var previous: UInt32 = 0
    for (number, seq) in zip(wire.slots, wire.seqs) {
      guard number > previous else { throw .malformed("a vector's slots do not ascend") }
      guard seq > 0 else { throw .malformed("a vector has seq 0 for slot \(number)") }
      entries[try Columns.slot(number)] = seq
      previous = number
    }
    return VersionVector(entries)
  }

  private static func headed(_ wire: WireWant) throws(WireError) -> HeadedVector {
    let vector = try vector(wire.vector)
    let digests = try Columns.digests(
      wire.hashes.array, count: wire.vector.slots.count, "WANT's hashes")
    var hashes: [Slot: Digest] = [:]
    for (number, digest) in zip(wire.vector.slots, digests) where digest != .zero {
      hashes[try Columns.slot(number)] = digest
    }
    return HeadedVector(vector: vector, hashes: hashes)
  }

  private static func batch(_ wire: WireBatch) throws(WireError) -> DeltaBatch {
    let size = Int(wire.bodySize)
    guard size <= LinkLimits.batchBytes else {
      throw .batchTooLarge(bytes: size, limit: LinkLimits.batchBytes)
    }
    let plain: [UInt8]
    switch wire.body {
    case .plain(let bytes):
      try Columns.equal(bytes.count, size, "a batch's size and the size it states")
      plain = bytes.array
    case .zlib(let bytes): plain = try Zlib.inflate(bytes.array, size: size)
    case nil: throw .malformed("BATCH has no body in a form that this node reads")
    }
    let columns: WireBatchBody = try parse(plain)
    return DeltaBatch(deltas: try deltas(columns), heads: try heads(columns))
  }

  private static func deltas(_ wire: WireBatchBody) throws(WireError) -> [EncodedDelta] {
    let count = wire.slots.count
    try Columns.limit(count, "deltas", LinkLimits.batchDeltas)
    try Columns.equal(wire.seqs.count, count, "seqs and slots of a batch")
    let bodies = try Columns.cut(
      wire.bodies.array, sizes: wire.bodySizes, what: "deltas", limit: LinkLimits.batchDeltas)
    let personals = try Columns.cut(
      wire.personals.array, sizes: wire.personalSizes, what: "deltas",
      limit: LinkLimits.batchDeltas)
    try Columns.equal(bodies.count, count, "bodies and slots of a batch")
    try Columns.equal(personals.count, count, "personal parts and slots of a batch")
    var result: [EncodedDelta] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      let delta = EncodedDelta(
        dot: Dot(try Columns.slot(wire.slots[index]), wire.seqs[index]),
        body: bodies[index], personal: personals[index])
      guard delta.byteCount <= Limits.deltaBytes else {
        throw .deltaTooLarge(bytes: delta.byteCount, limit: Limits.deltaBytes)
      }
      result.append(delta)
    }
    return result
  }

  private static func heads(_ wire: WireBatchBody) throws(WireError) -> [SignedHead] {
    let count = wire.headSlots.count
    try Columns.limit(count, "heads", LinkLimits.batchDeltas)
    try Columns.equal(wire.headSeqs.count, count, "seqs and slots of heads")
    let hashes = try Columns.digests(wire.headHashes.array, count: count, "hashes of heads")
    let signatures = try Columns.cut(
      wire.signatures.array, sizes: wire.signatureSizes, what: "heads",
      limit: LinkLimits.batchDeltas)
    try Columns.equal(signatures.count, count, "signatures and slots of heads")
    var result: [SignedHead] = []
    for index in 0..<count {
      result.append(
        SignedHead(
          dot: Dot(try Columns.slot(wire.headSlots[index]), wire.headSeqs[index]),
          hash: hashes[index], signature: signatures[index]))
    }
    return result
  }

  private static func sums(_ bytes: [UInt8]) throws(WireError) -> [Fingerprint.Sum] {
    guard bytes.count % 16 == 0 else { throw .malformed("BUCKETS are not 16 bytes each") }
    try Columns.limit(bytes.count / 16, "buckets", Fingerprint.bucketCount)
    return stride(from: 0, to: bytes.count, by: 16).map { start in
      Fingerprint.Sum(
        high: bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) },
        low: bytes[start + 8..<start + 16].reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  private static func chunk(_ wire: WireSnapshotChunk) throws(WireError) -> SyncMessage {
    .snapshotChunk(
      id: wire.id, offset: wire.offset, total: wire.total,
      hash: try Columns.digest(wire.hash.array, "a chunk's hash"), bytes: wire.bytes.array)
  }

  private static func bye(_ wire: WireBye) throws(WireError) -> SyncMessage {
    guard let reason = UInt8(exactly: wire.reason).flatMap(ByeReason.init(rawValue:)) else {
      throw .malformed("BYE has the unknown reason \(wire.reason) (\(wire.text.prefix(200)))")
    }
    return .bye(reason, wire.text)
  }
}
