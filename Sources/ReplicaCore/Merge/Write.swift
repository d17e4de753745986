// A write to a register, with what decides which of several is shown.

/// When, by whom and under which token a register was written.
package struct Stamp: Hashable, Sendable {
  package var dot: Dot
  package var hlc: HLC
  /// See ``CellAction/fence``.
  package var fence: UInt64
  package var byOwner: Bool

  package init(dot: Dot, hlc: HLC, fence: UInt64 = 0, byOwner: Bool = false) {
    self.dot = dot
    self.hlc = hlc
    self.fence = fence
    self.byOwner = byOwner
  }
}

extension Stamp: Comparable {
  /// Greatest is shown: fence, owner bit, HLC, slot (then seq, for a total order).
  package static func < (left: Stamp, right: Stamp) -> Bool {
    if left.fence != right.fence { return left.fence < right.fence }
    if left.byOwner != right.byOwner { return right.byOwner }
    if left.hlc != right.hlc { return left.hlc < right.hlc }
    return left.dot < right.dot
  }
}

/// One write of a register.
package struct Write: Hashable, Sendable {
  package var stamp: Stamp
  /// Nil where the value was erased or is withheld here.
  package var value: Value?

  package init(_ stamp: Stamp, _ value: Value?) {
    self.stamp = stamp
    self.value = value
  }
}
