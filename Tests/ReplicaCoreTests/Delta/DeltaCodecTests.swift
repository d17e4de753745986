// The byte form of deltas: exact round trips, and no input that traps.

import ReplicaCore
import Testing

struct DeltaCodecTests {
  private static let sample = Delta(
    DeltaHeader(
      dot: Dot(Slot(3), 7), hlc: HLC(milliseconds: 1_800_000_000_000, counter: 2),
      contextChange: [Slot(1): 9, Slot(2): 4], actor: RowID(10_003),
      authority: Dot(Slot(1), 2), via: .imported, occurredAt: Instant(seconds: 1_456_000_000)),
    [
      RowChange(
        RowRef(EntityCode(6), RowID(20_003)), byOwner: true,
        [
          CellAction(
            CellKey(1),
            .write(
              .personal(.text("le téléphone chauffe"), salt: [UInt8](repeating: 9, count: 16)),
              replaces: [Dot(Slot(1), 4)], unread: [Dot(Slot(2), 1)]), fence: 1_800_000_000),
          CellAction(CellKey(12), .add(.text("vip"), replaces: [])),
          CellAction(CellKey(12), .remove(.text("old"), seen: [Dot(Slot(1), 1)])),
          CellAction(CellKey(15, key: 40_001), .write(.plain(.null), replaces: [], unread: [])),
        ]),
      RowChange(RowRef(EntityCode(6), RowID(30_003)), []),
    ])

  @Test("a delta comes back exactly")
  func roundTrip() throws {
    let encoded = DeltaCodec.encode(Self.sample)
    #expect(try DeltaCodec.decode(encoded) == Self.sample)
    #expect(try DeltaCodec.decodeHeader(body: encoded.body) == Self.sample.header)
  }

  @Test("dropping a personal value leaves the body, hence the chain, as it was")
  func erasureKeepsTheChain() throws {
    let encoded = DeltaCodec.encode(Self.sample)
    var erased = encoded
    erased.personal = [0]
    let delta = try DeltaCodec.decode(erased)
    guard case .write(.withheld, _, _) = delta.changes[0].actions[0].kind else {
      Issue.record("expected a withheld value")
      return
    }
    #expect(DeltaCodec.encode(delta).body == encoded.body)
    #expect(erased.link(after: .zero) == encoded.link(after: .zero))
  }

  @Test("a personal value that is not the one committed to is refused")
  func tamperedPersonalValue() {
    var encoded = DeltaCodec.encode(Self.sample)
    encoded.personal[encoded.personal.count - 1] ^= 1
    #expect(throws: CodecError.self) { try DeltaCodec.decode(encoded) }
  }

  @Test("no cut or flipped byte traps; each gives a delta or a typed error", arguments: 0..<64)
  func garbage(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let encoded = DeltaCodec.encode(Self.sample)
    for _ in 0..<200 {
      var body = encoded.body
      if Bool.random(using: &random) {
        body.removeLast(Int.random(in: 0..<body.count, using: &random))
      }
      if let index = body.indices.randomElement(using: &random) {
        body[index] = UInt8.random(in: 0...255, using: &random)
      }
      do throws(CodecError) {
        let delta = try DeltaCodec.decode(body: body, personal: encoded.personal)
        #expect(DeltaCodec.encode(delta).body == body)
      } catch {
        // A typed error is the expected answer.
      }
    }
  }
}
