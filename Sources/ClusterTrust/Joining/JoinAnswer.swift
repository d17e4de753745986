// What the issuer sends back, and what the joiner checks before it believes it.

package import ReplicaCore

/// Why a joiner does not accept an answer.
package enum JoinAnswerError: Error, Hashable, Sendable {
  case malformed
  /// Not proved with the token's secret.
  case wrongProof
  /// Not from the issuer, or not of the cluster, that the token names.
  case otherIssuer(KeyHash)
  case otherCluster(ClusterID)
  /// The log that came with it does not admit this key under this invite.
  case notAdmitted

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .malformed: "The issuer's answer could not be read. Use the same release on both machines."
    case .wrongProof:
      "The answer does not prove the token's secret. Something on the way answers in the issuer's "
        + "place: do not go on, and make a new token."
    case .otherIssuer(let key):
      "The answer comes from key \(key.short), not from the token's issuer. Make a new token."
    case .otherCluster(let cluster):
      "The answer is about cluster \(cluster), not the token's. Make a new token."
    case .notAdmitted:
      "The membership log in the answer does not admit this machine's key. Make a new token."
    }
  }
}

/// An issuer's answer to a request that it granted.
package struct JoinAnswer: Hashable, Sendable {
  /// The key of the issuer.
  package let issuer: NodePublicKey
  /// The record that admits the joiner, by hash; it is in the log.
  package let admission: Digest
  /// The whole membership log, encoded.
  package let log: [UInt8]
  let proof: [UInt8]

  private static let magic = "heliotrope-answer-1"

  init(
    issuer: NodePublicKey, admission: Digest, log: MembershipLog, joiner: NodePublicKey,
    proofKey: InviteProofKey
  ) {
    self.issuer = issuer
    self.admission = admission
    self.log = log.encoded
    proof = proofKey.proof(
      of: Self.message(issuer: issuer, admission: admission, log: self.log, joiner: joiner))
  }

  /// The log to keep and the member that this node now is.
  package func accept(
    for invite: Invite, key: NodePublicKey
  ) throws(JoinAnswerError) -> (log: MembershipLog, member: Member) {
    let message = Self.message(issuer: issuer, admission: admission, log: log, joiner: key)
    guard invite.secret.derived(for: invite.id).accepts(proof, of: message) else {
      throw .wrongProof
    }
    guard issuer.hash == invite.issuer else { throw .otherIssuer(issuer.hash) }
    let members: MembershipLog
    do throws(CodecError) { members = try MembershipLog(encoded: log) } catch { throw .malformed }
    guard members.cluster == invite.cluster else { throw .otherCluster(members.cluster) }
    guard case .admit(let admitted) = members.records[admission]?.action,
      admitted.invite == invite.id, admitted.key == key,
      case .success(let member) = members.membership.standing(of: key),
      member.admission == admission
    else { throw .notAdmitted }
    return (members, member)
  }

  private static func message(
    issuer: NodePublicKey, admission: Digest, log: [UInt8], joiner: NodePublicKey
  ) -> [UInt8] {
    var writer = ByteWriter(reserving: log.count + 160)
    writer.text(magic)
    writer.raw(joiner.compressed)
    writer.raw(issuer.compressed)
    writer.raw(admission.bytes)
    writer.blob(log)
    return writer.bytes
  }

  /// Bytes for the wire.
  package var encoded: [UInt8] {
    var writer = ByteWriter(reserving: log.count + 160)
    writer.text(Self.magic)
    writer.raw(issuer.compressed)
    writer.raw(admission.bytes)
    writer.blob(log)
    writer.blob(proof)
    return writer.bytes
  }

  /// Reads what ``encoded`` wrote; ``accept(for:key:)`` verifies.
  package init(encoded: [UInt8]) throws(CodecError) {
    guard encoded.count <= TrustLimits.joinAnswerBytes else {
      throw .countOverLimit(UInt64(encoded.count))
    }
    var reader = ByteReader(encoded)
    guard try reader.text() == Self.magic else { throw .nonCanonical("not a join answer") }
    issuer = try reader.publicKey()
    admission = try reader.digest()
    log = try reader.blob()
    proof = try reader.blob()
    try reader.finish()
  }
}
