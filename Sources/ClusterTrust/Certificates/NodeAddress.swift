// The one line in which a certificate says who presents it.

package import ReplicaCore

/// `heliotrope://<cluster>/office/<o>/node/<n>/slot/<s>`, the URI in a node certificate's SAN.
package struct NodeAddress: Hashable, Sendable, CustomStringConvertible {
  package var cluster: ClusterID
  package var office: OfficeID
  package var node: NodeName
  package var slot: Slot

  package init(cluster: ClusterID, office: OfficeID, node: NodeName, slot: Slot) {
    self.cluster = cluster
    self.office = office
    self.node = node
    self.slot = slot
  }

  /// The canonical form; nothing in it needs escaping.
  package var uri: String {
    "heliotrope://\(cluster)/office/\(office)/node/\(node)/slot/\(slot)"
  }
  package var description: String { uri }

  /// Reads the canonical form and no other; nil otherwise.
  package init?(uri: String) {
    let scheme = "heliotrope://"
    guard uri.utf8.count <= 256, uri.hasPrefix(scheme) else { return nil }
    let parts = uri.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 7, parts[1] == "office", parts[3] == "node", parts[5] == "slot",
      let number = UInt32(parts[6])
    else { return nil }
    self.init(
      cluster: ClusterID(rawValue: String(parts[0])), office: OfficeID(String(parts[2])),
      node: NodeName(String(parts[4])), slot: Slot(number))
    guard cluster.isValid, office.isValid, node.isValid, slot.isValid, self.uri == uri else {
      return nil
    }
  }
}
