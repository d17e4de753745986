// Publications are ordered, the same on every node, whatever order they arrive in.

package import ReplicaCore

/// The order of publications: by number, then HLC, then slot of the delta that published.
package struct RosterVersion: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  package var number: Int64
  package var hlc: HLC
  package var slot: Slot

  package init(number: Int64, hlc: HLC, slot: Slot) {
    self.number = number
    self.hlc = hlc
    self.slot = slot
  }

  /// Where no roster is in force; below every publication.
  package static let none = RosterVersion(number: 0, hlc: .zero, slot: Slot(0))

  package var description: String { number == 0 ? "none" : "\(number)@\(slot)" }

  package static func < (left: RosterVersion, right: RosterVersion) -> Bool {
    if left.number != right.number { return left.number < right.number }
    if left.hlc != right.hlc { return left.hlc < right.hlc }
    return left.slot < right.slot
  }
}
