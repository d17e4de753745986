// The tables of who owns a ticket when, and of what is said at a boundary.

internal import ReplicaCore

package enum GrantColumn {
  package static let ticket: UInt16 = 1
  /// `take`, `hand_to` or `send_back`.
  package static let kind: UInt16 = 2
  /// The office that holds the ticket by this grant.
  package static let office: UInt16 = 3
  /// The user it is assigned to, where one is named.
  package static let agent: UInt16 = 4
  /// The roster publication (row id) under which it was made; 0 where there is none.
  package static let roster: UInt16 = 5
  /// Start of the duty slot in which it was made, milliseconds of roster time.
  package static let slotStart: UInt16 = 6
  /// The roster time of the act, milliseconds.
  package static let at: UInt16 = 7
  package static let note: UInt16 = 8
  /// The chain number of the token: one more than the greatest grant of this ticket seen.
  package static let chain: UInt16 = 9
  /// The ticket's group when it was made; 0 where it had none.
  package static let group: UInt16 = 10

  static let specs: [ColumnSpec] = [
    ColumnSpec(ticket, "ticket_id", .register, .integer, indexed: true),
    ColumnSpec(kind, "kind"),
    ColumnSpec(office, "office"),
    ColumnSpec(agent, "agent_id", .register, .integer),
    ColumnSpec(roster, "roster_id", .register, .integer),
    ColumnSpec(slotStart, "slot_start", .register, .integer),
    ColumnSpec(at, "at", .register, .integer, indexed: true),
    ColumnSpec(note, "note", personal: true),
    ColumnSpec(chain, "chain", .register, .integer),
    ColumnSpec(group, "group_id", .register, .integer),
  ]
}

package enum AcceptanceColumn {
  package static let office: UInt16 = 1
  package static let slotStart: UInt16 = 2
  package static let roster: UInt16 = 3
  package static let agent: UInt16 = 4
  package static let at: UInt16 = 5
  /// The one ticket that is accepted by an act on it; 0: the whole board of the slot.
  package static let ticket: UInt16 = 6
  /// What the author had applied, in the form of ``SeenVector``. For one ticket: the delta of the
  /// placement that was shown, or nothing where the same delta placed it.
  package static let vector: UInt16 = 7

  static let specs: [ColumnSpec] = [
    ColumnSpec(office, "office"),
    ColumnSpec(slotStart, "slot_start", .register, .integer, indexed: true),
    ColumnSpec(roster, "roster_id", .register, .integer),
    ColumnSpec(agent, "agent_id", .register, .integer),
    ColumnSpec(at, "at", .register, .integer, indexed: true),
    ColumnSpec(ticket, "ticket_id", .register, .integer, indexed: true),
    ColumnSpec(vector, "vector", .register, .blob),
  ]
}

package enum SeenColumn {
  package static let office: UInt16 = 1
  package static let slotStart: UInt16 = 2
  package static let at: UInt16 = 3
  /// What the node had applied, in the form of ``SeenVector``.
  package static let vector: UInt16 = 4
  package static let roster: UInt16 = 5

  static let specs: [ColumnSpec] = [
    ColumnSpec(office, "office"),
    ColumnSpec(slotStart, "slot_start", .register, .integer, indexed: true),
    ColumnSpec(at, "at", .register, .integer, indexed: true),
    ColumnSpec(vector, "vector", .register, .blob),
    ColumnSpec(roster, "roster_id", .register, .integer),
  ]
}

package enum CoverColumn {
  /// The covering (fallback) office.
  package static let office: UInt16 = 1
  package static let slotStart: UInt16 = 2
  package static let roster: UInt16 = 3
  /// The covered ticket; 0 covers the whole board of the slot.
  package static let ticket: UInt16 = 4
  package static let agent: UInt16 = 5
  package static let at: UInt16 = 6
  /// The office that was on duty.
  package static let onDuty: UInt16 = 7

  static let specs: [ColumnSpec] = [
    ColumnSpec(office, "office"),
    ColumnSpec(slotStart, "slot_start", .register, .integer, indexed: true),
    ColumnSpec(roster, "roster_id", .register, .integer),
    ColumnSpec(ticket, "ticket_id", .register, .integer),
    ColumnSpec(agent, "agent_id", .register, .integer),
    ColumnSpec(at, "at", .register, .integer, indexed: true),
    ColumnSpec(onDuty, "on_duty"),
  ]
}

package enum HandoffNoteColumn {
  package static let ticket: UInt16 = 1
  package static let text: UInt16 = 2
  package static let nextAction: UInt16 = 3
  package static let author: UInt16 = 4
  package static let office: UInt16 = 5
  package static let slotStart: UInt16 = 6
  package static let at: UInt16 = 7
  /// What was promised, in words; null where nothing was.
  package static let promise: UInt16 = 8
  /// To whom, in words; null: to the requester.
  package static let promisedTo: UInt16 = 9
  /// Until when, milliseconds of roster time.
  package static let promisedUntil: UInt16 = 10

  static let specs: [ColumnSpec] = [
    ColumnSpec(ticket, "ticket_id", .register, .integer, indexed: true),
    ColumnSpec(text, "text", personal: true),
    ColumnSpec(nextAction, "next_action", personal: true),
    ColumnSpec(author, "author_id", .register, .integer),
    ColumnSpec(office, "office"),
    ColumnSpec(slotStart, "slot_start", .register, .integer),
    ColumnSpec(at, "at", .register, .integer),
    ColumnSpec(promise, "promise", personal: true),
    ColumnSpec(promisedTo, "promised_to", personal: true),
    ColumnSpec(promisedUntil, "promised_until", .register, .integer, indexed: true),
  ]
}
