// Version vectors as they lie in the database.

internal import ReplicaCore

extension VersionVector {
  /// Count, then slot and seq per entry, ordered by slot.
  var stored: [UInt8] {
    var writer = ByteWriter()
    writer.varint(UInt64(entries.count))
    for (slot, seq) in sorted {
      writer.varint(UInt64(slot.rawValue))
      writer.varint(seq)
    }
    return writer.bytes
  }

  init(stored bytes: [UInt8]) throws(CodecError) {
    var reader = ByteReader(bytes)
    var entries: [Slot: UInt64] = [:]
    for _ in 0..<(try reader.count()) {
      let slot = try reader.varint()
      guard slot <= UInt64(Slot.maximum.rawValue) else { throw .countOverLimit(slot) }
      entries[Slot(UInt32(slot))] = try reader.varint()
    }
    try reader.finish()
    self.init(entries)
  }
}
