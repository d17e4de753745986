// What the joiner proves to know; the issuer keeps only what is derived from it.

internal import Crypto
internal import Foundation

/// 256 random bits that stand only in the token's text.
package struct InviteSecret: Hashable, Sendable, CustomStringConvertible {
  static let byteCount = 32
  let bytes: [UInt8]

  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  init(using random: inout some RandomNumberGenerator) { bytes = random.bytes(Self.byteCount) }

  /// Never shown.
  package var description: String { "(secret)" }

  /// HKDF-SHA256 (RFC 5869) with the invite's id as salt.
  func derived(for invite: InviteID) -> InviteProofKey {
    let key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: bytes), salt: invite.bytes,
      info: Array("heliotrope-invite-1".utf8), outputByteCount: Self.byteCount)
    return InviteProofKey(bytes: key.withUnsafeBytes { [UInt8]($0) })
  }
}

/// HKDF(secret): the HMAC key of both sides, and all that the issuer stores.
struct InviteProofKey: Hashable, Sendable, CustomStringConvertible {
  let bytes: [UInt8]

  var description: String { "(secret)" }

  /// HMAC-SHA256, 32 bytes.
  func proof(of message: [UInt8]) -> [UInt8] {
    [UInt8](HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: bytes)))
  }

  /// Compares in constant time.
  func accepts(_ proof: [UInt8], of message: [UInt8]) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(
      proof, authenticating: message, using: SymmetricKey(data: bytes))
  }
}
