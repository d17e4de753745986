// The fencing token of ownership: of two owners of one ticket, the greater token is the later.

package import ReplicaCore

/// Compared in the order of its fields; for one ticket it never goes back on a node.
package struct OwnershipToken: Hashable, Sendable, Codable, CustomStringConvertible {
  /// What ownership rests on, weakest first.
  package enum Rank: UInt8, Hashable, Sendable, Codable, Comparable {
    /// At home because it stays.
    case home = 0
    /// The office on duty, which has not accepted it yet.
    case plain = 1
    case cover = 2
    case accept = 3
    /// A grant runs, or ran in this slot: ``OwnershipToken/chain`` says which step it is.
    case grant = 4

    package static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  /// See ``Placement/epoch(of:)``.
  package var epoch: UInt64
  package var version: RosterVersion
  package var slotStart: Instant
  /// ``OfficeDirectory/records``: the acts of an office count no more when its last node is removed,
  /// so the rank may fall then; what comes after that is later nevertheless.
  package var membership: Int
  package var rank: Rank
  /// 0 without grants; else eight for each grant that reached into this slot and for each of them
  /// that has ended, plus the rank beneath where none runs. So the end of a grant is a step on.
  package var chain: Int64
  /// The delta it rests on.
  package var dot: Dot

  package init(
    epoch: UInt64, version: RosterVersion, slotStart: Instant, membership: Int, rank: Rank,
    chain: Int64, dot: Dot
  ) {
    self.epoch = epoch
    self.version = version
    self.slotStart = slotStart
    self.membership = membership
    self.rank = rank
    self.chain = chain
    self.dot = dot
  }

  /// The fence of a write by the owner, in Unix seconds.
  package var fence: UInt64 { UInt64(max(0, slotStart.seconds)) }

  package var description: String {
    "\(epoch)/\(version)/\(slotStart.seconds)/\(membership)/\(rank.rawValue)/\(chain)/\(dot)"
  }
}

extension OwnershipToken: Comparable {
  package static func < (left: OwnershipToken, right: OwnershipToken) -> Bool {
    if left.epoch != right.epoch { return left.epoch < right.epoch }
    if left.version != right.version { return left.version < right.version }
    if left.slotStart != right.slotStart { return left.slotStart < right.slotStart }
    if left.membership != right.membership { return left.membership < right.membership }
    if left.rank != right.rank { return left.rank < right.rank }
    if left.chain != right.chain { return left.chain < right.chain }
    return left.dot < right.dot
  }
}
