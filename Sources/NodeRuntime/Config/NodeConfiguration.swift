// The settings of one node, as `init` and `join` write them and an operator may edit them.

internal import Foundation
package import ReplicaCore
internal import TOMLKit

/// `node.toml`.
package struct NodeConfiguration: Hashable, Sendable, Codable {
  package var cluster: String
  package var clusterID: String
  package var node: String
  package var office: String
  package var slot: UInt32
  package var peerListen: String
  /// Under which address peers dial this node.
  package var peerAddress: String
  package var apiListen: String
  package var apiNames: [String]
  package var apiCertificate: String?
  package var apiKey: String?
  /// How long a node that hears of no other office lets users in by itself, in hours; 0: for ever.
  package var signInGraceHours: Int?
  /// Node name → `host:port`, where a peer is dialled elsewhere than it announces.
  package var peers: [String: String]
  /// Node name → `host:port` until the peer's own announcement is here.
  package var seeds: [String: String]
  /// Hosts to which notices may go whatever their address is, such as a receiver on this machine.
  package var webhookAllow: [String]?
  /// A PEM file with authorities that are trusted besides the system's when notices are sent.
  package var webhookCA: String?
  /// How long a notice is tried again, in seconds; nil: a day.
  package var webhookGiveUpSeconds: Int64?

  enum CodingKeys: String, CodingKey {
    case cluster
    case clusterID = "cluster_id"
    case node
    case office
    case slot
    case peerListen = "peer_listen"
    case peerAddress = "peer_address"
    case apiListen = "api_listen"
    case apiNames = "api_names"
    case apiCertificate = "api_cert"
    case apiKey = "api_key"
    case signInGraceHours = "sign_in_grace_hours"
    case peers
    case seeds
    case webhookAllow = "webhook_allow"
    case webhookCA = "webhook_ca"
    case webhookGiveUpSeconds = "webhook_give_up_seconds"
  }

  /// 30 days: longer than a holiday with a cut line, shorter than a notice period.
  package static let defaultSignInGraceHours = 720

  package init(
    cluster: String, clusterID: String, node: String, office: OfficeID, slot: Slot,
    listen: ListenOptions
  ) {
    self.cluster = cluster
    self.clusterID = clusterID
    self.node = node
    self.office = office.rawValue
    self.slot = slot.rawValue
    peerListen = listen.peerListen
    peerAddress = listen.peerAddress ?? listen.peerListen
    apiListen = listen.apiListen
    apiNames = listen.apiNames
    apiCertificate = listen.apiCertificate
    apiKey = listen.apiKey
    peers = [:]
    seeds = [:]
  }

  package static func load(from directory: DataDirectory) throws(NodeError) -> NodeConfiguration {
    guard FileManager.default.fileExists(atPath: directory.configuration) else {
      throw NodeError(
        .notInitialized, "there is no node in \(directory.path): node.toml is missing",
        hint: "Found a cluster with `helio init`, or join one with `helio join TOKEN`; "
          + "--data or HELIO_DATA names another directory.")
    }
    do {
      let text = try String(contentsOfFile: directory.configuration, encoding: .utf8)
      return try TOMLText(text).decode(NodeConfiguration.self)
    } catch {
      throw NodeError(
        .badConfiguration, "\(directory.configuration) cannot be read",
        hint: "Mend what is named below; docs/OPERATING.md lists every setting.",
        cause: FileFault.words(error))
    }
  }

  package func save(to directory: DataDirectory) throws(NodeError) {
    do {
      let text = try TOMLEncoder().encode(self)
      try text.write(toFile: directory.configuration, atomically: true, encoding: .utf8)
    } catch {
      throw NodeError(
        .badConfiguration, "\(directory.configuration) cannot be written",
        hint: "Check owner, mode and free space of the data directory.", cause: "\(error)")
    }
  }
}
