// A version vector says which deltas a replica has applied: for every slot, all up to a seq.

/// Slot → highest contiguous seq applied; absent means 0.
///
/// Source: Parker et al. 1983, Detection of Mutual Inconsistency in Distributed Systems.
package struct VersionVector: Hashable, Sendable, Codable {
  package private(set) var entries: [Slot: UInt64]

  package init(_ entries: [Slot: UInt64] = [:]) {
    self.entries = entries.filter { $0.value > 0 }
  }

  package subscript(slot: Slot) -> UInt64 {
    get { entries[slot] ?? 0 }
    set { entries[slot] = newValue == 0 ? nil : newValue }
  }

  package var isEmpty: Bool { entries.isEmpty }
  package var slots: [Slot] { entries.keys.sorted() }
  /// Pairs ordered by slot, for anything that must be the same on every node.
  package var sorted: [(slot: Slot, seq: UInt64)] { slots.map { ($0, self[$0]) } }
  /// The number of deltas the vector stands for.
  package var total: UInt64 { entries.values.reduce(0, &+) }

  package func contains(_ dot: Dot) -> Bool { self[dot.slot] >= dot.seq }

  /// Whether everything in `other` is in this one.
  package func covers(_ other: VersionVector) -> Bool {
    other.entries.allSatisfy { self[$0.key] >= $0.value }
  }

  package mutating func advance(_ dot: Dot) {
    if self[dot.slot] < dot.seq { self[dot.slot] = dot.seq }
  }

  package mutating func merge(_ other: VersionVector) {
    for (slot, seq) in other.entries where self[slot] < seq { self[slot] = seq }
  }

  package func merged(_ other: VersionVector) -> VersionVector {
    var result = self
    result.merge(other)
    return result
  }
}
