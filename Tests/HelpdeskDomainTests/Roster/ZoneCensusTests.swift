// Invariant 21: every instant exactly once, across every offset change of every zone.

import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct ZoneCensusTests {
  /// Three offices in one zone that meet at 23:30, 02:30 and 12:00, about where clocks change.
  func table(_ zone: ZoneOffsets, handover: Handover) -> DutyTable {
    let rules = RosterRules(
      offices: [
        RosterOffice("night", zone: "Some/Zone"), RosterOffice("morning", zone: "Some/Zone"),
        RosterOffice("evening", zone: "Some/Zone"),
      ],
      groups: [
        GroupRules(shifts: [
          Shift(office: "night", hours: WorkHours("23:30", until: "02:30")),
          Shift(office: "morning", hours: WorkHours("02:30", until: "12:00")),
          Shift(office: "evening", hours: WorkHours("12:00", until: "23:30")),
        ])
      ], handover: handover)
    let publication = RosterPublication(rules, from: "2024-01-01", zones: ["Some/Zone": zone])
    return DutyBook([publication]).table(forGroup: "any")
  }

  @Test func everyInstantHasExactlyOneSlotAcrossEveryOffsetChange() throws {
    let zones = SystemZones.all
    let changes = zones.reduce(0) { $0 + $1.offsets.changes.count }
    print("zone census: \(changes) offset changes in \(zones.count) zones of this system")
    #expect(changes > 5_000)
    #expect(zones.count > 500)
    var covered = 0
    let byOffsets = Dictionary(grouping: zones, by: \.offsets)
    for (offsets, names) in byOffsets where !offsets.changes.isEmpty {
      let table = table(offsets, handover: .start)
      let slots = table.slots(from: utc("2024-01-01"), to: RosterLimits.zonesUntil)
      try #require(slots.first?.start == utc("2024-01-01"))
      #expect(slots.last?.end == RosterLimits.zonesUntil)
      for (slot, next) in zip(slots, slots.dropFirst()) {
        if slot.end != next.start || slot.start >= slot.end {
          Issue.record("\(names[0].name): \(slot.end) then \(next.start)")
        }
        // The shifts touch on the wall clock: no change of it opens a gap or drops an office.
        if next.staffedStart != next.start {
          Issue.record("\(names[0].name): gap at \(next.start)")
        }
        if slot.office == next.office { Issue.record("\(names[0].name): twice at \(next.start)") }
      }
      for change in offsets.changes {
        let before = table.slot(at: change.at + -1)
        let at = table.slot(at: change.at)
        #expect(before == at || before.end == at.start)
        #expect(at.contains(change.at) && at.office != nil)
        covered += names.count
      }
    }
    #expect(covered == changes)
  }
}
