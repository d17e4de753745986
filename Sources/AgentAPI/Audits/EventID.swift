// Ids of events: each one once on a node, whatever a change holds.

internal import HelpdeskDomain
internal import ReplicaCore

/// The ids of what an audit holds, and of the events of a change's further tickets.
///
/// They are this node's alone, made of the number under which it applied the change, and of a place
/// in the change. They lie in the upper half of what JSON clients keep whole; rows and audits,
/// whose ids are `n * 10_000 + slot`, do not come there before the 450,000,000,000th of a node.
enum EventID {
  private static let least: Int64 = 1 << 52
  /// Bits of the place in a change and of its kind. A delta of ``Limits/deltaBytes`` has fewer than
  /// 2^19 actions, of four bytes at least, and as few changes.
  private static let bits = 20

  /// Of one thing that a change did, by the ordinal of its action in the delta.
  static func child(_ ordinal: Int, applied: Int64) -> Int64 {
    least | applied << bits | Int64(ordinal) << 1
  }

  /// Of what a delta did to the ticket at a place among those that it names. The first is known by
  /// the id of the audit.
  static func event(_ place: Int, of entry: HistoryEntry) -> RowID {
    guard place > 0 else { return AuditPresenter.id(of: entry.delta.dot) }
    return RowID(least | entry.applied << bits | Int64(place) << 1 | 1)
  }
}
