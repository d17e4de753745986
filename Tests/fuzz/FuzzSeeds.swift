// One good input of each kind: where a fuzzer begins.

import HelpdeskDomain
import ReplicaCore
import SyncTransport
import TOMLKit

@testable import AgentAPI
@testable import ClusterTrust
@testable import ReplicaStore

enum FuzzSeeds {
  /// Name and bytes.
  static func of(_ target: FuzzTarget) -> [(String, [UInt8])] {
    switch target {
    case .frame: frames
    case .delta: deltas
    case .token: tokens
    case .roster: rosters
    case .csv: logs
    case .json: bodies
    case .search: queries
    case .request: lines
    }
  }

  /// Whether the product accepts it.
  static func isTaken(_ input: [UInt8], by target: FuzzTarget) -> Bool {
    let text = String(decoding: input, as: UTF8.self)
    return switch target {
    case .frame: (try? FrameCodec.decode(input)) != nil
    case .delta: (try? DeltaCodec.decode(split(input))) != nil
    case .token:
      (try? Invite.parse(
        input.first == 0 ? FuzzTarget.sealed(Array(input.dropFirst())) : text, now: .zero)) != nil
    case .roster: (try? TOMLDecoder().decode(RosterRules.self, from: text)) != nil
    case .csv: input.contains(0x0A)
    case .json: (try? JSONValue.parse(input)) != nil
    case .search: (try? Search.parse(text, me: RowID(10_001), now: .zero)) != nil
    case .request: isTakenLine(text)
    }
  }

  /// Some reader takes it for more than a query string, which almost any text is.
  private static func isTakenLine(_ text: String) -> Bool {
    let isCursor =
      (try? ExportCursor(text, slot: 7, stream: .tickets)) != nil
      || PageCursor.order(of: text) != nil || TicketVersion(wire: text) != nil
      || ConflictID(text) != nil
    let isHeader =
      ByteSpan.asked(text, size: 10) != .whole || Credential(authorization: text) != nil
      || EventRoutes.place(text, slot: 7) != nil
      || ContentKind.declared(text) != ContentKind.unknown
    let isReceiver = (try? WebhookEndpoint(text)) != nil
    return isCursor || isHeader || isReceiver || (try? QueryParameters(text))?.has("page") == true
  }

  // MARK: Wire

  private static let vector = VersionVector([Slot(1): 5, Slot(7): 300, Slot(9_999): 1])

  private static var frames: [(String, [UInt8])] {
    let delta = DeltaCodec.encode(sample)
    let head = SignedHead(
      dot: delta.dot, hash: .sha256([3]), signature: [UInt8](repeating: 9, count: 64))
    let messages: [(String, SyncMessage)] = [
      (
        "hello",
        .hello(
          Hello(
            cluster: "héliotrope", slot: Slot(12), schemaLevel: 1, clock: .zero, drillOffset: -5,
            membership: .sha256([1])))
      ),
      ("members", .members([[1, 2, 3], [], [4]])),
      ("summary", .summary(digest: .max, fingerprint: 0)),
      ("want", .want(HeadedVector(vector: vector, hashes: [Slot(1): .sha256([1])]), credit: 9)),
      ("batch", .batch(DeltaBatch(deltas: [delta], heads: [head]))),
      (
        "batch-packed",
        .batch(DeltaBatch(deltas: Array(repeating: delta, count: 8), heads: [head]))
      ),
      ("ack", .ack(vector, credit: .max)),
      ("buckets-request", .bucketsRequest),
      ("buckets", .buckets(vector: vector, sums: [Fingerprint.Sum(high: 1, low: .max)])),
      ("snapshot-request", .snapshotRequest(id: 7, offset: 1)),
      (
        "snapshot-chunk",
        .snapshotChunk(id: 1, offset: 0, total: 3, hash: .sha256([1, 2, 3]), bytes: [1, 2, 3])
      ),
      ("snapshot-refused", .snapshotRefused(reason: "busy")),
      ("bye", .bye(.removed, "key removed by Tokyo")),
    ]
    return messages.compactMap { name, message in
      (try? FrameCodec.encode(message)).map { (name, $0) }
    }
  }

  private static let sample = Delta(
    DeltaHeader(
      dot: Dot(Slot(3), 17), hlc: HLC(milliseconds: 1_790_000_000_000, counter: 2),
      contextChange: [Slot(1): 4, Slot(3): 16], actor: RowID(10_003), authority: Dot(Slot(1), 2),
      schemaLevel: 1, via: .api, occurredAt: .zero),
    [
      RowChange(
        RowRef(EntityCode(1), RowID(20_003)), byOwner: true,
        [
          CellAction(
            CellKey(1),
            .write(
              .personal(.text("Le téléphone"), salt: Array(0..<UInt8(Content.saltLength))),
              replaces: [Dot(Slot(1), 4)], unread: []), fence: 1_790_000_000_000),
          CellAction(
            CellKey(2, key: -7), .write(.plain(.integer(-9)), replaces: [], unread: []), fence: 0),
          CellAction(CellKey(3), .add(.text("vip"), replaces: []), fence: 0),
          CellAction(CellKey(3), .remove(.bytes([0, 255]), seen: [Dot(Slot(3), 9)]), fence: 0),
          CellAction(
            CellKey(4), .write(.withheld(.sha256([4])), replaces: [], unread: []), fence: 0),
        ])
    ])

  private static var deltas: [(String, [UInt8])] {
    var empty = sample
    empty.changes = []
    var plain = sample
    plain.changes[0].actions.removeFirst()
    return [("full", sample), ("empty", empty), ("plain", plain)].map { name, delta in
      let encoded = DeltaCodec.encode(delta)
      let count = encoded.body.count
      let length = [UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8)]
      return (name, length + encoded.body + encoded.personal)
    }
  }

  private static func split(_ input: [UInt8]) -> EncodedDelta {
    let rest = input.dropFirst(2)
    let length = Int(input[0]) | Int(input[1]) << 8
    return EncodedDelta(
      dot: sample.dot, body: Array(rest.prefix(length)), personal: Array(rest.dropFirst(length)))
  }
}
