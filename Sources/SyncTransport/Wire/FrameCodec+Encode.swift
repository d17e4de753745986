// From the core's messages to their wire form.

internal import FoundationEssentials
internal import ReplicaCore
internal import SwiftProtobuf

extension FrameCodec {
  static func body(of message: SyncMessage) throws(WireError) -> WireFrameV1.OneOf_Body {
    switch message {
    case .hello(let hello): .hello(wire(hello))
    case .members(let records): .members(wire(members: records))
    case .summary(let digest, let fingerprint):
      .summary(
        .with {
          $0.digest = digest
          $0.fingerprint = fingerprint
        })
    case .want(let headed, let credit): .want(wire(headed, credit: credit))
    case .batch(let batch): .batch(try wire(batch))
    case .ack(let vector, let credit):
      .ack(
        .with {
          $0.vector = wire(vector)
          $0.credit = credit
        })
    case .bucketsRequest: .bucketsRequest(WireBucketsRequest())
    case .buckets(let vector, let sums):
      .buckets(
        .with {
          $0.vector = wire(vector)
          $0.sums = wire(sums: sums)
        })
    case .snapshotRequest(let id, let offset):
      .snapshotRequest(
        .with {
          if let id { $0.id = id }
          $0.offset = offset
        })
    case .snapshotChunk(let id, let offset, let total, let hash, let bytes):
      .snapshotChunk(
        .with {
          $0.id = id
          $0.offset = offset
          $0.total = total
          $0.hash = Data(hash.bytes)
          $0.bytes = Data(bytes)
        })
    case .snapshotRefused(let reason): .snapshotRefused(.with { $0.reason = reason })
    case .presence(let marks): .presence(wire(presence: marks))
    case .bye(let reason, let text):
      .bye(
        .with {
          $0.reason = UInt32(reason.rawValue)
          $0.text = text
        })
    }
  }

  private static func wire(_ hello: Hello) -> WireHello {
    .with {
      $0.cluster = hello.cluster
      $0.slot = hello.slot.rawValue
      $0.protocolVersion = hello.protocolVersion
      $0.schemaLevel = UInt32(hello.schemaLevel)
      $0.clock = hello.clock.milliseconds
      $0.drillOffset = hello.drillOffset
      $0.membership = Data(hello.membership.bytes)
    }
  }

  private static func wire(members records: [[UInt8]]) -> WireMembers {
    .with {
      $0.sizes = records.map { UInt32($0.count) }
      $0.records = concatenated(records)
    }
  }

  private static func wire(_ vector: VersionVector) -> WireVector {
    let sorted = vector.sorted
    return .with {
      $0.slots = sorted.map(\.slot.rawValue)
      $0.seqs = sorted.map(\.seq)
    }
  }

  private static func wire(_ headed: HeadedVector, credit: UInt64) -> WireWant {
    .with {
      $0.vector = wire(headed.vector)
      $0.hashes = concatenated(headed.vector.slots.map { (headed.hashes[$0] ?? .zero).bytes })
      $0.credit = credit
    }
  }

  private static func wire(presence marks: [PresenceMark]) -> WirePresence {
    .with {
      $0.users = marks.map { UInt64(clamping: $0.user.rawValue) }
      $0.tickets = marks.map { UInt64(clamping: $0.ticket.rawValue) }
      $0.activities = marks.map { $0.isEditing ? 1 : 0 }
      $0.ages = marks.map { UInt32(clamping: $0.age) }
    }
  }

  private static func wire(sums: [Fingerprint.Sum]) -> Data {
    var data = Data(capacity: 16 * sums.count)
    for sum in sums {
      for word in [sum.high, sum.low] {
        withUnsafeBytes(of: word.bigEndian) { data.append(contentsOf: $0) }
      }
    }
    return data
  }

  /// Piece by piece, since a lazily joined sequence is copied byte by byte.
  private static func concatenated(_ pieces: [[UInt8]]) -> Data {
    var data = Data(capacity: pieces.reduce(0) { $0 + $1.count })
    for piece in pieces { data.append(contentsOf: piece) }
    return data
  }

  /// Compressed from 512 bytes on, where that makes it smaller.
  private static func wire(_ batch: DeltaBatch) throws(WireError) -> WireBatch {
    guard batch.deltas.count <= LinkLimits.batchDeltas else {
      throw .tooMany(what: "deltas", count: batch.deltas.count, limit: LinkLimits.batchDeltas)
    }
    for delta in batch.deltas where delta.byteCount > Limits.deltaBytes {
      throw .deltaTooLarge(bytes: delta.byteCount, limit: Limits.deltaBytes)
    }
    let plain = try serialize(columns(of: batch))
    guard plain.count <= LinkLimits.batchBytes else {
      throw .batchTooLarge(bytes: plain.count, limit: LinkLimits.batchBytes)
    }
    var result = WireBatch()
    result.bodySize = UInt32(plain.count)
    if plain.count >= LinkLimits.compressFrom, let packed = Zlib.deflate(plain) {
      result.body = .zlib(Data(packed))
    } else {
      result.body = .plain(Data(plain))
    }
    return result
  }

  private static func columns(of batch: DeltaBatch) -> WireBatchBody {
    let (deltas, heads) = (batch.deltas, batch.heads)
    return .with {
      $0.slots = deltas.map(\.dot.slot.rawValue)
      $0.seqs = deltas.map(\.dot.seq)
      $0.bodySizes = deltas.map { UInt32($0.body.count) }
      $0.personalSizes = deltas.map { UInt32($0.personal.count) }
      $0.bodies = concatenated(deltas.map(\.body))
      $0.personals = concatenated(deltas.map(\.personal))
      $0.headSlots = heads.map(\.dot.slot.rawValue)
      $0.headSeqs = heads.map(\.dot.seq)
      $0.headHashes = concatenated(heads.map(\.hash.bytes))
      $0.signatureSizes = heads.map { UInt32($0.signature.count) }
      $0.signatures = concatenated(heads.map(\.signature))
    }
  }
}
