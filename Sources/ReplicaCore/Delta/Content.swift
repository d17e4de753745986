// What a write carries: a plain value, or a personal one that the chain only commits to.

/// The value of one action. The chain hashes a personal value as H(salt ‖ value), so that the
/// value can be dropped (erasure) or withheld (residency) while the chain still verifies.
package enum Content: Hashable, Sendable {
  case plain(Value)
  case personal(Value, salt: [UInt8])
  /// The bytes are not here: erased, or not allowed on this node.
  case withheld(Digest)

  package static let saltLength = 16

  /// The value, where this node holds it.
  package var value: Value? {
    switch self {
    case .plain(let value), .personal(let value, _): value
    case .withheld: nil
    }
  }

  /// The commitment of a value that is not plain.
  package var commitment: Digest? {
    switch self {
    case .plain: nil
    case .personal(let value, let salt): Self.commit(value, salt: salt)
    case .withheld(let digest): digest
    }
  }

  static func commit(_ value: Value, salt: [UInt8]) -> Digest {
    var writer = ByteWriter()
    writer.value(value)
    return .sha256(salt, writer.bytes)
  }
}
