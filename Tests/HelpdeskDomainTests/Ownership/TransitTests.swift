// In transit until provably seen; alarm when nobody accepts in staffed time.

import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct TransitTests {
  let born = Dot(Slot(1), 7)
  let acceptDot = Dot(Slot(2), 3)

  @Test func theTimerCountsFromTheStaffedStartAndThenAlarms() {
    let desk = Desk()
    let ticket = Desk.ticket(dot: born)
    let early = desk.view("2026-01-14T16:31Z").transit(of: ticket)
    #expect(early.status == .running)
    #expect(early.used == minute)
    #expect(early.alarmAt == utc("2026-01-14T16:45Z"))
    #expect(early.coverFrom == nil, "the office on duty is the fallback itself")
    let late = desk.view("2026-01-14T16:45Z").transit(of: ticket)
    #expect(late.status == .overdue && late.alarms(at: utc("2026-01-14T16:45Z")))
    let paris = desk.view("2026-01-14T08:40Z").transit(of: ticket)
    #expect(paris.coverFrom == utc("2026-01-14T08:45Z"))
  }

  @Test func anAcceptedBoardCoversWhatTheOfficeHasProvablySeen() {
    var desk = Desk()
    let ticket = Desk.ticket(dot: born)
    desk.accept("2026-01-14T16:32Z", dot: acceptDot, seen: VersionVector([Slot(1): 7]))
    #expect(desk.view("2026-01-14T16:40Z").transit(of: ticket).status == .accepted(acceptDot))
  }

  /// A ticket born in the cut-off office after the other has accepted is in transit, and alarms.
  @Test func aTicketBornAfterTheAcceptanceIsInTransitUntilALaterDeltaHasSeenIt() {
    var desk = Desk()
    let late = Desk.ticket(placedAt: "2026-01-14T16:50Z", dot: Dot(Slot(1), 8))
    desk.accept("2026-01-14T16:32Z", dot: acceptDot, seen: VersionVector([Slot(1): 7]))
    let transit = desk.view("2026-01-14T16:55Z").transit(of: late)
    #expect(transit.status == .running)
    #expect(transit.since == utc("2026-01-14T16:50Z"))
    #expect(transit.alarmAt == utc("2026-01-14T17:05Z"))
    #expect(desk.view("2026-01-14T17:05Z").transit(of: late).status == .overdue)
    #expect(desk.owner(late, "2026-01-14T17:05Z") == "san-francisco", "owned all the same")
    desk.board.addSeen(VersionVector([Slot(1): 8]), in: desk.key("2026-01-14T17:06Z"))
    #expect(desk.view("2026-01-14T17:06Z").transit(of: late).status == .accepted(acceptDot))
  }

  @Test func whatAnOfficeSawWithoutAcceptingIsNotAccepted() {
    var desk = Desk()
    desk.board.addSeen(VersionVector([Slot(1): 9]), in: desk.key("2026-01-14T16:40Z"))
    let ticket = Desk.ticket(dot: born)
    #expect(desk.view("2026-01-14T16:40Z").transit(of: ticket).status == .running)
  }

  @Test func anActOfAnAgentOnDutyAcceptsThatTicketAlone() {
    let desk = Desk()
    var ticket = Desk.ticket(dot: born)
    let key = desk.key("2026-01-14T16:40Z")
    ticket.touches = [
      OwnershipTouch(
        dot: Dot(Slot(2), 4), office: "san-francisco", version: key.version, slotStart: key.start,
        seen: VersionVector([born.slot: born.seq]))
    ]
    let view = desk.view("2026-01-14T16:40Z")
    #expect(view.transit(of: ticket).status == .accepted(Dot(Slot(2), 4)))
    #expect(view.owner(of: ticket).reason == .accepted(Dot(Slot(2), 4)))
    ticket.touches[0].office = "paris"
    #expect(view.transit(of: ticket).status == .running, "another office's act accepts nothing")
  }

  /// INVARIANTS 14; the case `touch` of docs/models.
  @Test func anActAcceptsNoPlacementThatItsAuthorHadNotSeen() {
    let desk = Desk()
    var ticket = Desk.ticket(dot: born)
    let key = desk.key("2026-01-14T16:40Z")
    let act = Dot(Slot(2), 4)
    ticket.touches = [
      OwnershipTouch(
        dot: act, office: "san-francisco", version: key.version, slotStart: key.start,
        seen: VersionVector([born.slot: born.seq]))
    ]
    ticket.placementDot = Dot(Slot(3), 1)
    let view = desk.view("2026-01-14T16:40Z")
    #expect(view.transit(of: ticket).status == .running)
    #expect(view.owner(of: ticket).reason == .onDuty)
    ticket.placementDot = act
    #expect(view.transit(of: ticket).status == .accepted(act), "it placed the ticket itself")
  }

  @Test func theTimerWaitsInUnstaffedTimeAndOnlyUrgentTicketsAlarm() {
    var desk = Desk()
    desk.book = DutyBook([RosterPublication(Rosters.waves)])
    desk.offices.active = ["colorado", "california", "beijing"]
    var ticket = Desk.ticket(home: "beijing", dot: born)
    // A gap from 14:00 to 15:00Z belongs to Colorado's slot.
    let waiting = desk.view("2026-01-14T14:30Z").transit(of: ticket)
    #expect(waiting.status == .waiting && waiting.used == 0)
    #expect(waiting.alarmAt == utc("2026-01-14T15:15Z"))
    ticket.isUrgent = true
    let urgent = desk.view("2026-01-14T14:30Z").transit(of: ticket)
    #expect(urgent.alarmAt == utc("2026-01-14T14:15Z"))
    #expect(urgent.alarms(at: utc("2026-01-14T14:30Z")))
  }

  @Test func nothingIsAskedForWhatIsAtHomeOrHeld() {
    let desk = Desk()
    #expect(desk.view("2026-01-14T20:00Z").transit(of: Desk.ticket(.stays)).status == .notAsked)
    var held = Desk.ticket()
    held.grants = [desk.grant("2026-01-14T16:20Z", to: "paris", dot: born, of: held)]
    #expect(desk.view("2026-01-14T16:50Z").transit(of: held).status == .notAsked)
    let after = desk.view("2026-01-14T17:05Z").transit(of: held)
    #expect(after.status == .running && after.since == utc("2026-01-14T17:00Z"))
  }

  @Test func aWokenTicketCountsFromItsWaking() {
    let desk = Desk()
    let ticket = Desk.ticket(.stays, wake: "2026-01-14T20:00Z")
    let transit = desk.view("2026-01-14T20:10Z").transit(of: ticket)
    #expect(transit.since == utc("2026-01-14T20:00Z"))
    #expect(transit.alarmAt == utc("2026-01-14T20:15Z"))
  }

  @Test func noSlotEndsWithoutItsAlarm() {
    let desk = Desk()
    // Placed five minutes before the boundary, or stamped by a clock that is years ahead.
    for placed in ["2026-01-14T16:25Z", "2030-01-01T00:00Z"] {
      let ticket = Desk.ticket(placedAt: placed, dot: born)
      let transit = desk.view("2026-01-14T16:26Z").transit(of: ticket)
      #expect(transit.alarmAt == utc("2026-01-14T16:30Z") + -1_000)
    }
  }

  @Test func aCoveredTicketNamesItsCoverer() {
    var desk = Desk()
    desk.cover("2026-01-14T09:00Z", by: "san-francisco", dot: acceptDot)
    #expect(
      desk.view("2026-01-14T09:10Z").transit(of: Desk.ticket(dot: born)).status
        == .covered(by: "san-francisco", acceptDot))
  }
}
