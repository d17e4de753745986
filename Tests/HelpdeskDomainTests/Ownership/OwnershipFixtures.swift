// Tickets and boards for the ownership tests.

import ReplicaCore

@testable import HelpdeskDomain

/// Paris, San Francisco and Singapore in January: Paris has duty from 08:30Z to 16:30Z (open 08:00
/// to 17:00Z), San Francisco to 00:30Z (open 16:00 to 01:00Z), Singapore to 08:30Z (open 00:00 to
/// 09:00Z). San Francisco is the fallback.
struct Desk {
  static let group = RowID(10_001)
  var book = DutyBook([RosterPublication(Rosters.three)])
  var board = BoardFacts()
  var offices = OfficeDirectory(
    founding: "paris", active: ["paris", "san-francisco", "singapore"])

  var table: DutyTable { book.table(forGroup: "Support") }

  func view(_ instant: String) -> OwnershipView { view(utc(instant)) }
  func view(_ instant: Instant) -> OwnershipView {
    OwnershipView(at: instant, table: table, board: board, offices: offices)
  }
  func owner(_ ticket: TicketFacts, _ instant: String) -> OfficeID {
    view(instant).owner(of: ticket).office
  }
  func reason(_ ticket: TicketFacts, _ instant: String) -> Ownership.Reason {
    view(instant).owner(of: ticket).reason
  }

  func key(_ instant: String) -> SlotKey {
    let slot = table.slot(at: utc(instant))
    return SlotKey(slot) ?? SlotKey(version: slot.version, start: slot.start, office: "none")
  }

  /// A ticket placed by delta 1:1 at an instant.
  static func ticket(
    _ mode: Placement.Mode = .movesOn, home: OfficeID = "paris", wake: String? = nil,
    placedAt: String = "2026-01-13T10:00Z", dot: Dot = Dot(Slot(1), 1)
  ) -> TicketFacts {
    TicketFacts(
      id: RowID(50_001),
      placement: Placement(group: group, home: home, mode: mode, wake: wake.map(utc)), epoch: 1,
      placementDot: dot, placedAt: utc(placedAt))
  }

  mutating func accept(_ instant: String, dot: Dot, seen: VersionVector) {
    board.add(
      Acceptance(
        dot: dot, slot: key(instant), at: utc(instant), agent: RowID(1), vector: seen))
  }

  mutating func cover(_ instant: String, by office: OfficeID, dot: Dot, ticket: RowID? = nil) {
    board.add(
      Cover(
        dot: dot, slot: key(instant), office: office, ticket: ticket, at: utc(instant),
        agent: RowID(2)))
  }

  func grant(
    _ instant: String, to office: OfficeID, dot: Dot, of ticket: TicketFacts,
    kind: OwnershipGrant.Kind = .take
  ) -> OwnershipGrant {
    let slot = table.slot(at: utc(instant))
    return OwnershipGrant(
      kind: kind, dot: dot, at: utc(instant), office: office, agent: RowID(9),
      version: slot.version, slotStart: ticket.grantSlotStart(in: slot), chain: ticket.nextChain,
      until: book.grantEnd(
        office: office, group: "Support", at: utc(instant), under: slot.version),
      group: ticket.placement.group)
  }
}
