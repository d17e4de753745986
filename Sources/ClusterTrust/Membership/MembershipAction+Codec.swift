// The canonical bytes of what a membership record says.

internal import ReplicaCore

extension MembershipAction {
  var kind: UInt8 {
    switch self {
    case .found: 1
    case .delegate: 2
    case .admit: 3
    case .rotate: 4
    case .remove: 5
    case .unrecognised(let kind, _): kind
    }
  }

  var payload: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .found(let founding):
      writer.text(founding.name)
      writer.raw(founding.rootKey.compressed)
      writer.blob(founding.nonce)
      writer.flag(founding.drill)
    case .delegate(let delegation):
      writer.raw(delegation.issuer.compressed)
      writer.delegatedOffices(delegation.offices)
      writer.slot(delegation.slots.lowerBound)
      writer.slot(delegation.slots.upperBound)
    case .admit(let admission):
      writer.text(admission.node.rawValue)
      writer.place(admission.place)
      writer.slot(admission.slot)
      writer.raw(admission.key.compressed)
      writer.flag(admission.invite != nil)
      if let invite = admission.invite { writer.raw(invite.bytes) }
    case .rotate(let rotation):
      writer.raw(rotation.oldKey.compressed)
      writer.raw(rotation.newKey.compressed)
      writer.varint(rotation.lastSeq)
      writer.blob(rotation.possession)
    case .remove(let removal):
      writer.text(removal.node.rawValue)
      writer.slot(removal.slot)
      writer.raw(removal.key.compressed)
      writer.varint(removal.seal)
      writer.varint(UInt64(removal.heads.count))
      for head in removal.heads { writer.raw(head.bytes) }
    case .unrecognised(_, let payload):
      writer.raw(payload)
    }
    return writer.bytes
  }

  init(kind: UInt8, payload: [UInt8]) throws(CodecError) {
    var reader = ByteReader(payload)
    switch kind {
    case 1: self = .found(try reader.founding())
    case 2: self = .delegate(try reader.delegation())
    case 3: self = .admit(try reader.admission())
    case 4: self = .rotate(try reader.rotation())
    case 5: self = .remove(try reader.removal())
    default:
      self = .unrecognised(kind: kind, payload: payload)
      return
    }
    try reader.finish()
  }
}

extension ByteWriter {
  fileprivate mutating func delegatedOffices(_ offices: DelegatedOffices) {
    switch offices {
    case .any: varint(0)
    case .only(let codes):
      // One more than the count, so that "none" is not "any".
      varint(UInt64(codes.count) + 1)
      for code in codes.sorted() { text(code.rawValue) }
    }
  }
}

extension ByteReader {
  fileprivate mutating func founding() throws(CodecError) -> Founding {
    let name = try text()
    guard Founding.isName(name) else { throw .nonCanonical("the cluster's name") }
    let key = try publicKey()
    let nonce = try blob()
    guard nonce.count == Founding.nonceByteCount else { throw .nonCanonical("the nonce") }
    return Founding(name: name, rootKey: key, nonce: nonce, drill: try flag())
  }

  fileprivate mutating func delegation() throws(CodecError) -> Delegation {
    let issuer = try publicKey()
    let marker = try varint()
    var offices = DelegatedOffices.any
    if marker > 0 {
      guard marker - 1 <= UInt64(TrustLimits.delegatedOffices) else {
        throw .countOverLimit(marker - 1)
      }
      var codes: [OfficeID] = []
      for _ in 1..<marker { codes.append(try office()) }
      guard codes == Set(codes).sorted() else { throw .nonCanonical("offices unsorted") }
      offices = .only(Set(codes))
    }
    let (lower, upper) = (try slot(), try slot())
    guard lower <= upper else { throw .nonCanonical("a slot range is empty") }
    return Delegation(issuer: issuer, offices: offices, slots: lower...upper)
  }

  fileprivate mutating func admission() throws(CodecError) -> Admission {
    let node = try nodeName()
    let place = try place()
    let slot = try slot()
    let key = try publicKey()
    let invite: InviteID? = try flag() ? try inviteID() : nil
    return Admission(node: node, place: place, slot: slot, key: key, invite: invite)
  }

  fileprivate mutating func rotation() throws(CodecError) -> KeyRotation {
    let (old, new) = (try publicKey(), try publicKey())
    let last = try varint()
    let possession = try blob()
    guard possession.count == NodePublicKey.signatureByteCount else {
      throw .nonCanonical("a signature has \(NodePublicKey.signatureByteCount) bytes")
    }
    return KeyRotation(oldKey: old, newKey: new, lastSeq: last, possession: possession)
  }

  fileprivate mutating func removal() throws(CodecError) -> Removal {
    let node = try nodeName()
    let slot = try slot()
    let key = try publicKey()
    let seal = try varint()
    let count = try count()
    guard count <= TrustLimits.removalHeads else { throw .countOverLimit(UInt64(count)) }
    var heads: [Digest] = []
    for _ in 0..<count { heads.append(try digest()) }
    return Removal(node: node, slot: slot, key: key, seal: seal, heads: heads)
  }
}

extension Founding {
  static let nonceByteCount = 16

  /// 1 … 64 characters without control characters.
  static func isName(_ name: String) -> Bool {
    (1...TrustLimits.clusterNameCharacters).contains(name.count)
      && name.utf8.count <= 4 * TrustLimits.clusterNameCharacters
      && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
}
