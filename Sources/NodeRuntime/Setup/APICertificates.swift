// The agents' HTTPS certificate, made by the node where the operator brings none.

internal import ClusterTrust
internal import Foundation
internal import ReplicaCore

/// Makes and renews the node's own API certificate.
enum APICertificates {
  /// Makes a CA to trust (once) and a certificate for the names, in the data directory.
  static func make(
    for listen: ListenOptions, cluster: String, node: NodeName, in directory: DataDirectory
  ) throws {
    if listen.apiCertificate != nil { return }
    var random = SystemRandomNumberGenerator()
    let now = NodeClock().now
    let caKey = KeyFile(path: directory.apiCAKey)
    let authority: APIAuthority
    if let pem = try? String(contentsOfFile: directory.apiCA, encoding: .utf8),
      let key = try? caKey.loadText(),
      let known = APIAuthority(certificatePEM: pem, keyPEM: key)
    {
      authority = known
    } else {
      authority = try APIAuthority.make(
        clusterName: cluster, node: node, now: now, using: &random)
      try authority.certificatePEM.write(
        toFile: directory.apiCA, atomically: true, encoding: .utf8)
      try caKey.saveText(authority.keyPEM)
    }
    let leaf = try authority.issue(names: names(listen), now: now, using: &random)
    try leaf.certificatePEM.write(
      toFile: directory.apiCertificate, atomically: true, encoding: .utf8)
    try? FileManager.default.removeItem(atPath: directory.apiKey.path)
    try directory.apiKey.saveText(leaf.keyPEM)
  }

  /// The names given and the host listened on; the authority adds this machine's own.
  static func names(_ listen: ListenOptions) -> [String] {
    var names = listen.apiNames
    if let address = try? HostPort(listen.apiListen, option: "--api-listen"),
      !["0.0.0.0", "::"].contains(address.host)
    {
      names.append(address.host)
    }
    return names
  }
}
