// Presence is told, told on, and forgotten.

import AgentAPI
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite struct PresenceBookTests {
  let start = Instant(seconds: 1_790_000_000)
  let mei = RowID(number: 1, slot: Slot(7))
  let ana = RowID(number: 2, slot: Slot(7))
  let ticket = RowID(number: 9, slot: Slot(1))

  @Test func itEndsByItselfAndAtOnceWhereOneLeaves() {
    let book = PresenceBook(own: Slot(7))
    book.tell(mei, PresenceState(ticket: ticket, activity: .editing), now: start)
    book.tell(ana, PresenceState(ticket: nil, activity: .viewing), now: start + 5_000)
    let lines = book.lines(now: start + 20_000)
    #expect(lines.map(\.entry.user) == [ana, mei])
    #expect(lines.map(\.age) == [15_000, 20_000])
    book.tell(ana, nil, now: start + 21_000)
    #expect(book.lines(now: start + 21_000).map(\.entry.user) == [mei])
    #expect(book.lines(now: start + PresenceBook.life).isEmpty)
  }

  /// Nothing is sent while nobody says anything new; a repetition is for links that are new.
  @Test func peersAreToldWhatIsNewAndNoMore() {
    let (here, there) = (PresenceBook(own: Slot(7)), PresenceBook(own: Slot(8)))
    #expect(here.outgoing(now: start) == nil)
    here.tell(mei, PresenceState(ticket: ticket, activity: .editing), now: start)
    let first = here.outgoing(now: start + 1_000)
    #expect(first?.count == 1)
    #expect(here.outgoing(now: start + 2_000) == nil)
    here.tell(mei, PresenceState(ticket: ticket, activity: .editing), now: start + 3_000)
    #expect(here.outgoing(now: start + 3_000) == nil)
    #expect(here.outgoing(now: start + 16_000) != nil)
    there.heard(first ?? [], from: Slot(7), now: start + 1_500)
    let line = there.lines(now: start + 2_500).first
    #expect(line?.slot == Slot(7))
    #expect(line?.age == 2_000)
    #expect(line?.entry.state == PresenceState(ticket: ticket, activity: .editing))
    here.tell(mei, nil, now: start + 17_000)
    let last = here.outgoing(now: start + 18_000)
    #expect(last == [])
    there.heard(last ?? [], from: Slot(7), now: start + 18_000)
    #expect(there.lines(now: start + 18_000).isEmpty)
    #expect(here.outgoing(now: start + 60_000) == nil)
  }

  @Test func aPeerCannotFillTheMemoryOrClaimOldNews() {
    let book = PresenceBook(own: Slot(7))
    book.heard(
      (1...5_000).map {
        PresenceMark(
          user: RowID(number: $0, slot: Slot(8)), ticket: .none, isEditing: false, age: 0)
      }, from: Slot(8), now: start)
    #expect(book.lines(now: start).count == APILimits.presences)
    let marks = [-1, PresenceBook.life + 1].map {
      PresenceMark(user: mei, ticket: .none, isEditing: false, age: $0)
    }
    book.heard(marks, from: Slot(8), now: start)
    #expect(book.lines(now: start).isEmpty)
    for number in 1...Int64(APILimits.presences + 5) {
      book.tell(
        RowID(number: number, slot: Slot(7)), PresenceState(ticket: nil, activity: .viewing),
        now: start + number)
    }
    #expect(book.lines(now: start + 3_000).count == APILimits.presences)
  }
}
