// Packing is exact: whatever the merge can make of a row comes back as it was.

import ReplicaCore
import Testing

/// A small generator with a seed, so that a failure can be run again.
private struct Dice {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func roll(_ sides: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(sides))
  }
}

private let entity = EntitySpec(
  EntityCode(6), "thing",
  [
    ColumnSpec(1, "name", personal: true), ColumnSpec(2, "count", .register, .integer),
    ColumnSpec(3, "raw", .register, .blob), ColumnSpec(4, "tags", .set),
    ColumnSpec(5, "fields", .map), ColumnSpec(70, "far"), ColumnSpec(71, "far_tags", .set),
  ])

private func value(_ dice: inout Dice) -> Value {
  switch dice.roll(8) {
  case 0: .null
  case 1: .integer(Int64(dice.roll(1_000)) - 500)
  case 2: .integer(dice.roll(2) == 0 ? .min : .max)
  case 3: .text("téléphone \"chauffe\" \\ 电话 \u{1}\n")
  case 4: .text("a\u{0}b")
  case 5: .bytes([0, 1, 255])
  default: .text("v\(dice.roll(20))")
  }
}

/// A state made as the merge makes them: by applying actions of random deltas.
private func state(_ seed: UInt64) -> RowState {
  var dice = Dice(seed)
  var state = RowState()
  var seqs: [UInt32: UInt64] = [:]
  for _ in 0..<(1 + dice.roll(6)) {
    let slot = UInt32(1 + dice.roll(3))
    seqs[slot, default: 0] += 1
    let header = DeltaHeader(
      dot: Dot(Slot(slot), seqs[slot] ?? 1),
      hlc: HLC(
        milliseconds: 1_790_000_000_000 + UInt64(dice.roll(9_999_999)),
        counter: UInt16(dice.roll(3))))
    for _ in 0..<(1 + dice.roll(5)) {
      let code: UInt16 = [1, 2, 3, 4, 5, 5, 70, 71, 99][dice.roll(9)]
      let key = code == 5 || dice.roll(20) == 0 ? Int64(dice.roll(4)) : 0
      let cell = CellKey(code, key: key)
      let isSet = dice.roll(15) == 0 ? code != 4 : code == 4 || code == 71
      let content = value(&dice)
      let seen = state.cells[cell]?.register?.live.map(\.stamp.dot) ?? []
      let kind: CellAction.Kind =
        if isSet {
          dice.roll(4) == 0
            ? .remove(content, seen: state.cells[cell]?.set?.dots(of: content) ?? [])
            : .add(content, replaces: [])
        } else if dice.roll(12) == 0 {
          .write(.withheld(.zero), replaces: seen, unread: [])
        } else {
          .write(
            .plain(content), replaces: dice.roll(2) == 0 ? seen : [],
            unread: dice.roll(5) == 0 ? seen : [])
        }
      let fence = dice.roll(2) == 0 ? 0 : UInt64(1_790_000_000 + dice.roll(99))
      state.apply(
        CellAction(cell, kind, fence: fence), byOwner: dice.roll(2) == 0, header: header)
    }
  }
  return state
}

@Suite struct RowPackingTests {
  private let packing = RowPacking(entity)

  @Test func whatTheMergeMakesComesBackExactly() throws {
    for seed in 1...2_000 as ClosedRange<UInt64> {
      let before = state(seed)
      let packed = packing.pack(before)
      let after = try packing.unpack(values: packed.values, meta: packed.meta)
      #expect(after == before, "seed \(seed)")
      #expect(packing.pack(after) == packed, "seed \(seed)")
    }
  }

  @Test func valuesAreOfTheirColumnsKind() {
    for seed in 1...500 as ClosedRange<UInt64> {
      for (value, column) in zip(packing.pack(state(seed)).values, entity.columns) {
        switch value {
        case .null: break
        case .integer: #expect(column.storage == .integer)
        case .text: #expect(column.storage == .text)
        case .bytes: #expect(column.storage == .blob)
        }
      }
    }
  }

  @Test func aRowOfOneDeltaCostsFewBytes() {
    var state = RowState()
    let header = DeltaHeader(
      dot: Dot(Slot(3), 12_345), hlc: HLC(milliseconds: 1_790_000_000_000, counter: 0))
    state.apply(
      RowChange(
        RowRef(entity.code, RowID(number: 9, slot: Slot(3))), byOwner: true,
        [
          CellAction(
            CellKey(1), .write(.plain(.text("x")), replaces: [], unread: []),
            fence: 1_789_990_000),
          CellAction(
            CellKey(2), .write(.plain(.integer(7)), replaces: [], unread: []),
            fence: 1_789_990_000),
          CellAction(CellKey(4), .add(.text("vip"), replaces: [])),
          CellAction(
            CellKey(5, key: 40_003), .write(.plain(.text("y")), replaces: [], unread: []),
            fence: 1_789_990_000),
        ]), header: header)
    let packed = packing.pack(state)
    #expect(packed.meta.count <= 20, "\(packed.meta.count) bytes")
    #expect(packed.values[3] == .text(#"["vip"]"#))
    #expect(packed.values[4] == .text(#"{"40003":"y"}"#))
  }

  @Test func columnsOfANewerSchemaMoveIntoTheirPlace() throws {
    let before = state(77)
    let older = RowPacking(EntitySpec(entity.code, "thing", Array(entity.columns.prefix(2))))
    let packed = older.pack(before)
    let widened = packed.values + [Value](repeating: .null, count: entity.columns.count - 2)
    let after = try packing.unpack(values: widened, meta: packed.meta)
    #expect(after == before)
    #expect(packing.pack(after) == packing.pack(before))
  }

  @Test func damagedMetaIsAnErrorNeverATrap() {
    for seed in 1...60 as ClosedRange<UInt64> {
      let packed = packing.pack(state(seed))
      for cut in 0..<packed.meta.count {
        #expect(throws: CodecError.self) {
          _ = try packing.unpack(values: packed.values, meta: Array(packed.meta.prefix(cut)))
        }
      }
      var dice = Dice(seed)
      for _ in 0..<20 {
        var meta = packed.meta
        meta[dice.roll(meta.count)] ^= UInt8(1 + dice.roll(255))
        _ = try? packing.unpack(values: packed.values, meta: meta)
      }
    }
  }
}
