// Deltas to bytes and back; the byte form is canonical because it is hashed and signed.

/// Encodes and decodes deltas (format 1; layout in docs/PROTOCOL.md).
package enum DeltaCodec {
  package static let version: UInt8 = 1

  package static func encode(_ delta: Delta) -> EncodedDelta {
    var body = ByteWriter(reserving: 256)
    var personal = ByteWriter()
    body.byte(version)
    body.header(delta.header)
    body.varint(UInt64(delta.changes.count))
    for change in delta.changes { body.change(change, personal: &personal) }
    return EncodedDelta(dot: delta.dot, body: body.bytes, personal: personal.bytes)
  }

  /// Reads a delta; checks that every personal value matches its commitment.
  package static func decode(_ encoded: EncodedDelta) throws(CodecError) -> Delta {
    try decode(body: encoded.body, personal: encoded.personal)
  }

  package static func decode(body: [UInt8], personal: [UInt8]) throws(CodecError) -> Delta {
    guard body.count + personal.count <= Limits.deltaBytes else {
      throw .countOverLimit(UInt64(body.count + personal.count))
    }
    var reader = ByteReader(body)
    var beside = ByteReader(personal)
    let format = try reader.byte()
    guard format == version else { throw .unknownTag(format) }
    let header = try reader.header()
    let count = try reader.count()
    var changes: [RowChange] = []
    changes.reserveCapacity(min(count, 64))
    for _ in 0..<count { changes.append(try reader.change(personal: &beside)) }
    try reader.finish()
    try beside.finish()
    return Delta(header, changes)
  }

  /// Only the header, for history lists and indexes.
  package static func decodeHeader(body: [UInt8]) throws(CodecError) -> DeltaHeader {
    var reader = ByteReader(body)
    let format = try reader.byte()
    guard format == version else { throw .unknownTag(format) }
    return try reader.header()
  }
}

extension ByteWriter {
  mutating func header(_ header: DeltaHeader) {
    dot(header.dot)
    varint(header.hlc.rawValue)
    varint(UInt64(header.contextChange.count))
    for (slot, seq) in header.contextChange.sorted(by: { $0.key < $1.key }) {
      dot(Dot(slot, seq))
    }
    signed(header.actor.rawValue)
    byte(header.authority == nil ? 0 : 1)
    if let authority = header.authority { dot(authority) }
    varint(UInt64(header.schemaLevel))
    byte(header.via.rawValue)
    byte(header.occurredAt == nil ? 0 : 1)
    if let occurredAt = header.occurredAt { signed(occurredAt.milliseconds) }
  }

  mutating func dot(_ dot: Dot) {
    varint(UInt64(dot.slot.rawValue))
    varint(dot.seq)
  }

  mutating func dots(_ dots: [Dot]) {
    varint(UInt64(dots.count))
    for dot in dots { self.dot(dot) }
  }

  mutating func value(_ value: Value) {
    switch value {
    case .null: byte(0)
    case .integer(let number):
      byte(1)
      signed(number)
    case .text(let text):
      byte(2)
      self.text(text)
    case .bytes(let bytes):
      byte(3)
      blob(bytes)
    }
  }

  fileprivate mutating func content(_ content: Content, personal: inout ByteWriter) {
    switch content {
    case .plain(let value): self.value(value)
    case .personal(let value, let salt):
      byte(4)
      raw(Content.commit(value, salt: salt).bytes)
      personal.byte(1)
      personal.raw(salt)
      personal.value(value)
    case .withheld(let digest):
      byte(4)
      raw(digest.bytes)
      personal.byte(0)
    }
  }

  fileprivate mutating func change(_ change: RowChange, personal: inout ByteWriter) {
    varint(UInt64(change.row.entity.rawValue))
    signed(change.row.id.rawValue)
    byte(change.byOwner ? 1 : 0)
    varint(UInt64(change.actions.count))
    for action in change.actions { self.action(action, personal: &personal) }
  }

  fileprivate mutating func action(_ action: CellAction, personal: inout ByteWriter) {
    let tag: UInt8 =
      switch action.kind {
      case .write: 0
      case .add: 1
      case .remove: 2
      }
    byte(tag | (action.cell.key == 0 ? 0 : 4) | (action.fence == 0 ? 0 : 8))
    varint(UInt64(action.cell.column))
    if action.cell.key != 0 { signed(action.cell.key) }
    if action.fence != 0 { varint(action.fence) }
    switch action.kind {
    case .write(let content, let replaces, let unread):
      self.content(content, personal: &personal)
      dots(replaces)
      dots(unread)
    case .add(let value, let replaces):
      self.value(value)
      dots(replaces)
    case .remove(let value, let seen):
      self.value(value)
      dots(seen)
    }
  }
}

extension ByteReader {
  mutating func header() throws(CodecError) -> DeltaHeader {
    let dot = try self.dot()
    let hlc = HLC(rawValue: try varint())
    var context: [Slot: UInt64] = [:]
    var previous: Slot?
    for _ in 0..<(try count()) {
      let entry = try self.dot()
      if let previous, entry.slot <= previous {
        throw .nonCanonical("context slots must ascend")
      }
      previous = entry.slot
      context[entry.slot] = entry.seq
    }
    let actor = RowID(try signed())
    let authority = try flag() ? try self.dot() : nil
    let level = try varint()
    guard level <= UInt64(UInt16.max) else { throw .countOverLimit(level) }
    let viaTag = try byte()
    guard let via = Via(rawValue: viaTag) else { throw .unknownTag(viaTag) }
    let occurredAt = try flag() ? Instant(milliseconds: try signed()) : nil
    return DeltaHeader(
      dot: dot, hlc: hlc, contextChange: context, actor: actor, authority: authority,
      schemaLevel: UInt16(level), via: via, occurredAt: occurredAt)
  }

  mutating func flag() throws(CodecError) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    case let other: throw .unknownTag(other)
    }
  }

  mutating func dot() throws(CodecError) -> Dot {
    let slot = try varint()
    guard slot <= UInt64(Slot.maximum.rawValue) else { throw .countOverLimit(slot) }
    return Dot(Slot(UInt32(slot)), try varint())
  }

  mutating func dots() throws(CodecError) -> [Dot] {
    var result: [Dot] = []
    for _ in 0..<(try count()) { result.append(try dot()) }
    return result
  }

  mutating func value() throws(CodecError) -> Value {
    try value(tag: try byte())
  }

  private mutating func value(tag: UInt8) throws(CodecError) -> Value {
    switch tag {
    case 0: .null
    case 1: .integer(try signed())
    case 2: .text(try text())
    case 3: .bytes(try blob())
    default: throw .unknownTag(tag)
    }
  }

  private mutating func content(personal: inout ByteReader) throws(CodecError) -> Content {
    let tag = try byte()
    guard tag == 4 else { return .plain(try value(tag: tag)) }
    guard let commitment = Digest(try raw(Digest.length)) else { throw .truncated }
    guard try personal.flag() else { return .withheld(commitment) }
    let salt = try personal.raw(Content.saltLength)
    let value = try personal.value()
    guard Content.commit(value, salt: salt) == commitment else {
      throw .nonCanonical("a personal value does not match its commitment")
    }
    return .personal(value, salt: salt)
  }

  fileprivate mutating func change(personal: inout ByteReader) throws(CodecError) -> RowChange {
    let entity = try varint()
    guard entity <= UInt64(UInt16.max) else { throw .countOverLimit(entity) }
    let row = RowRef(EntityCode(UInt16(entity)), RowID(try signed()))
    let byOwner = try flag()
    var actions: [CellAction] = []
    for _ in 0..<(try count()) { actions.append(try action(personal: &personal)) }
    return RowChange(row, byOwner: byOwner, actions)
  }

  private mutating func action(personal: inout ByteReader) throws(CodecError) -> CellAction {
    let tag = try byte()
    guard tag & ~0b1111 == 0 else { throw .unknownTag(tag) }
    let column = try varint()
    guard column <= UInt64(UInt16.max) else { throw .countOverLimit(column) }
    let key = tag & 4 == 0 ? 0 : try signed()
    let fence = tag & 8 == 0 ? 0 : try varint()
    guard tag & 4 == 0 || key != 0, tag & 8 == 0 || fence != 0 else {
      throw .nonCanonical("a zero key or fence is left out")
    }
    let cell = CellKey(UInt16(column), key: key)
    let kind: CellAction.Kind =
      switch tag & 3 {
      case 0:
        .write(try content(personal: &personal), replaces: try dots(), unread: try dots())
      case 1: .add(try value(), replaces: try dots())
      case 2: .remove(try value(), seen: try dots())
      default: throw .unknownTag(tag)
      }
    return CellAction(cell, kind, fence: fence)
  }
}
