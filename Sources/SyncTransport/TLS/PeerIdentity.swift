// What TLS proves of a peer: that it holds the private key of one leaf certificate.

internal import NIOSSL

/// The peer's leaf certificate and the public key in it.
package struct PeerIdentity: Hashable, Sendable {
  /// The leaf in DER.
  package let leaf: [UInt8]
  /// SubjectPublicKeyInfo in DER.
  package let publicKey: [UInt8]

  package init(leaf: [UInt8], publicKey: [UInt8]) {
    self.leaf = leaf
    self.publicKey = publicKey
  }

  /// From the chain that a peer presented: exactly one, self-issued, of sane size.
  init(presented chain: [NIOSSLCertificate]) throws(PeerLinkError) {
    guard let certificate = chain.first, chain.count == 1 else {
      throw .certificate("the peer presents \(chain.count) certificates, not 1")
    }
    let leaf: [UInt8]
    let publicKey: [UInt8]
    do {
      leaf = try certificate.toDERBytes()
      publicKey = try certificate.extractPublicKey().toSPKIBytes()
    } catch {
      throw .certificate("the peer's certificate cannot be read: \(error)")
    }
    guard leaf.count <= LinkLimits.leafBytes else {
      throw .certificate(
        "the peer's certificate has \(leaf.count) bytes, over the limit of \(LinkLimits.leafBytes)")
    }
    self.init(leaf: leaf, publicKey: publicKey)
  }
}
