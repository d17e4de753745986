// The field types of this target, read from canonical bytes with their rules checked.

internal import ReplicaCore

extension ByteReader {
  mutating func digest() throws(CodecError) -> Digest {
    guard let digest = Digest(try raw(Digest.length)) else { throw .truncated }
    return digest
  }

  mutating func publicKey() throws(CodecError) -> NodePublicKey {
    guard let key = NodePublicKey(compressed: try raw(NodePublicKey.byteCount)) else {
      throw .nonCanonical("a public key is not a point of P-256")
    }
    return key
  }

  mutating func keyHash() throws(CodecError) -> KeyHash { KeyHash(try digest()) }

  mutating func cluster() throws(CodecError) -> ClusterID {
    let cluster = ClusterID(rawValue: try text())
    guard cluster.isValid else { throw .nonCanonical("a cluster id is 32 hexadecimal digits") }
    return cluster
  }

  mutating func slot() throws(CodecError) -> Slot {
    let value = try varint()
    guard let number = UInt32(exactly: value), Slot(number).isValid else {
      throw .nonCanonical("a slot is 1 to \(Slot.maximum)")
    }
    return Slot(number)
  }

  mutating func office() throws(CodecError) -> OfficeID {
    let office = OfficeID(try text())
    guard office.isValid else { throw .nonCanonical("an office code is a-z, 0-9 and '-'") }
    return office
  }

  mutating func nodeName() throws(CodecError) -> NodeName {
    let name = NodeName(rawValue: try text())
    guard name.isValid else { throw .nonCanonical("a node name is a-z, 0-9 and '-'") }
    return name
  }

  mutating func inviteID() throws(CodecError) -> InviteID {
    guard let id = InviteID(try raw(InviteID.byteCount)) else { throw .truncated }
    return id
  }

  mutating func instant() throws(CodecError) -> Instant { Instant(milliseconds: try signed()) }

  mutating func flag() throws(CodecError) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw .nonCanonical("a flag is 0 or 1")
    }
  }

  mutating func place() throws(CodecError) -> OfficePlace {
    let office = try office()
    let zone = try text()
    var languages: [String] = []
    for _ in 0..<(try count()) { languages.append(try text()) }
    do throws(OfficePlaceError) {
      return try OfficePlace(office: office, zone: zone, languages: languages)
    } catch {
      throw .nonCanonical(error.message)
    }
  }
}

extension ByteWriter {
  mutating func slot(_ slot: Slot) { varint(UInt64(slot.rawValue)) }
  mutating func flag(_ value: Bool) { byte(value ? 1 : 0) }
  mutating func place(_ place: OfficePlace) {
    text(place.office.rawValue)
    text(place.zone)
    varint(UInt64(place.languages.count))
    for language in place.languages { text(language) }
  }
}
