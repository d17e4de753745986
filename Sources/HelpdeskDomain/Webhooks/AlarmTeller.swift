// Who tells receivers outside of an alarm, by a rule that every node works out alike.

package import ReplicaCore

/// Which one of the nodes tells receivers outside of an alarm: the same by the same roster and
/// membership, whatever is unreachable.
package enum AlarmTeller: Hashable, Sendable {
  /// A node of this office: that which the roster names to step in.
  case office(OfficeID)
  /// The node that it is about.
  case itself
  /// Any but the node that it is about.
  case others(than: Slot?)

  /// Of a hand-over that was not accepted in this slot: the office on duty may be what is dead, so
  /// who is to step in tells. Nil where nobody is on duty, and so nothing is handed over.
  package init?(ofHandoverIn slot: DutySlot) {
    guard let office = slot.policy.fallback ?? slot.office, slot.office != nil else { return nil }
    self = .office(office)
  }

  /// Whether the node with the slot `own` tells: the lowest active slot of the office that is
  /// named, or of all where that office has none.
  ///
  /// - Parameter active: the slots of the membership that are not removed, with their offices.
  package func tells(_ own: Slot, active: [Slot: OfficeID]) -> Bool {
    switch self {
    case .itself: return true
    case .others(let slot): return active.keys.filter { $0 != slot }.min() == own
    case .office(let office):
      let there = active.filter { $0.value == office }
      return (there.isEmpty ? active : there).keys.min() == own
    }
  }
}

/// The names of alarms of a hand-over: the same on every node, and others for another slot.
package enum AlarmCause {
  /// Nobody has accepted the board of a group.
  package static func board(ofGroup group: RowID, in slot: DutySlot) -> String {
    "board-\(group)-\(slot.start.milliseconds)"
  }

  /// A ticket has not been seen. It names the group: that of another group may be another office's
  /// to tell, and one cause must not have two tellers.
  package static func ticket(_ ticket: RowID, ofGroup group: RowID, in slot: DutySlot) -> String {
    "ticket-\(ticket)-\(group)-\(slot.start.milliseconds)"
  }
}
