// Why this node does not sign a membership record.

package import ReplicaCore

/// A record that was not issued; the log is unchanged.
package enum IssueRefusal: Error, Hashable, Sendable {
  case clusterName(String)
  /// This node's key holds no delegation.
  case notAnIssuer(KeyHash)
  case officeNotDelegated(OfficeID)
  /// All slots of the issuer's ranges were given.
  case slotsExhausted([ClosedRange<Slot>])
  /// The key was used in this cluster before, if only by a removed node.
  case keyUsedBefore(KeyHash)
  case nameTaken(NodeName, Slot)
  case noSuchNode(Slot)
  /// It is removed, and under a seal not smaller than this one.
  case alreadyRemoved(Slot, seal: UInt64)
  /// The record would have no effect.
  case void(VoidReason)
  case logFull
  case key(KeyError)

  /// What is wrong, against what rule, and what to do.
  package var message: String {
    switch self {
    case .clusterName(let name):
      "The cluster name '\(name)' is not 1 to \(TrustLimits.clusterNameCharacters) printable "
        + "characters. Choose another."
    case .notAnIssuer(let key):
      "This node (key \(key.short)) may not admit or remove nodes. Do it on an issuer "
        + "(helio members shows them), or have the root key delegate to this node."
    case .officeNotDelegated(let office):
      "This node's delegation does not cover office \(office). Do it on an issuer that covers it."
    case .slotsExhausted(let ranges):
      "All slots of this issuer are given (\(Self.list(ranges))); slots are never given again. "
        + "Have the root key delegate another range."
    case .keyUsedBefore(let key):
      "The key \(key.short) was used in this cluster before. Start the node with an empty data "
        + "directory, so that it makes a new key."
    case .nameTaken(let name, let slot):
      "The node name \(name) is in use (slot \(slot)). Choose another name, or remove that node."
    case .noSuchNode(let slot): "No node was admitted under slot \(slot). See helio members."
    case .alreadyRemoved(let slot, let seal):
      "The node of slot \(slot) is removed already, with seal \(seal); a seal only grows."
    case .void(let reason): "The record would have no effect (\(reason.code)); nothing was signed."
    case .logFull:
      "The membership log holds its limit of \(TrustLimits.records) records. Nothing can be added."
    case .key: "The key could not sign. Check this node's key file."
    }
  }

  private static func list(_ ranges: [ClosedRange<Slot>]) -> String {
    ranges.map { "\($0.lowerBound) to \($0.upperBound)" }.joined(separator: ", ")
  }
}
