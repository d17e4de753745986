// A clock row per cell costs four times the plain size; one packed blob per row costs some bytes.

/// Packs the rows of one entity, and unpacks them exactly.
///
/// Meta is: a format byte; the stamps that occur, each with a mask of the columns whose whole cell
/// is one write under that stamp; then, only where needed, cells kept whole (siblings, hidden or
/// erased writes, values of another kind than the column's, columns of a newer schema); then sets
/// and maps whose elements stand under several stamps. A mask bit is the column's code less one,
/// so adding columns never changes what older blobs mean.
package struct RowPacking: Sendable {
  package let entity: EntitySpec
  /// Column code → position in the entity's columns.
  let positions: [UInt16: Int]

  package init(_ entity: EntitySpec) {
    self.entity = entity
    positions = Dictionary(
      uniqueKeysWithValues: entity.columns.enumerated().map { ($1.code, $0) })
  }

  static let format: UInt8 = 1
  static let hasWholeCells: UInt8 = 0x10
  static let hasSpreadCells: UInt8 = 0x20
  static let hasSeveralStamps: UInt8 = 0x40

  /// Columns with greater codes have no mask bit and are spread or kept whole.
  static func bit(_ code: UInt16) -> UInt64? {
    (1...63).contains(code) ? 1 << UInt64(code - 1) : nil
  }

  /// Packs a state. Equal states give equal bytes.
  package func pack(_ state: RowState) -> PackedRow {
    var packer = RowPacker(self)
    packer.sort(state)
    for (position, column) in entity.columns.enumerated() {
      switch column.shape {
      case .register: packer.register(position, column)
      case .set: packer.set(position, column)
      case .map: packer.map(position, column)
      }
    }
    return PackedRow(values: packer.values, meta: packer.meta())
  }
}

/// The work of packing one row.
private struct RowPacker {
  typealias Stamped = (stamp: Stamp, mask: UInt64)

  let packing: RowPacking
  var values: [Value]
  private var single: [CellState?]
  private var keyed: [Int: [(key: Int64, state: CellState)]] = [:]
  private var whole: [(cell: CellKey, state: CellState)] = []
  private var stamps: [Stamped] = []
  private var spread: [(code: UInt16, body: [UInt8])] = []

  init(_ packing: RowPacking) {
    self.packing = packing
    let count = packing.entity.columns.count
    values = [Value](repeating: .null, count: count)
    single = [CellState?](repeating: nil, count: count)
  }

  /// Puts every cell where its column expects it; what fits no column is kept whole.
  mutating func sort(_ state: RowState) {
    for (cell, cellState) in state.cells {
      guard let position = packing.positions[cell.column] else {
        whole.append((cell, cellState))
        continue
      }
      switch (packing.entity.columns[position].shape, cellState) {
      case (.map, .register): keyed[position, default: []].append((cell.key, cellState))
      case (.register, .register) where cell.key == 0, (.set, .set) where cell.key == 0:
        single[position] = cellState
      default: whole.append((cell, cellState))
      }
    }
  }

  mutating func register(_ position: Int, _ column: ColumnSpec) {
    guard let register = single[position]?.register else { return }
    if let value = register.winner?.value, column.stores(value) { values[position] = value }
    guard let write = register.onlyWrite, let value = write.value, column.stores(value),
      let bit = RowPacking.bit(column.code)
    else {
      whole.append((CellKey(column.code), .register(register)))
      return
    }
    stamps[index(of: write.stamp)].mask |= bit
  }

  mutating func set(_ position: Int, _ column: ColumnSpec) {
    guard let set = single[position]?.set else { return }
    let elements = set.sorted
    values[position] = .text(DisplayJSON.array(elements.filter(DisplayJSON.holds)))
    guard elements.allSatisfy(DisplayJSON.holds) else {
      whole.append((CellKey(column.code), .set(set)))
      return
    }
    let dots = elements.map { set.dots(of: $0) }
    if let first = dots.first, first.count == 1, dots.allSatisfy({ $0 == first }),
      let bit = RowPacking.bit(column.code),
      let stamped = stamps.firstIndex(where: { $0.stamp.dot == first[0] })
    {
      stamps[stamped].mask |= bit
      return
    }
    var body = ByteWriter()
    for each in dots { body.dots(each) }
    spread.append((column.code, body.bytes))
  }

  mutating func map(_ position: Int, _ column: ColumnSpec) {
    guard let entries = keyed[position]?.sorted(by: { $0.key < $1.key }) else { return }
    var shown: [(key: Int64, value: Value)] = []
    var indexes: [Int] = []
    for (key, state) in entries {
      let register = state.register ?? RegisterState()
      let winner = register.winner?.value
      if let winner, DisplayJSON.holds(winner) { shown.append((key, winner)) }
      if let write = register.onlyWrite, let value = write.value, DisplayJSON.holds(value) {
        indexes.append(index(of: write.stamp))
      } else {
        whole.append((CellKey(column.code, key: key), state))
      }
    }
    values[position] = .text(DisplayJSON.object(shown))
    guard let first = indexes.first else { return }
    if let bit = RowPacking.bit(column.code), indexes.allSatisfy({ $0 == first }) {
      stamps[first].mask |= bit
      return
    }
    var body = ByteWriter()
    for index in indexes { body.varint(UInt64(index)) }
    spread.append((column.code, body.bytes))
  }

  private mutating func index(of stamp: Stamp) -> Int {
    if let known = stamps.firstIndex(where: { $0.stamp == stamp }) { return known }
    stamps.append((stamp, 0))
    return stamps.count - 1
  }

  func meta() -> [UInt8] {
    var writer = ByteWriter(reserving: 32)
    var format = RowPacking.format
    if !whole.isEmpty { format |= RowPacking.hasWholeCells }
    if !spread.isEmpty { format |= RowPacking.hasSpreadCells }
    if stamps.count != 1 { format |= RowPacking.hasSeveralStamps }
    writer.byte(format)
    if stamps.count != 1 { writer.varint(UInt64(stamps.count)) }
    for stamped in stamps {
      writer.packed(stamped.stamp, after: stamps.first?.stamp)
      writer.varint(stamped.mask)
    }
    if !whole.isEmpty {
      writer.varint(UInt64(whole.count))
      for (cell, state) in whole.sorted(by: { $0.cell < $1.cell }) { writer.whole(cell, state) }
    }
    if !spread.isEmpty {
      writer.varint(UInt64(spread.count))
      for each in spread {
        writer.varint(UInt64(each.code))
        writer.raw(each.body)
      }
    }
    return writer.bytes
  }
}

extension RegisterState {
  /// The one write of a register that nothing collided with.
  var onlyWrite: Write? { live.count == 1 && hidden.isEmpty ? live[0] : nil }
}

extension ColumnSpec {
  /// Whether the read table's column gives this value back exactly. SQLite's text functions end
  /// at a NUL, and its affinity turns texts into integers and back.
  func stores(_ value: Value) -> Bool {
    switch value {
    case .null: true
    case .integer: storage == .integer
    case .text(let text): storage == .text && !text.utf8.contains(0)
    case .bytes: storage == .blob
    }
  }
}
