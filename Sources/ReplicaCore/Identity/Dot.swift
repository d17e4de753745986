// A dot names one delta: which replica made it and as its how-manieth.

/// (slot, seq), the identity of a delta and of every write in it. `seq` starts at 1.
///
/// Source: dotted version vectors, Preguiça et al. 2012 (arXiv:1011.5808).
package struct Dot: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  package var slot: Slot
  package var seq: UInt64

  package init(_ slot: Slot, _ seq: UInt64) {
    self.slot = slot
    self.seq = seq
  }

  package var description: String { "\(slot):\(seq)" }

  package static func < (left: Dot, right: Dot) -> Bool {
    left.slot == right.slot ? left.seq < right.seq : left.slot < right.slot
  }
}
