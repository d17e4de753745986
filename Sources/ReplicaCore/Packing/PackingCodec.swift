// The bytes of a row's meta: stamps written small, and whole cells.

extension ByteWriter {
  private enum StampBits {
    static let byOwner: UInt8 = 1
    static let fenced: UInt8 = 2
    static let counted: UInt8 = 4
    static let sameSlot: UInt8 = 8
  }

  /// A stamp; `first` is the row's first one, against which later ones are short.
  mutating func packed(_ stamp: Stamp, after first: Stamp?) {
    let base = first == stamp ? nil : first
    let sameSlot = base?.dot.slot == stamp.dot.slot
    byte(
      (stamp.byOwner ? StampBits.byOwner : 0) | (stamp.fence == 0 ? 0 : StampBits.fenced)
        | (stamp.hlc.counter == 0 ? 0 : StampBits.counted)
        | (sameSlot ? StampBits.sameSlot : 0))
    if !sameSlot { varint(UInt64(stamp.dot.slot.rawValue)) }
    varint(stamp.dot.seq)
    let milliseconds = Int64(bitPattern: stamp.hlc.milliseconds)
    signed(milliseconds &- Int64(bitPattern: base?.hlc.milliseconds ?? 0))
    if stamp.hlc.counter != 0 { varint(UInt64(stamp.hlc.counter)) }
    if stamp.fence != 0 { signed(Int64(bitPattern: stamp.fence) &- milliseconds / 1_000) }
  }

  /// One cell with all that is in it.
  mutating func whole(_ cell: CellKey, _ state: CellState) {
    varint(UInt64(cell.column))
    signed(cell.key)
    switch state {
    case .register(let register):
      byte(MergeKind.register.rawValue)
      writes(register.live)
      writes(register.hidden)
    case .set(let set):
      byte(MergeKind.set.rawValue)
      varint(UInt64(set.elements.count))
      for element in set.sorted {
        value(element)
        dots(set.dots(of: element))
      }
    }
  }

  private mutating func writes(_ writes: [Write]) {
    varint(UInt64(writes.count))
    for write in writes {
      stamp(write.stamp)
      byte(write.value == nil ? 0 : 1)
      if let present = write.value { value(present) }
    }
  }
}

extension ByteReader {
  mutating func packedStamp(after first: Stamp?) throws(CodecError) -> Stamp {
    let bits = try byte()
    guard bits & ~15 == 0 else { throw .unknownTag(bits) }
    let slot: Slot
    if bits & 8 != 0 {
      guard let first else { throw .nonCanonical("the first stamp refers to itself") }
      slot = first.dot.slot
    } else {
      let number = try varint()
      guard number <= UInt64(UInt32.max) else { throw .countOverLimit(number) }
      slot = Slot(UInt32(number))
    }
    let seq = try varint()
    let base = Int64(bitPattern: first?.hlc.milliseconds ?? 0)
    let milliseconds = try signed() &+ base
    let counter = bits & 4 == 0 ? 0 : try varint()
    guard counter <= UInt64(UInt16.max) else { throw .countOverLimit(counter) }
    let fence = bits & 2 == 0 ? 0 : UInt64(bitPattern: try signed() &+ milliseconds / 1_000)
    return Stamp(
      dot: Dot(slot, seq),
      hlc: HLC(milliseconds: UInt64(bitPattern: milliseconds), counter: UInt16(counter)),
      fence: fence, byOwner: bits & 1 != 0)
  }

  mutating func wholeCell() throws(CodecError) -> (cell: CellKey, state: CellState) {
    let column = try varint()
    guard column <= UInt64(UInt16.max) else { throw .countOverLimit(column) }
    let cell = CellKey(UInt16(column), key: try signed())
    let tag = try byte()
    switch MergeKind(rawValue: tag) {
    case .register:
      return (cell, .register(RegisterState(live: try writes(), hidden: try writes())))
    case .set:
      var elements: [Value: [Dot]] = [:]
      for _ in 0..<(try count()) {
        let element = try value()
        elements[element] = try dots()
      }
      return (cell, .set(SetState(elements: elements)))
    case nil: throw .unknownTag(tag)
    }
  }

  private mutating func writes() throws(CodecError) -> [Write] {
    var result: [Write] = []
    for _ in 0..<(try count()) {
      let stamp = try wholeStamp()
      result.append(Write(stamp, try flag() ? try value() : nil))
    }
    return result
  }

  private mutating func wholeStamp() throws(CodecError) -> Stamp {
    let dot = try dot()
    let hlc = HLC(rawValue: try varint())
    let fence = try varint()
    return Stamp(dot: dot, hlc: hlc, fence: fence, byOwner: try flag())
  }
}
