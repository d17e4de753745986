// Invariant 13: only the office on duty accepts, only the fallback covers, only the owner hands on.

import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct DutyLawTests {
  let dot = Dot(Slot(1), 9)

  func refusal<T>(_ act: () throws(DutyRefusal) -> T) -> DutyRefusal? {
    do {
      _ = try act()
      return nil
    } catch {
      #expect(!error.description.isEmpty)
      return error
    }
  }

  @Test func onlyALeadOfTheOfficeOnDutyAccepts() throws {
    let desk = Desk()
    let at = utc("2026-01-14T10:00Z")
    let duties = try DutyLaw.mayAccept(office: "paris", isLead: true, book: desk.book, at: at)
    #expect(duties.map(\.start) == [utc("2026-01-14T08:30Z")])
    #expect(
      refusal { () throws(DutyRefusal) in
        try DutyLaw.mayAccept(office: "paris", isLead: false, book: desk.book, at: at)
      } == .notLead)
    #expect(
      refusal { () throws(DutyRefusal) in
        try DutyLaw.mayAccept(office: "singapore", isLead: true, book: desk.book, at: at)
      } == .notOnDuty(office: "singapore", onDuty: "paris", until: utc("2026-01-14T16:30Z")))
  }

  @Test func aRecordedAcceptanceMustNameTheSlotAndRosterOfItsTime() {
    let desk = Desk()
    let key = desk.key("2026-01-14T10:00Z")
    func check(_ slot: SlotKey, _ office: OfficeID, _ at: String) -> DutyRefusal? {
      refusal { () throws(DutyRefusal) in
        try DutyLaw.check(slot, acceptedBy: office, isLead: true, at: utc(at), book: desk.book)
      }
    }
    #expect(check(key, "paris", "2026-01-14T10:00Z") == nil)
    #expect(check(key, "paris", "2026-01-15T10:00Z") != nil, "yesterday's slot")
    #expect(check(key, "singapore", "2026-01-15T01:00Z") != nil, "another office's slot")
    var forged = key
    forged.office = "singapore"
    #expect(check(forged, "paris", "2026-01-14T10:00Z") != nil)
    var old = key
    old.version.number = 9
    #expect(
      check(old, "paris", "2026-01-14T10:00Z")
        == .otherRoster(named: old.version, inForce: key.version))
  }

  @Test func onlyTheFallbackCoversAndNotTooEarly() {
    var desk = Desk()
    func cover(_ office: OfficeID, _ at: String, _ ticket: TicketFacts? = nil) -> DutyRefusal? {
      let view = desk.view(at)
      return refusal { () throws(DutyRefusal) in
        try DutyLaw.mayCover(office: office, isLead: true, ticket: ticket, in: view)
      }
    }
    #expect(cover("san-francisco", "2026-01-14T08:45Z") == nil)
    #expect(
      cover("san-francisco", "2026-01-14T08:44Z") == .tooEarly(from: utc("2026-01-14T08:45Z")))
    #expect(
      cover("singapore", "2026-01-14T08:50Z")
        == .notFallback(office: "singapore", fallback: "san-francisco"))
    #expect(cover("san-francisco", "2026-01-14T18:00Z") == .nothingToCover, "it is on duty itself")
    desk.accept("2026-01-14T08:40Z", dot: dot, seen: VersionVector([Slot(1): 7]))
    #expect(cover("san-francisco", "2026-01-14T09:00Z") == .nothingToCover)
    #expect(cover("san-francisco", "2026-01-14T09:00Z", Desk.ticket()) == .nothingToCover)
    // What the accepting office has not seen may be covered by itself.
    let unseen = Desk.ticket(placedAt: "2026-01-14T08:50Z", dot: Dot(Slot(3), 1))
    #expect(
      cover("san-francisco", "2026-01-14T09:00Z", unseen)
        == .tooEarly(from: utc("2026-01-14T09:05Z")))
    #expect(cover("san-francisco", "2026-01-14T09:05Z", unseen) == nil)
    var rules = Rosters.three
    rules.fallback = nil
    desk.book = DutyBook([RosterPublication(rules)])
    #expect(cover("san-francisco", "2026-01-14T09:00Z") == .noFallback)
    desk.book = DutyBook([])
    #expect(cover("san-francisco", "2026-01-14T09:00Z") == .noDuty)
  }

  @Test func whoeverIsOpenMayTakeUntilTheEndOfItsWindow() throws {
    let desk = Desk()
    #expect(
      try DutyLaw.mayTake(office: "paris", in: desk.view("2026-01-14T16:40Z"))
        == utc("2026-01-14T17:00Z"))
    let night = desk.view("2026-01-14T20:00Z")
    #expect(
      refusal { () throws(DutyRefusal) in try DutyLaw.mayTake(office: "paris", in: night) }
        == .offShift("paris", opensAt: utc("2026-01-15T08:00Z"), onDuty: "san-francisco"))
    #expect(
      refusal { () throws(DutyRefusal) in try DutyLaw.mayTake(office: "rome", in: night) }
        == .unknownOffice("rome"))
  }

  @Test func onlyTheOwnerHandsOnAndOnlyToAnOpenOffice() throws {
    let desk = Desk()
    let ticket = Desk.ticket()
    let view = desk.view("2026-01-14T16:40Z")
    #expect(
      try DutyLaw.mayHandOn(office: "san-francisco", ticket: ticket, to: "paris", in: view)
        == utc("2026-01-14T17:00Z"))
    #expect(
      refusal { () throws(DutyRefusal) in
        try DutyLaw.mayHandOn(office: "paris", ticket: ticket, to: "san-francisco", in: view)
      } == .notOwner(office: "paris", owner: "san-francisco"))
    let refused = refusal { () throws(DutyRefusal) in
      try DutyLaw.mayHandOn(office: "san-francisco", ticket: ticket, to: "singapore", in: view)
    }
    #expect(
      refused == .offShift("singapore", opensAt: utc("2026-01-15"), onDuty: "san-francisco"))
  }

  @Test func sendingBackToAClosedOfficeKeepsTheTicket() throws {
    let desk = Desk()
    let ticket = Desk.ticket()
    let open = try DutyLaw.maySendBack(
      office: "san-francisco", ticket: ticket, in: desk.view("2026-01-14T16:45Z"))
    #expect(open.office == "paris" && open.until == utc("2026-01-14T17:00Z"))
    let closed = try DutyLaw.maySendBack(
      office: "san-francisco", ticket: ticket, in: desk.view("2026-01-14T20:00Z"))
    #expect(closed.office == "paris" && closed.until == nil)
  }

  @Test func aRecordedGrantMustBeWhatItsMakerCouldDo() {
    let desk = Desk()
    let ticket = Desk.ticket()
    let view = desk.view("2026-01-14T16:40Z")
    let take = desk.grant("2026-01-14T16:40Z", to: "paris", dot: dot, of: ticket)
    func check(_ grant: OwnershipGrant, by office: OfficeID) -> DutyRefusal? {
      refusal { () throws(DutyRefusal) in
        try DutyLaw.check(grant, by: office, ticket: ticket, in: view)
      }
    }
    #expect(check(take, by: "paris") == nil)
    #expect(check(take, by: "san-francisco") != nil, "nobody takes for another office")
    var hand = take
    hand.kind = .handTo
    #expect(check(hand, by: "san-francisco") == nil)
    #expect(check(hand, by: "paris") == .notOwner(office: "paris", owner: "san-francisco"))
    var ahead = take
    ahead.slotStart = utc("2090-01-01")
    #expect(
      check(ahead, by: "paris")
        == .otherSlot(named: utc("2090-01-01"), running: utc("2026-01-14T16:30Z")))
    var other = take
    other.version.number = 4
    #expect(check(other, by: "paris") != nil)
  }

  @Test func everyRefusalHasItsCommandRefusal() {
    #expect(DutyRefusal.notLead.ownership == nil)
    #expect(DutyRefusal.tooEarly(from: .zero).ownership == .tooEarlyToCover(at: .zero))
    #expect(DutyRefusal.noDuty.ownership == .nothingToCover)
    #expect(
      DutyRefusal.offShift("a", opensAt: nil, onDuty: "b").ownership
        == .officeClosed("a", opensAt: nil, onDuty: "b"))
  }
}
