// The invite book survives a restart as canonical bytes, kept as secret as the node's key.

package import ReplicaCore

extension InviteBook {
  private static let magic = "heliotrope-invites-1"

  /// All entries, by id.
  package var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.text(Self.magic)
    writer.varint(UInt64(entries.count))
    for (id, entry) in entries.sorted(by: { $0.key < $1.key }) {
      writer.raw(id.bytes)
      writer.place(entry.place)
      writer.signed(entry.expiry.milliseconds)
      writer.raw(entry.proofKey.bytes)
      switch entry.state {
      case .open: writer.byte(0)
      case .used(let key, let answer):
        writer.byte(1)
        writer.raw(key.compressed)
        writer.blob(answer)
      case .revoked: writer.byte(2)
      }
    }
    return writer.bytes
  }

  /// Reads what ``encoded`` wrote.
  package init(encoded: [UInt8]) throws(CodecError) {
    self.init()
    var reader = ByteReader(encoded)
    guard try reader.text() == Self.magic else { throw .nonCanonical("not an invite book") }
    for _ in 0..<(try reader.count()) {
      let id = try reader.inviteID()
      let place = try reader.place()
      let expiry = try reader.instant()
      let proofKey = InviteProofKey(bytes: try reader.raw(InviteSecret.byteCount))
      let state: InviteState
      let tag = try reader.byte()
      switch tag {
      case 0: state = .open
      case 1: state = .used(by: try reader.publicKey(), answer: try reader.blob())
      case 2: state = .revoked
      default: throw .unknownTag(tag)
      }
      entries[id] = InviteEntry(
        id: id, place: place, expiry: expiry, state: state, proofKey: proofKey)
    }
    try reader.finish()
  }
}
