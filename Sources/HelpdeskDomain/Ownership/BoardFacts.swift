// What is known of the acceptance of duty slots, over all tickets.

package import ReplicaCore

/// A slot as facts name it: the publication, the slot's start and the office on duty.
package struct SlotKey: Hashable, Sendable {
  package var version: RosterVersion
  package var start: Instant
  package var office: OfficeID

  package init(version: RosterVersion, start: Instant, office: OfficeID) {
    self.version = version
    self.start = start
    self.office = office
  }

  /// Nil where nobody is on duty by roster.
  package init?(_ slot: DutySlot) {
    guard let office = slot.office else { return nil }
    self.init(version: slot.version, start: slot.start, office: office)
  }
}

/// The act of an incoming lead.
package struct Acceptance: Hashable, Sendable {
  package var dot: Dot
  package var slot: SlotKey
  /// Roster time of the act.
  package var at: Instant
  package var agent: RowID
  /// What the office's node had applied.
  package var vector: VersionVector

  package init(dot: Dot, slot: SlotKey, at: Instant, agent: RowID, vector: VersionVector) {
    self.dot = dot
    self.slot = slot
    self.at = at
    self.agent = agent
    self.vector = vector
  }
}

/// The act of the fallback's lead.
package struct Cover: Hashable, Sendable {
  package var dot: Dot
  /// The covered slot, with the office that was on duty.
  package var slot: SlotKey
  /// The covering office.
  package var office: OfficeID
  /// Nil: the whole board of the slot.
  package var ticket: RowID?
  /// Roster time of the act.
  package var at: Instant
  package var agent: RowID

  package init(
    dot: Dot, slot: SlotKey, office: OfficeID, ticket: RowID? = nil, at: Instant, agent: RowID
  ) {
    self.dot = dot
    self.slot = slot
    self.office = office
    self.ticket = ticket
    self.at = at
    self.agent = agent
  }
}

/// The board of one slot.
package struct SlotBoard: Hashable, Sendable {
  /// The acceptance with the greatest dot; any accepts.
  package private(set) var acceptance: Acceptance?
  /// All that the office has provably seen in the slot.
  package private(set) var seen = VersionVector()
  /// The cover of the whole board with the greatest dot.
  package private(set) var cover: Cover?
  package private(set) var ticketCovers: [RowID: Cover] = [:]

  package init() {}

  package mutating func add(_ acceptance: Acceptance) {
    seen.merge(acceptance.vector)
    if let known = self.acceptance, known.dot > acceptance.dot { return }
    self.acceptance = acceptance
  }

  /// A later delta of the office in the slot, with what it had in its past.
  package mutating func addSeen(_ vector: VersionVector) { seen.merge(vector) }

  package mutating func add(_ cover: Cover) {
    if let ticket = cover.ticket {
      if let known = ticketCovers[ticket], known.dot > cover.dot { return }
      ticketCovers[ticket] = cover
    } else {
      if let known = self.cover, known.dot > cover.dot { return }
      self.cover = cover
    }
  }

  /// The cover that holds for a ticket.
  package func cover(of ticket: RowID) -> Cover? {
    guard let own = ticketCovers.isEmpty ? nil : ticketCovers[ticket] else { return cover }
    guard let cover, cover.dot > own.dot else { return own }
    return cover
  }
}

/// The boards of all slots of which something is known.
package struct BoardFacts: Hashable, Sendable {
  package private(set) var boards: [SlotKey: SlotBoard]

  package init() { boards = [:] }

  package mutating func add(_ acceptance: Acceptance) {
    boards[acceptance.slot, default: SlotBoard()].add(acceptance)
  }
  package mutating func add(_ cover: Cover) {
    boards[cover.slot, default: SlotBoard()].add(cover)
  }
  /// What an office has seen by a later delta in the slot.
  package mutating func addSeen(_ vector: VersionVector, in slot: SlotKey) {
    boards[slot, default: SlotBoard()].addSeen(vector)
  }
  /// Forgets slots that began before an instant.
  package mutating func drop(before instant: Instant) {
    boards = boards.filter { $0.key.start >= instant }
  }

  package func board(of slot: DutySlot) -> SlotBoard {
    SlotKey(slot).flatMap { boards[$0] } ?? SlotBoard()
  }
}
