// A signed head as anybody can verify it, with no code of ours.

/// The statement that this node's delta `seq` has a chain hash, signed with the node's key:
/// `openssl dgst -sha256 -verify KEY.pem -signature SIGNATURE SIGNED_BYTES`.
package struct HeadReport: Hashable, Sendable, Codable {
  package var slot: UInt32
  package var seq: UInt64
  /// The chain hash, lowercase hex; it is in the signed bytes.
  package var hash: String
  /// Base64.
  package var signedBytes: String
  /// ECDSA P-256 with SHA-256 in DER, base64.
  package var signature: String
  package var publicKeyPem: String

  package init(
    slot: UInt32, seq: UInt64, hash: String, signedBytes: String, signature: String,
    publicKeyPem: String
  ) {
    self.slot = slot
    self.seq = seq
    self.hash = hash
    self.signedBytes = signedBytes
    self.signature = signature
    self.publicKeyPem = publicKeyPem
  }
}
