// Where a node can be reached is data: it changes, and every node needs it.

package import ReplicaCore

extension Desk {
  /// One row for each node, written by that node itself.
  package static let site = EntityCode(15)
}

package enum SiteColumn {
  /// The slot of the node.
  package static let slot: UInt16 = 1
  /// `host:port` under which peers dial it.
  package static let peerAddress: UInt16 = 2
  /// URL of its agent API.
  package static let apiURL: UInt16 = 3

  static let specs: [ColumnSpec] = [
    ColumnSpec(slot, "slot", .register, .integer, indexed: true),
    ColumnSpec(peerAddress, "peer_address"),
    ColumnSpec(apiURL, "api_url"),
  ]
}
