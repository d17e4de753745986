// Random rosters: whatever the rules say, every instant has exactly one office.

import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct DutyPropertyTests {
  static let zones = [
    "Europe/Paris", "America/Los_Angeles", "Asia/Singapore", "Australia/Lord_Howe",
    "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Etc/UTC",
  ]

  static func randomRules(_ random: inout SeededGenerator) -> RosterRules {
    let offices = (0..<Int.random(in: 1...5, using: &random)).map { index in
      RosterOffice(OfficeID("o\(index)"), zone: zones.randomElement(using: &random))
    }
    func hours() -> WorkHours {
      let starts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        ClockTime(minutes: 15 * Int.random(in: 0..<96, using: &random))
      }
      let kept = Array(Set(starts.compactMap { $0 })).sorted()
      if Bool.random(using: &random),
        let end = ClockTime(minutes: 15 * Int.random(in: 0...96, using: &random))
      {
        return WorkHours(starts: kept, end: end)
      }
      return WorkHours(starts: kept, minutes: 15 * Int.random(in: 1...96, using: &random))
    }
    func date() -> CivilDate { day("2026-03-01").adding(days: .random(in: 0..<60, using: &random)) }
    func office() -> OfficeID { offices[Int.random(in: 0..<offices.count, using: &random)].code }
    let shifts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      Shift(
        office: office(),
        days: Set(Weekday.allCases.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }),
        hours: hours())
    }
    let overrides = (0..<Int.random(in: 0...6, using: &random)).map { _ in
      let kind = RosterOverride.Kind.allCases.randomElement(using: &random) ?? .added
      let bare = kind == .cancelled || kind == .swap
      return RosterOverride(
        office: office(), date: date(), kind: kind, hours: bare ? WorkHours() : hours(),
        with: kind == .swap ? office() : nil)
    }
    let handover: Handover =
      [.start, .end, .afterStart(minutes: .random(in: 0...180, using: &random))]
      .randomElement(using: &random) ?? .usual
    return RosterRules(
      offices: offices, groups: [GroupRules(shifts: shifts)],
      holidays: (0..<Int.random(in: 0...5, using: &random)).map { _ in
        Holiday(office: office(), date: date(), name: "")
      }, overrides: overrides, fallback: office(), maxStay: .random(in: 1...48, using: &random),
      handover: handover)
  }

  @Test(arguments: 0..<60) func everyInstantHasExactlyOneOffice(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let rules = Self.randomRules(&random)
    let table = DutyTable.of(rules, from: "2026-02-20")
    let from = utc("2026-03-01")
    let to = utc("2026-05-01")
    let slots = table.slots(from: from, to: to)
    for (slot, next) in zip(slots, slots.dropFirst()) {
      #expect(slot.start < slot.end)
      #expect(slot.end == next.start)
    }
    for slot in slots {
      guard let office = slot.office else { continue }
      // Staffed from the staffed start to the end, and not before.
      let window = try #require(table.window(of: office, at: slot.staffedStart))
      #expect(window.end == slot.windowEnd && slot.end <= window.end)
      if slot.start < slot.staffedStart {
        #expect(window.start == slot.staffedStart)
        let open = rules.offices.filter {
          table.window(of: $0.code, at: slot.start) != nil
            || table.window(of: $0.code, at: slot.staffedStart + -1) != nil
        }
        #expect(open.isEmpty, "a gap while somebody is there")
      }
    }
    checkBoundaries(rules, table, slots)
    // Whenever anybody is there, somebody who is there has duty.
    for _ in 0..<300 {
      let instant = from + .random(in: 0..<(to - from), using: &random)
      let present = rules.offices.map(\.code).filter { table.window(of: $0, at: instant) != nil }
      let slot = table.slot(at: instant)
      #expect(slot.contains(instant))
      #expect(slot.isStaffed(at: instant) == !present.isEmpty)
      if let office = slot.office, !present.isEmpty { #expect(present.contains(office)) }
    }
  }

  /// A boundary is the outgoing end, or the handover instant of an office that began later.
  private func checkBoundaries(_ rules: RosterRules, _ table: DutyTable, _ slots: [DutySlot]) {
    for (slot, next) in zip(slots, slots.dropFirst()) {
      guard let outgoing = slot.office, let incoming = next.office else { continue }
      if slot.end == slot.windowEnd { continue }
      let began = table.window(of: incoming, at: slot.end)?.start
      let ours = table.window(of: outgoing, at: slot.end)?.start
      switch rules.handover {
      case .start: #expect(began == slot.end)
      case .end: Issue.record("passed before the outgoing end")
      case .afterStart(let minutes): #expect(began.map { $0 + Int64(minutes) * minute } == slot.end)
      }
      if let began, let ours { #expect(ours < began) }
    }
  }
}
