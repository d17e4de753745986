// One signed link in the chain of one issuer.

package import ReplicaCore

/// A signed membership record. Its hash leaves the signature out: ECDSA signatures can be varied by
/// anybody, and a variant must not be another record.
package struct MembershipRecord: Hashable, Sendable {
  /// The key that signed it.
  package let issuer: NodePublicKey
  /// The hash of this issuer's record before; ``Digest/zero`` for its first.
  package let previous: Digest
  /// The issuer's clock, shown to people; nothing is decided by it.
  package let issuedAt: Instant
  package let action: MembershipAction
  /// Raw r ‖ s over ``signedBytes(cluster:body:)``.
  package let signature: [UInt8]
  /// SHA-256 over the body: the record's identity.
  package let hash: Digest

  private let body: [UInt8]
  private static let version: UInt8 = 1

  private init(
    issuer: NodePublicKey, previous: Digest, issuedAt: Instant, action: MembershipAction,
    body: [UInt8], signature: [UInt8]
  ) {
    self.issuer = issuer
    self.previous = previous
    self.issuedAt = issuedAt
    self.action = action
    self.signature = signature
    self.body = body
    hash = .sha256(body)
  }

  /// Signs a record after `previous`, the end of this key's chain.
  package static func sign(
    _ action: MembershipAction, after previous: Digest, at now: Instant, cluster: ClusterID,
    by key: NodeKey
  ) throws(KeyError) -> MembershipRecord {
    var writer = ByteWriter()
    writer.byte(version)
    writer.raw(key.publicKey.compressed)
    writer.raw(previous.bytes)
    writer.signed(now.milliseconds)
    writer.byte(action.kind)
    writer.blob(action.payload)
    let body = writer.bytes
    return MembershipRecord(
      issuer: key.publicKey, previous: previous, issuedAt: now, action: action, body: body,
      signature: try key.sign(signedBytes(cluster: cluster, body: body)))
  }

  /// The bytes that are signed: a domain tag, the cluster's id and the record's body.
  package static func signedBytes(cluster: ClusterID, body: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.text("heliotrope-member-1")
    writer.text(cluster.rawValue)
    writer.blob(body)
    return writer.bytes
  }

  /// Whether the signature is the issuer's, for this cluster, and a rotation's new key has signed too.
  package func isSigned(in cluster: ClusterID) -> Bool {
    guard issuer.verifies(signature, over: Self.signedBytes(cluster: cluster, body: body)) else {
      return false
    }
    guard case .rotate(let rotation) = action else { return true }
    return rotation.newKey.verifies(
      rotation.possession, over: rotation.possessionBytes(cluster: cluster))
  }

  /// Body and signature, for the wire and for storage.
  package var encoded: [UInt8] {
    var writer = ByteWriter(reserving: body.count + signature.count + 4)
    writer.blob(body)
    writer.raw(signature)
    return writer.bytes
  }

  /// Reads what ``encoded`` wrote; the signature is not checked here.
  package init(encoded: [UInt8]) throws(CodecError) {
    guard encoded.count <= TrustLimits.recordBytes else {
      throw .countOverLimit(UInt64(encoded.count))
    }
    var outer = ByteReader(encoded)
    let body = try outer.blob()
    let signature = try outer.raw(NodePublicKey.signatureByteCount)
    try outer.finish()
    var reader = ByteReader(body)
    let version = try reader.byte()
    guard version == Self.version else { throw .unknownTag(version) }
    let issuer = try reader.publicKey()
    let previous = try reader.digest()
    let issuedAt = try reader.instant()
    let kind = try reader.byte()
    let payload = try reader.blob()
    try reader.finish()
    let action = try MembershipAction(kind: kind, payload: payload)
    guard action.payload == payload else { throw .nonCanonical("a record's payload") }
    self.init(
      issuer: issuer, previous: previous, issuedAt: issuedAt, action: action, body: body,
      signature: signature)
  }
}
