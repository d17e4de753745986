// Where a node keeps what: one directory, owned by one process.

package import ClusterTrust

/// The layout of a data directory.
package struct DataDirectory: Hashable, Sendable {
  package let path: String

  package static let defaultPath = "/var/lib/heliotrope"

  package init(_ path: String) {
    self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
  }

  /// Settings of the node, TOML.
  package var configuration: String { path + "/node.toml" }
  /// The node's signing key, PEM, mode 0600.
  package var nodeKey: KeyFile { KeyFile(path: path + "/node.key") }
  /// The root key sealed by a passphrase; only where the cluster was founded.
  package var sealedRoot: String { path + "/root-key.pem" }
  /// What `join` goes on from after an interruption.
  package var joining: String { path + "/joining.state" }
  package var database: String { path + "/heliotrope.sqlite" }
  /// The agents' HTTPS: the CA to trust, the node's certificate and its key.
  package var apiCA: String { path + "/api-ca.pem" }
  package var apiCAKey: KeyFile { KeyFile(path: path + "/api-ca.key") }
  package var apiCertificate: String { path + "/api-cert.pem" }
  package var apiKey: KeyFile { KeyFile(path: path + "/api.key") }
  /// The operator's socket, mode 0600.
  package var socket: String { path + "/helio.sock" }
}
