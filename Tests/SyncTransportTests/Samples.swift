// One message of each type, with content in every field.

import ReplicaCore
import SyncTransport

/// SplitMix64, so that a failing run can be repeated.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in .random(in: 0...255, using: &self) }
  }
}

enum Samples {
  static let vector = VersionVector([Slot(1): 5, Slot(7): UInt64.max, Slot(9_999): 1])

  static let headed = HeadedVector(
    vector: vector, hashes: [Slot(1): .sha256([1]), Slot(7): .sha256([7])])

  static func batch(deltas: Int, bytes: Int) -> DeltaBatch {
    DeltaBatch(
      deltas: (0..<deltas).map { index in
        EncodedDelta(
          dot: Dot(Slot(3), UInt64(index + 1)),
          body: (0..<bytes).map { UInt8(truncatingIfNeeded: $0 / 7) },
          personal: Array("Zoë 电话 \(index)".utf8))
      },
      heads: [
        SignedHead(
          dot: Dot(Slot(3), UInt64(deltas)), hash: .sha256([3]),
          signature: [UInt8](repeating: 9, count: 64))
      ])
  }

  static func chunk(_ bytes: Int, fill: UInt8 = 5) -> SyncMessage {
    let piece = [UInt8](repeating: fill, count: bytes)
    return .snapshotChunk(id: .max, offset: 1, total: 9, hash: .sha256(piece), bytes: piece)
  }

  static let bulk: [BulkMessage] = [
    .request(
      BlobRange(
        key: BlobKey(hash: .sha256([8]), size: Limits.attachmentBytes),
        offset: Limits.attachmentBytes - 5, length: 5)),
    .chunk(
      hash: .sha256([9]), offset: .max,
      bytes: [UInt8](repeating: 6, count: Limits.bulkChunkBytes)),
    .refused(hash: .zero, .unreadable),
  ]

  static let all: [SyncMessage] = [
    .hello(
      Hello(
        cluster: "héliotrope", slot: Slot(12), protocolVersion: 1, schemaLevel: 65_535,
        clock: Instant(milliseconds: -5), drillOffset: -86_400_000, membership: .sha256([1, 2]))),
    .members([[1, 2, 3], [], [4]]),
    .summary(digest: .max, fingerprint: 0),
    .want(headed, credit: 4 << 20),
    .batch(batch(deltas: 3, bytes: 2_000)),
    .batch(DeltaBatch(deltas: [], heads: [])),
    .ack(vector, credit: .max),
    .bucketsRequest,
    .buckets(
      vector: vector,
      sums: (0..<Fingerprint.bucketCount).map {
        Fingerprint.Sum(high: UInt64($0) << 40, low: .max - UInt64($0))
      }),
    .snapshotRequest(id: nil, offset: 0),
    .snapshotRequest(id: 0, offset: .max),
    chunk(300_000),
    .snapshotRefused(reason: "busy"),
    .presence([]),
    .presence([
      PresenceMark(
        user: RowID(number: 3, slot: Slot(7)), ticket: RowID(number: 9, slot: Slot(1)),
        isEditing: true, age: 4_000),
      PresenceMark(user: RowID(number: 4, slot: Slot(7)), ticket: .none, isEditing: false, age: 0),
    ]),
    .bye(.removed, "key removed by Tokyo"),
  ]
}
