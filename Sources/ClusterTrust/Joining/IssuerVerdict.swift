// Before anything secret leaves the joiner, it looks at whom it is speaking to.

/// What a token says to the certificate of who answered at its endpoint.
package enum IssuerVerdict: Hashable, Sendable {
  case issuer(PeerIdentity)
  case refused(IssuerRefusal)
}

/// Why a joiner hangs up without having sent a byte of its own.
package enum IssuerRefusal: Error, Hashable, Sendable {
  case certificate(PeerCertificateError)
  /// Not the key that the token names: a wrong address, or somebody in between.
  case otherKey(presented: KeyHash, expected: KeyHash)
  case otherCluster(ClusterID)

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .certificate(let error): error.message
    case .otherKey(let presented, let expected):
      "The machine that answered has key \(presented.short), the token names \(expected.short): a "
        + "wrong address, or somebody in between. Nothing secret was sent."
    case .otherCluster(let cluster):
      "The machine that answered belongs to cluster \(cluster). Nothing secret was sent."
    }
  }
}

extension Invite {
  /// The verdict on the leaf certificate (DER) of the machine that answered; ask it in the handshake
  /// and send a ``JoinRequest`` only to an `issuer`.
  package func verdict(forIssuerCertificate der: [UInt8]) -> IssuerVerdict {
    let identity: PeerIdentity
    do throws(PeerCertificateError) { identity = try PeerIdentity(certificate: der) } catch {
      return .refused(.certificate(error))
    }
    guard identity.key.hash == issuer else {
      return .refused(.otherKey(presented: identity.key.hash, expected: issuer))
    }
    guard identity.address.cluster == cluster else {
      return .refused(.otherCluster(identity.address.cluster))
    }
    return .issuer(identity)
  }
}
