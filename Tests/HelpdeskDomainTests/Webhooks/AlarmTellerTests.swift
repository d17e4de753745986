// Which node tells receivers outside of an alarm.

import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct AlarmTellerTests {
  private let active: [Slot: OfficeID] = [
    Slot(2): "paris", Slot(5): "tokyo", Slot(3): "tokyo", Slot(9): "lima",
  ]

  private func tellers(_ alarm: AlarmTeller) -> [Slot] {
    active.keys.filter { alarm.tells($0, active: active) }.sorted()
  }

  @Test func oneNodeOfTheOfficeThatIsNamedTells() {
    #expect(tellers(.office("tokyo")) == [Slot(3)])
    #expect(tellers(.office("paris")) == [Slot(2)])
  }

  @Test func whereAnOfficeHasNoNodeAnyMoreTheLowestOfAllTells() {
    #expect(tellers(.office("oslo")) == [Slot(2)])
  }

  @Test func troubleWithANodeIsToldByAnother() {
    #expect(tellers(.others(than: Slot(2))) == [Slot(3)])
    #expect(tellers(.others(than: Slot(9))) == [Slot(2)])
    #expect(tellers(.others(than: nil)) == [Slot(2)])
  }

  /// A node that was removed is not among the active ones, and tells of nothing but itself.
  @Test func aRemovedNodeTellsOfNoHandover() {
    for alarm in [AlarmTeller.office("tokyo"), .others(than: nil), .others(than: Slot(3))] {
      #expect(!alarm.tells(Slot(1), active: active))
    }
  }

  @Test func whoIsToStepInTellsOfAHandover() throws {
    let desk = Desk()
    let slot = desk.view("2026-01-13T10:00Z").slot
    #expect(slot.office == "paris")
    #expect(AlarmTeller(ofHandoverIn: slot) == .office("san-francisco"))
    var alone = slot
    alone.policy.fallback = nil
    #expect(AlarmTeller(ofHandoverIn: alone) == .office("paris"))
    alone.office = nil
    #expect(AlarmTeller(ofHandoverIn: alone) == nil)
    var unstaffed = slot
    unstaffed.office = nil
    #expect(AlarmTeller(ofHandoverIn: unstaffed) == nil)
  }

  /// The fallback of another group may be another office: under one name two would tell.
  @Test func aTicketThatChangesItsGroupIsAnotherAlarm() {
    let slot = Desk().view("2026-01-13T10:00Z").slot
    let causes = [RowID.none, RowID(10_001), RowID(10_002)].flatMap { group in
      [
        AlarmCause.board(ofGroup: group, in: slot),
        AlarmCause.ticket(RowID(50_001), ofGroup: group, in: slot),
      ]
    }
    #expect(Set(causes).count == causes.count)
    let later = Desk().view("2026-01-13T20:00Z").slot
    #expect(
      AlarmCause.ticket(RowID(50_001), ofGroup: .none, in: slot)
        != AlarmCause.ticket(RowID(50_001), ofGroup: .none, in: later))
  }
}
