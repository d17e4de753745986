// What this node shows to its peers: its self-issued certificate and the key that belongs to it.

internal import NIOCore
internal import NIOSSL

/// One certificate and its private key, ready for TLS 1.3 on both sides of a link.
package struct NodeCredentials: Sendable {
  private let certificate: NIOSSLCertificate
  private let privateKey: NIOSSLPrivateKey

  /// - Parameters:
  ///   - certificate: the leaf in DER.
  ///   - privateKey: PKCS #8 or SEC 1 in DER.
  package init(certificate: [UInt8], privateKey: [UInt8]) throws(PeerLinkError) {
    do {
      self.certificate = try NIOSSLCertificate(bytes: certificate, format: .der)
      self.privateKey = try NIOSSLPrivateKey(bytes: privateKey, format: .der)
    } catch {
      throw .certificate("this node's own certificate or key cannot be read: \(error)")
    }
  }

  /// Certificates are judged by the caller's check alone, so there are no trust roots.
  private func common(_ base: TLSConfiguration, shutdown: Duration) -> TLSConfiguration {
    var configuration = base
    configuration.minimumTLSVersion = .tlsv13
    configuration.maximumTLSVersion = .tlsv13
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    configuration.shutdownTimeout = .init(shutdown)
    return configuration
  }

  func serverContext(_ timeouts: LinkTimeouts) throws(PeerLinkError) -> NIOSSLContext {
    let base = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(certificate)], privateKey: .privateKey(privateKey))
    var configuration = common(base, shutdown: timeouts.shutdown)
    configuration.applicationProtocols = LinkPurpose.allCases.map(\.rawValue)
    return try context(configuration)
  }

  func clientContext(
    _ timeouts: LinkTimeouts, for purpose: LinkPurpose
  ) throws(PeerLinkError) -> NIOSSLContext {
    var configuration = common(
      TLSConfiguration.makeClientConfiguration(), shutdown: timeouts.shutdown)
    configuration.certificateChain = [.certificate(certificate)]
    configuration.privateKey = .privateKey(privateKey)
    configuration.applicationProtocols = [purpose.rawValue]
    return try context(configuration)
  }

  private func context(_ configuration: TLSConfiguration) throws(PeerLinkError) -> NIOSSLContext {
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw .certificate("this node's certificate and key do not fit together: \(error)")
    }
  }
}
