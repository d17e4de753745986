// Who owns a ticket: DESIGN §4, case by case.

import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct OwnershipTests {
  let one = Dot(Slot(1), 1)
  let acceptDot = Dot(Slot(1), 5)
  let coverDot = Dot(Slot(2), 6)

  @Test func aTicketThatMovesOnFollowsTheRosterWithoutAnyFact() {
    let desk = Desk()
    let ticket = Desk.ticket()
    #expect(desk.owner(ticket, "2026-01-14T08:29Z") == "singapore")
    #expect(desk.owner(ticket, "2026-01-14T08:30Z") == "paris")
    #expect(desk.owner(ticket, "2026-01-14T16:30Z") == "san-francisco")
    #expect(desk.reason(ticket, "2026-01-14T08:30Z") == .onDuty)
    let owner = desk.view("2026-01-14T10:00Z").owner(of: ticket)
    #expect(owner.until == utc("2026-01-14T16:30Z"))
    #expect(owner.token.slotStart == utc("2026-01-14T08:30Z"))
    #expect(owner.token.fence == UInt64(utc("2026-01-14T08:30Z").seconds))
  }

  @Test func acceptBeatsCoverBeatsPlainAndALateAcceptBeatsTheCover() {
    var desk = Desk()
    let ticket = Desk.ticket()
    let plain = desk.view("2026-01-14T10:00Z").owner(of: ticket)
    desk.cover("2026-01-14T09:00Z", by: "san-francisco", dot: coverDot)
    let covered = desk.view("2026-01-14T10:00Z").owner(of: ticket)
    #expect(covered.office == "san-francisco" && covered.reason == .covered(coverDot))
    desk.accept("2026-01-14T09:30Z", dot: acceptDot, seen: VersionVector([Slot(1): 4]))
    let accepted = desk.view("2026-01-14T10:00Z").owner(of: ticket)
    #expect(accepted.office == "paris" && accepted.reason == .accepted(acceptDot))
    #expect(plain.token < covered.token && covered.token < accepted.token)
    #expect(desk.reason(ticket, "2026-01-14T17:00Z") == .onDuty, "only for its slot")
  }

  @Test func aCoverOfOneTicketLeavesTheOthers() {
    var desk = Desk()
    let ticket = Desk.ticket()
    var other = ticket
    other.id = RowID(60_001)
    desk.cover("2026-01-14T09:00Z", by: "san-francisco", dot: coverDot, ticket: ticket.id)
    #expect(desk.owner(ticket, "2026-01-14T10:00Z") == "san-francisco")
    #expect(desk.owner(other, "2026-01-14T10:00Z") == "paris")
  }

  @Test func aGrantRunsToTheEndOfItsHoldersWindowPastTheBoundary() {
    var desk = Desk()
    var ticket = Desk.ticket()
    ticket.grants = [
      desk.grant("2026-01-14T16:20Z", to: "paris", dot: Dot(Slot(1), 8), of: ticket)
    ]
    #expect(desk.owner(ticket, "2026-01-14T16:45Z") == "paris", "Paris works until 17:00Z")
    #expect(desk.view("2026-01-14T16:45Z").owner(of: ticket).until == utc("2026-01-14T17:00Z"))
    #expect(desk.view("2026-01-14T16:45Z").owner(of: ticket).agent == RowID(9))
    #expect(desk.owner(ticket, "2026-01-14T17:00Z") == "san-francisco")
    // Accepting the board does not end it; taking the ticket does.
    desk.accept("2026-01-14T16:35Z", dot: acceptDot, seen: VersionVector([Slot(1): 9]))
    #expect(desk.owner(ticket, "2026-01-14T16:45Z") == "paris")
    ticket.grants.append(
      desk.grant("2026-01-14T16:40Z", to: "san-francisco", dot: Dot(Slot(2), 9), of: ticket))
    #expect(desk.owner(ticket, "2026-01-14T16:45Z") == "san-francisco")
  }

  @Test func theEndOfAGrantWithinASlotIsAStepOnForTheToken() {
    let desk = Desk()
    var ticket = Desk.ticket()
    // San Francisco is on duty from 16:30Z; Paris takes the ticket at 16:40Z, until 17:00Z.
    ticket.grants = [
      desk.grant("2026-01-14T16:40Z", to: "paris", dot: Dot(Slot(1), 8), of: ticket)
    ]
    let tokens = ["16:35Z", "16:59Z", "17:00Z", "23:00Z"].map {
      desk.view("2026-01-14T\($0)").owner(of: ticket)
    }
    #expect(tokens.map(\.office) == ["paris", "paris", "san-francisco", "san-francisco"])
    #expect(tokens[1].token < tokens[2].token)
    #expect(tokens[2].token == tokens[3].token)
    #expect(desk.view("2026-01-14T16:35Z").owner(of: Desk.ticket()).token < tokens[1].token)
  }

  @Test func ofTwoGrantsMadeApartTheOneOfTheLaterSlotHolds() {
    let desk = Desk()
    var ticket = Desk.ticket()
    let early = desk.grant("2026-01-14T16:20Z", to: "paris", dot: Dot(Slot(9), 8), of: ticket)
    let late = desk.grant(
      "2026-01-14T16:40Z", to: "san-francisco", dot: Dot(Slot(2), 9), of: ticket)
    for grants in [[early, late], [late, early]] {
      ticket.grants = grants
      #expect(desk.owner(ticket, "2026-01-14T16:45Z") == "san-francisco")
    }
  }

  /// What answers a grant holds, although its author's clock is behind.
  @Test func aGrantThatAnswersAnotherHoldsUnderASlowerClock() {
    let desk = Desk()
    var ticket = Desk.ticket()
    let first = desk.grant("2026-01-14T16:20Z", to: "paris", dot: Dot(Slot(1), 8), of: ticket)
    ticket.grants = [first]
    let answer = desk.grant(
      "2026-01-14T16:18Z", to: "san-francisco", dot: Dot(Slot(2), 9), of: ticket)
    for grants in [[first, answer], [answer, first]] {
      ticket.grants = grants
      #expect(desk.owner(ticket, "2026-01-14T16:25Z") == "san-francisco")
    }
  }

  @Test func aGrantDoesNotHoldInAnotherGroup() {
    let desk = Desk()
    var ticket = Desk.ticket()
    ticket.grants = [
      desk.grant("2026-01-14T16:20Z", to: "paris", dot: Dot(Slot(1), 8), of: ticket)
    ]
    ticket.placement.group = RowID(20_001)
    ticket.epoch = 2
    #expect(desk.owner(ticket, "2026-01-14T16:45Z") == "san-francisco")
  }

  @Test func aGrantToAnOfficeOffShiftOnlyMarksTheTicket() {
    let desk = Desk()
    var ticket = Desk.ticket()
    ticket.grants = [
      desk.grant(
        "2026-01-14T20:00Z", to: "paris", dot: Dot(Slot(2), 8), of: ticket, kind: .sendBack)
    ]
    #expect(ticket.grants[0].until == nil)
    #expect(ticket.lastGrant?.office == "paris" && Desk.ticket().lastGrant == nil)
    #expect(desk.owner(ticket, "2026-01-14T20:01Z") == "san-francisco")
    #expect(desk.owner(ticket, "2026-01-15T09:00Z") == "paris")
  }

  @Test func aStayingTicketIsAtHomeWhileItsHomeSleeps() {
    var desk = Desk()
    let ticket = Desk.ticket(.stays)
    // Paris closes at 17:00Z; max_stay is 12 hours.
    #expect(desk.owner(ticket, "2026-01-14T23:00Z") == "paris")
    #expect(desk.reason(ticket, "2026-01-14T23:00Z") == .stays)
    #expect(desk.view("2026-01-14T23:00Z").owner(of: ticket).until == utc("2026-01-15T00:30Z"))
    desk.accept("2026-01-14T17:00Z", dot: acceptDot, seen: VersionVector([Slot(1): 4]))
    #expect(desk.owner(ticket, "2026-01-14T23:00Z") == "paris", "the board's acceptance leaves it")
  }

  @Test func aStayingTicketWakesToTheOfficeOnDutyAtItsInstant() {
    let desk = Desk()
    let ticket = Desk.ticket(.stays, wake: "2026-01-14T20:00Z")
    let before = desk.view("2026-01-14T19:59Z").owner(of: ticket)
    let after = desk.view("2026-01-14T20:00Z").owner(of: ticket)
    #expect(before.office == "paris" && before.until == utc("2026-01-14T20:00Z"))
    #expect(after.office == "san-francisco" && after.reason == .onDuty)
    #expect(before.token < after.token)
    #expect(desk.owner(ticket, "2026-01-15T03:00Z") == "singapore", "awake, it moves on")
  }

  @Test func aStayingTicketWakesWhenHomeIsClosedLongerThanMaxStay() {
    let desk = Desk()
    let ticket = Desk.ticket(.stays)
    let before = desk.view("2026-01-15T04:59Z").owner(of: ticket)
    let woken = desk.view("2026-01-15T05:00Z").owner(of: ticket)
    let home = desk.view("2026-01-15T08:30Z").owner(of: ticket)
    #expect(before.office == "paris" && before.until == utc("2026-01-15T05:00Z"))
    #expect(woken.office == "singapore")
    // Not in the middle of a slot: it sleeps again when the next one begins.
    #expect(desk.owner(ticket, "2026-01-15T08:15Z") == "singapore")
    #expect(home.office == "paris" && home.reason == .stays)
    #expect(before.token < woken.token && woken.token < home.token)
    var patient = Rosters.three
    patient.maxStay = 16
    var slow = Desk()
    slow.book = DutyBook([RosterPublication(patient)])
    #expect(slow.owner(ticket, "2026-01-15T07:59Z") == "paris")
  }

  @Test func overAWeekendAStayingTicketWakesOnceAndSleepsAgainOnMonday() {
    var rules = Rosters.three
    rules.maxStay = 20
    rules.groups[0].shifts[0].days = [.monday, .tuesday, .wednesday, .thursday, .friday]
    var desk = Desk()
    desk.book = DutyBook([RosterPublication(rules)])
    let ticket = Desk.ticket(.stays)
    var owners: [OfficeID] = []
    var previous: OwnershipToken?
    for quarter in 0..<4 * 24 * 5 {
      let owner = desk.view(utc("2026-01-15T18:00Z") + Int64(quarter) * 15 * minute).owner(
        of: ticket)
      if owners.last != owner.office { owners.append(owner.office) }
      if let previous { #expect(previous <= owner.token) }
      previous = owner.token
    }
    #expect(owners.first == "paris" && owners.last == "paris")
    #expect(owners.contains("singapore") && owners.contains("san-francisco"))
  }

  @Test func aHomeThatTheRosterDoesNotKnowKeepsItsTicketsForMaxStayOnly() {
    var desk = Desk()
    desk.offices.active.insert("rome")
    let ticket = Desk.ticket(.stays, home: "rome")
    // The roster took effect on 1 December.
    #expect(desk.owner(ticket, "2025-12-01T11:59Z") == "rome")
    #expect(desk.owner(ticket, "2025-12-01T12:00Z") == "paris")
  }

  @Test func takingAStayingTicketHoldsItAndThenItIsAtHomeAgain() {
    let desk = Desk()
    var ticket = Desk.ticket(.stays)
    ticket.grants = [
      desk.grant("2026-01-14T20:00Z", to: "san-francisco", dot: Dot(Slot(2), 8), of: ticket)
    ]
    let taken = desk.view("2026-01-14T20:01Z").owner(of: ticket)
    let back = desk.view("2026-01-15T01:00Z").owner(of: ticket)
    #expect(taken.office == "san-francisco")
    #expect(back.office == "paris" && taken.token < back.token)
  }

  @Test func withoutARosterTheHomeOfficeOwnsElseTheFoundingOne() {
    var desk = Desk()
    desk.book = DutyBook([])
    let ticket = Desk.ticket(home: "singapore")
    #expect(desk.owner(ticket, "2026-01-14T10:00Z") == "singapore")
    #expect(desk.reason(ticket, "2026-01-14T10:00Z") == .noRoster)
    desk.offices.active.remove("singapore")
    #expect(desk.owner(ticket, "2026-01-14T10:00Z") == "paris")
    desk.offices.active.remove("paris")
    #expect(desk.owner(ticket, "2026-01-14T10:00Z") == "san-francisco")
    desk.offices.active = []
    #expect(desk.owner(ticket, "2026-01-14T10:00Z") == "paris", "never ownerless")
  }

  @Test func whenTheOfficeOnDutyWasRemovedTheHomeOfficeOwns() {
    var desk = Desk()
    desk.offices.active.remove("san-francisco")
    let ticket = Desk.ticket(home: "singapore")
    #expect(desk.owner(ticket, "2026-01-14T18:00Z") == "singapore")
    #expect(desk.reason(ticket, "2026-01-14T18:00Z") == .removed("san-francisco"))
    var held = ticket
    held.grants = [desk.grant("2026-01-14T17:00Z", to: "san-francisco", dot: one, of: ticket)]
    #expect(desk.owner(held, "2026-01-14T18:00Z") == "singapore", "its grants end too")
  }

  @Test("what its office did counts no more, and the token goes on all the same")
  func aRemovalRaisesTheToken() {
    var desk = Desk()
    let ticket = Desk.ticket(home: "singapore")
    var taken = ticket
    taken.grants = [desk.grant("2026-01-14T17:00Z", to: "san-francisco", dot: one, of: ticket)]
    desk.accept("2026-01-14T17:10Z", dot: acceptDot, seen: VersionVector([Slot(1): 4]))
    for held in [ticket, taken] {
      let before = desk.view("2026-01-14T18:00Z").owner(of: held)
      #expect(before.office == "san-francisco")
      var after = desk
      after.offices.active.remove("san-francisco")
      after.offices.records += 1
      let owner = after.view("2026-01-14T18:00Z").owner(of: held)
      #expect(owner.office == "singapore")
      #expect(owner.token > before.token)
    }
  }

  @Test func aTakeWithoutARosterEndsWhenARosterComesIntoForce() {
    var desk = Desk()
    var ticket = Desk.ticket()
    desk.book = DutyBook([])
    ticket.grants = [desk.grant("2025-11-20T10:00Z", to: "singapore", dot: one, of: ticket)]
    #expect(ticket.grants[0].until == RosterLimits.latest)
    #expect(desk.owner(ticket, "2025-11-25T10:00Z") == "singapore")
    desk.book = DutyBook([RosterPublication(Rosters.three)])
    #expect(desk.owner(ticket, "2025-11-25T10:00Z") == "singapore")
    #expect(desk.owner(ticket, "2026-01-14T18:00Z") == "san-francisco")
  }

  @Test func aTakeUnderARosterThatWasSupersededRunsOn() {
    var desk = Desk()
    var ticket = Desk.ticket()
    let first = RosterPublication(Rosters.three, number: 1, from: "2026-01-14")
    let second = RosterPublication(Rosters.three, number: 2, from: "2026-01-14", row: 20_001)
    desk.book = DutyBook([first])
    ticket.grants = [desk.grant("2026-01-14T16:20Z", to: "paris", dot: one, of: ticket)]
    desk.book = DutyBook([first, second])
    #expect(desk.book.superseded.map(\.id) == [first.id])
    let until = desk.book.grantEnd(
      office: "paris", group: "Support", at: utc("2026-01-14T16:20Z"), under: first.version)
    #expect(until == utc("2026-01-14T17:00Z"))
    #expect(desk.owner(ticket, "2026-01-14T16:45Z") == "paris")
  }

  @Test func theOfficeBeforeIsTheOneThatWouldOwnItWithoutTheGrant() {
    let desk = Desk()
    var ticket = Desk.ticket()
    #expect(desk.view("2026-01-14T18:00Z").previousOffice(of: ticket) == "paris")
    ticket.grants = [desk.grant("2026-01-14T16:45Z", to: "paris", dot: one, of: ticket)]
    #expect(desk.view("2026-01-14T16:50Z").previousOffice(of: ticket) == "san-francisco")
  }
}
