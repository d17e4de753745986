// What a joiner sends once it has seen that it speaks to the right issuer.

package import ReplicaCore

/// A request to be admitted. Office and slot are not in it: they are the issuer's to say.
package struct JoinRequest: Hashable, Sendable {
  /// The issuer that the token names, so that any other can say which one is right.
  package let issuer: KeyHash
  package let invite: InviteID
  /// The joiner's own key.
  package let key: NodePublicKey
  /// The name it would like.
  package let node: NodeName
  /// HMAC-SHA256 under HKDF(secret), 32 bytes.
  let proof: [UInt8]
  /// The joiner's own signature: it holds the key that it asks to have admitted.
  let signature: [UInt8]

  private static let magic = "heliotrope-join-1"

  /// A request under the invite, proving its secret and the key.
  package static func make(
    for invite: Invite, key: NodeKey, node: NodeName
  ) throws(KeyError) -> JoinRequest {
    let message = message(
      issuer: invite.issuer, invite: invite.id, key: key.publicKey, node: node)
    return JoinRequest(
      issuer: invite.issuer, invite: invite.id, key: key.publicKey, node: node,
      proof: invite.secret.derived(for: invite.id).proof(of: message),
      signature: try key.sign(message))
  }

  /// What is proved and signed.
  var message: [UInt8] {
    Self.message(issuer: issuer, invite: invite, key: key, node: node)
  }

  private static func message(
    issuer: KeyHash, invite: InviteID, key: NodePublicKey, node: NodeName
  ) -> [UInt8] {
    var writer = ByteWriter()
    writer.text(magic)
    writer.raw(issuer.digest.bytes)
    writer.raw(invite.bytes)
    writer.raw(key.compressed)
    writer.text(node.rawValue)
    return writer.bytes
  }

  /// Bytes for the wire.
  package var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.raw(message)
    writer.blob(proof)
    writer.blob(signature)
    return writer.bytes
  }

  /// Reads what ``encoded`` wrote; nothing is verified here.
  package init(encoded: [UInt8]) throws(CodecError) {
    var reader = ByteReader(encoded)
    guard try reader.text() == Self.magic else { throw .nonCanonical("not a join request") }
    issuer = try reader.keyHash()
    invite = try reader.inviteID()
    key = try reader.publicKey()
    node = try reader.nodeName()
    proof = try reader.blob()
    signature = try reader.blob()
    try reader.finish()
  }

  private init(
    issuer: KeyHash, invite: InviteID, key: NodePublicKey, node: NodeName, proof: [UInt8],
    signature: [UInt8]
  ) {
    self.issuer = issuer
    self.invite = invite
    self.key = key
    self.node = node
    self.proof = proof
    self.signature = signature
  }
}
