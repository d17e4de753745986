// The way back from a stored row to the state that the merge rules work on.

extension RowPacking {
  /// Unpacks what ``pack(_:)`` made. `values` are as read from the table, in column order; columns
  /// that the table gained since the row was packed are null.
  package func unpack(values: [Value], meta: [UInt8]) throws(CodecError) -> RowState {
    guard values.count == entity.columns.count else {
      throw .countOverLimit(UInt64(values.count))
    }
    var reader = ByteReader(meta)
    let format = try reader.byte()
    guard format & 0x0F == Self.format else { throw .unknownTag(format) }
    var cells: [CellKey: CellState] = [:]
    cells.reserveCapacity(entity.columns.count)
    let stamps = try stamps(&reader, several: format & Self.hasSeveralStamps != 0)
    if format & Self.hasWholeCells != 0 {
      for _ in 0..<(try reader.count()) {
        let (cell, state) = try reader.wholeCell()
        cells[cell] = state
      }
    }
    for (stamp, mask) in stamps {
      var rest = mask
      while rest != 0 {
        let code = UInt16(rest.trailingZeroBitCount + 1)
        rest &= rest &- 1
        guard let position = positions[code] else { throw .unknownTag(UInt8(code)) }
        try fill(&cells, entity.columns[position], values[position], stamp)
      }
    }
    if format & Self.hasSpreadCells != 0 {
      for _ in 0..<(try reader.count()) {
        try spread(&cells, &reader, values, stamps.map(\.stamp))
      }
    }
    try reader.finish()
    return RowState(cells: cells)
  }

  private func stamps(
    _ reader: inout ByteReader, several: Bool
  ) throws(CodecError) -> [(stamp: Stamp, mask: UInt64)] {
    let count = several ? try reader.count() : 1
    var stamps: [(stamp: Stamp, mask: UInt64)] = []
    for _ in 0..<count {
      let stamp = try reader.packedStamp(after: stamps.first?.stamp)
      stamps.append((stamp, try reader.varint()))
    }
    return stamps
  }

  /// Fills a column whose every write stands under one stamp.
  private func fill(
    _ cells: inout [CellKey: CellState], _ column: ColumnSpec, _ value: Value, _ stamp: Stamp
  ) throws(CodecError) {
    switch column.shape {
    case .register:
      cells[CellKey(column.code)] = .register(RegisterState(live: [Write(stamp, value)]))
    case .set:
      var elements: [Value: [Dot]] = [:]
      for element in try DisplayJSON.array(in: value) { elements[element] = [stamp.dot] }
      cells[CellKey(column.code)] = .set(SetState(elements: elements))
    case .map:
      for (key, value) in try DisplayJSON.object(in: value) {
        let cell = CellKey(column.code, key: key)
        guard cells[cell] == nil else { continue }
        cells[cell] = .register(RegisterState(live: [Write(stamp, value)]))
      }
    }
  }

  /// Fills a set or map whose elements stand under several stamps.
  private func spread(
    _ cells: inout [CellKey: CellState], _ reader: inout ByteReader, _ values: [Value],
    _ stamps: [Stamp]
  ) throws(CodecError) {
    let code = try reader.varint()
    guard code <= UInt64(UInt16.max), let position = positions[UInt16(code)] else {
      throw .countOverLimit(code)
    }
    let column = entity.columns[position]
    if column.shape == .set {
      var elements: [Value: [Dot]] = [:]
      for element in try DisplayJSON.array(in: values[position]) {
        elements[element] = try reader.dots()
      }
      cells[CellKey(column.code)] = .set(SetState(elements: elements))
      return
    }
    for (key, value) in try DisplayJSON.object(in: values[position]) {
      let cell = CellKey(column.code, key: key)
      guard cells[cell] == nil else { continue }
      let index = try reader.varint()
      guard index < UInt64(stamps.count) else { throw .countOverLimit(index) }
      cells[cell] = .register(RegisterState(live: [Write(stamps[Int(index)], value)]))
    }
  }
}

extension DisplayJSON {
  fileprivate static func array(in value: Value) throws(CodecError) -> [Value] {
    var reader = try reader(value)
    return try reader.array()
  }

  fileprivate static func object(
    in value: Value
  ) throws(CodecError) -> [(key: Int64, value: Value)] {
    var reader = try reader(value)
    return try reader.object()
  }

  private static func reader(_ value: Value) throws(CodecError) -> DisplayJSONReader {
    guard case .text(let text) = value else {
      throw .nonCanonical("a set or map column holds no JSON")
    }
    return DisplayJSONReader(text)
  }
}
