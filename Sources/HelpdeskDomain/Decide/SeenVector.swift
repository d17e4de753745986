// What an office had provably seen, as bytes in the rows that say so.

package import ReplicaCore

/// A version vector in a column: count, then slot and seq of each entry in order, as varints.
package enum SeenVector {
  package static func value(_ vector: VersionVector) -> Value {
    var writer = ByteWriter()
    writer.varint(UInt64(vector.entries.count))
    for (slot, seq) in vector.sorted {
      writer.varint(UInt64(slot.rawValue))
      writer.varint(seq)
    }
    return .bytes(writer.bytes)
  }

  /// Nil where the bytes are none.
  package static func vector(_ value: Value?) -> VersionVector? {
    guard let bytes = value?.bytes else { return nil }
    var reader = ByteReader(bytes)
    var vector = VersionVector()
    do {
      for _ in 0..<(try reader.count()) {
        let slot = try reader.varint()
        guard slot <= UInt64(Slot.maximum.rawValue) else { return nil }
        vector[Slot(UInt32(slot))] = try reader.varint()
      }
      try reader.finish()
    } catch {
      return nil
    }
    return vector
  }
}
