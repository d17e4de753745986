// A ticket's `version` is opaque to clients: the reader's version vector in base64url.

internal import HelpdeskDomain
internal import ReplicaCore

extension TicketVersion {
  /// What a client sends back unread.
  var wire: String {
    var writer = ByteWriter()
    for (slot, seq) in vector.sorted {
      writer.varint(UInt64(slot.rawValue))
      writer.varint(seq)
    }
    return Base64URL.encode(writer.bytes)
  }

  /// Nil where the text was not made by ``wire``.
  init?(wire: String) {
    guard let bytes = Base64URL.decode(wire) else { return nil }
    var reader = ByteReader(bytes)
    var vector = VersionVector()
    do {
      while !reader.isAtEnd {
        let number = try reader.varint()
        guard let raw = UInt32(exactly: number), Slot(raw).isValid else { return nil }
        vector[Slot(raw)] = try reader.varint()
      }
    } catch { return nil }
    self.init(vector: vector)
  }
}
