// Ids of events: each one once, whatever a change holds, and the same on every node.

internal import HelpdeskDomain
internal import ReplicaCore

/// The ids of what an audit holds, and of the events of a change's further tickets.
///
/// They are the audit's with a place in the change below it, and lie in the upper half of what JSON
/// clients keep whole; rows and audits, whose ids are `n * 10_000 + slot`, do not come there before
/// the 450,000,000,000th of a node. A change of more than 511 actions, as large imports make them,
/// has no room for their places: the further ones get ids of this node's alone, in the quarter below,
/// made of the number under which it applied the change.
enum EventID {
  private static let everywhere: Int64 = 1 << 52
  private static let here: Int64 = 1 << 51
  /// Bits of a place and its kind below an audit's id.
  private static let placeBits = 10
  /// Audits up to the 439,000,000th of a node have room for them.
  private static let auditBits = 42
  /// Bits of a place and its kind below the number of a change. A delta of ``Limits/deltaBytes`` has
  /// fewer than 2^19 actions, of four bytes at least, and as few changes.
  private static let longPlaceBits = 20

  private enum Kind: Int64 { case child, event }

  /// Of one thing that a change did, by the ordinal of its action in the delta.
  /// - Parameter applied: the number under which this node applied the change.
  static func child(_ ordinal: Int, of dot: Dot, applied: Int64) -> Int64 {
    id(.child, ordinal, dot, applied)
  }

  /// Of what a delta did to the ticket at a place among those that it names. The first is known by
  /// the id of the audit.
  static func event(_ place: Int, of entry: HistoryEntry) -> RowID {
    let dot = entry.delta.dot
    guard place > 0 else { return AuditPresenter.id(of: dot) }
    return RowID(id(.event, place, dot, entry.applied))
  }

  private static func id(_ kind: Kind, _ place: Int, _ dot: Dot, _ applied: Int64) -> Int64 {
    let number = Int64(place) << 1 | kind.rawValue
    let audit = AuditPresenter.id(of: dot).rawValue
    if number < 1 << placeBits, audit < 1 << auditBits {
      return everywhere | audit << placeBits | number
    }
    return here | applied << longPlaceBits | number
  }
}
