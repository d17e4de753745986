// What an operator says when a node is founded, joined or served; the CLI fills these in.

package import ReplicaCore

/// Where a node listens and how others reach it.
package struct ListenOptions: Hashable, Sendable {
  /// `host:port` for peers.
  package var peerListen: String
  /// `host:port` under which peers dial this node; nil: the listen address.
  package var peerAddress: String?
  /// `host:port` for agents.
  package var apiListen: String
  /// DNS names and IP addresses in the node's own API certificate.
  package var apiNames: [String]
  /// PEM files that replace the node's own API certificate.
  package var apiCertificate: String?
  package var apiKey: String?

  package static let defaultPeerListen = "0.0.0.0:7440"
  package static let defaultAPIListen = "127.0.0.1:7480"

  package init(
    peerListen: String = Self.defaultPeerListen, peerAddress: String? = nil,
    apiListen: String = Self.defaultAPIListen, apiNames: [String] = [],
    apiCertificate: String? = nil, apiKey: String? = nil
  ) {
    self.peerListen = peerListen
    self.peerAddress = peerAddress
    self.apiListen = apiListen
    self.apiNames = apiNames
    self.apiCertificate = apiCertificate
    self.apiKey = apiKey
  }
}

/// `helio init`.
package struct FoundOptions: Hashable, Sendable {
  package var cluster: String
  package var office: OfficeID
  /// IANA name, such as `Europe/Paris`.
  package var zone: String
  package var languages: [String]
  /// Nil: the office code and `-1`.
  package var node: String?
  package var listen: ListenOptions
  /// Seals the root key.
  package var rootPassphrase: String
  /// A drill cluster: roster time may be moved (`serve --drill-offset`).
  package var drill: Bool

  package init(
    cluster: String, office: OfficeID, zone: String, languages: [String] = [],
    node: String? = nil, listen: ListenOptions = ListenOptions(), rootPassphrase: String,
    drill: Bool = false
  ) {
    self.cluster = cluster
    self.office = office
    self.zone = zone
    self.languages = languages
    self.node = node
    self.listen = listen
    self.rootPassphrase = rootPassphrase
    self.drill = drill
  }
}

/// `helio join TOKEN`. Office, zone and slot come from the token's issuer, never from here.
package struct JoinOptions: Hashable, Sendable {
  package var token: String
  /// Nil: the issuer names the node after its office.
  package var node: String?
  package var listen: ListenOptions

  package init(token: String, node: String? = nil, listen: ListenOptions = ListenOptions()) {
    self.token = token
    self.node = node
    self.listen = listen
  }
}

/// `helio serve`.
package struct ServeOptions: Hashable, Sendable {
  /// Roster time minus clock, seconds; only in a drill cluster, the same on all nodes.
  package var drillOffsetSeconds: Int64
  /// Node name → `host:port`, where a peer is dialled at another address than it announces.
  package var peerAddresses: [String: String]

  package init(drillOffsetSeconds: Int64 = 0, peerAddresses: [String: String] = [:]) {
    self.drillOffsetSeconds = drillOffsetSeconds
    self.peerAddresses = peerAddresses
  }
}

/// What `init` and `join` tell the operator.
package struct SetupReport: Hashable, Sendable, Codable {
  package var cluster: String
  package var clusterID: String
  package var node: String
  package var office: String
  package var slot: UInt32
  package var dataDirectory: String
  /// Where the sealed root key was written; only after `init`. To be moved off the machine.
  package var rootKeyFile: String?
  /// Bootstrap: bytes and chunks fetched, and deltas replayed after the snapshot.
  package var snapshotBytes: UInt64?
  package var snapshotChunks: Int?
  package var replayedDeltas: Int?

  package init(
    cluster: String, clusterID: String, node: String, office: String, slot: UInt32,
    dataDirectory: String
  ) {
    self.cluster = cluster
    self.clusterID = clusterID
    self.node = node
    self.office = office
    self.slot = slot
    self.dataDirectory = dataDirectory
  }
}
