// Why an issuer does not admit who asks; sent to the joiner as it is.

package import ReplicaCore

/// A closed list; a wrong proof and an unknown invite are deliberately not told apart.
package enum JoinRefusal: Error, Hashable, Sendable {
  /// The request could not be read.
  case malformed
  /// More than ``TrustLimits/attempts`` a minute from this address.
  case tooManyAttempts
  /// The token was made by another issuer: the one with this key.
  case wrongIssuer(KeyHash)
  /// No such invite, or not the proof of its secret.
  case unknownInvite
  case expired(Instant)
  /// Another key has used it.
  case alreadyUsed
  case nameTaken(NodeName)
  /// The joiner's key was in this cluster before.
  case keyUsedBefore
  /// This issuer cannot admit now (no slot left, delegation gone); the word is for its operator.
  case issuerUnable(String)

  /// A stable word for logs and the audit.
  package var code: String {
    switch self {
    case .malformed: "join_malformed"
    case .tooManyAttempts: "join_too_many_attempts"
    case .wrongIssuer: "join_wrong_issuer"
    case .unknownInvite: "join_unknown_invite"
    case .expired: "join_expired"
    case .alreadyUsed: "join_already_used"
    case .nameTaken: "join_name_taken"
    case .keyUsedBefore: "join_key_used_before"
    case .issuerUnable: "join_issuer_unable"
    }
  }

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .malformed: "The join request could not be read. Use the same release on both machines."
    case .tooManyAttempts:
      "More than \(TrustLimits.attempts) attempts in a minute from this address. Wait a minute."
    case .wrongIssuer(let right):
      "The token was made by another issuer, with key \(right.short). Dial the address in the token."
    case .unknownInvite: "The issuer does not know this token. Make a new one: helio invite."
    case .expired(let expiry):
      "The token expired at \(expiry.utcText) by the issuer's clock. Make a new one: helio invite."
    case .alreadyUsed:
      "Another machine has used the token. If that was not meant, remove that node (helio members, "
        + "helio remove), then make a new token."
    case .nameTaken(let name): "The node name \(name) is in use. Choose another one."
    case .keyUsedBefore:
      "This machine's key was in the cluster before. Join with an empty data directory."
    case .issuerUnable(let reason): "The issuer cannot admit a node: \(reason)"
    }
  }

  /// Bytes for the wire.
  package var encoded: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .malformed: writer.byte(1)
    case .tooManyAttempts: writer.byte(2)
    case .wrongIssuer(let key):
      writer.byte(3)
      writer.raw(key.digest.bytes)
    case .unknownInvite: writer.byte(4)
    case .expired(let expiry):
      writer.byte(5)
      writer.signed(expiry.milliseconds)
    case .alreadyUsed: writer.byte(6)
    case .nameTaken(let name):
      writer.byte(7)
      writer.text(name.rawValue)
    case .keyUsedBefore: writer.byte(8)
    case .issuerUnable(let reason):
      writer.byte(9)
      writer.text(reason)
    }
    return writer.bytes
  }

  /// Reads what ``encoded`` wrote.
  package init(encoded: [UInt8]) throws(CodecError) {
    var reader = ByteReader(encoded)
    let tag = try reader.byte()
    switch tag {
    case 1: self = .malformed
    case 2: self = .tooManyAttempts
    case 3: self = .wrongIssuer(try reader.keyHash())
    case 4: self = .unknownInvite
    case 5: self = .expired(try reader.instant())
    case 6: self = .alreadyUsed
    case 7: self = .nameTaken(try reader.nodeName())
    case 8: self = .keyUsedBefore
    case 9: self = .issuerUnable(try reader.text())
    default: throw .unknownTag(tag)
    }
    try reader.finish()
  }
}
