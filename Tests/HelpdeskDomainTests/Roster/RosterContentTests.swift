// A publication: notice, canonical form, and independence of the reader's zone database.

import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct RosterContentTests {
  let now = utc("2026-01-01")

  @Test func aPublicationTakesEffectADayLaterUnlessAnEmergency() throws {
    let usual = try RosterContent.compose(
      Rosters.three, number: 3, now: now, offsets: SystemZones.offsets)
    #expect(usual.effectiveAt >= now + 24 * hour)
    #expect(usual.zones.keys.sorted() == ["America/Los_Angeles", "Asia/Singapore", "Europe/Paris"])
    #expect(throws: RosterRefusal.tooSoon(effectiveAt: now + hour, earliest: now + 24 * hour)) {
      try RosterContent.compose(
        Rosters.three, number: 3, now: now, effectiveAt: now + hour,
        offsets: SystemZones.offsets)
    }
    let urgent = try RosterContent.compose(
      Rosters.three, number: 3, now: now, effectiveAt: now + hour, isEmergency: true,
      offsets: SystemZones.offsets)
    #expect(urgent.effectiveAt == now + hour)
  }

  @Test func aPublicationWithProblemsIsRefusedWithAllOfThem() {
    var rules = Rosters.three
    rules.acceptWithin = 0
    rules.offices[0].zone = "Europe/Pariss"
    do {
      _ = try RosterContent.compose(rules, number: 1, now: now, offsets: SystemZones.offsets)
      Issue.record("published")
    } catch RosterRefusal.problems(let problems) {
      #expect(Set(problems.map(\.kind)) == [.outOfRange, .unknownZone])
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func theCanonicalFormIsStableAndComplete() throws {
    let content = try RosterContent.compose(
      Rosters.waves, number: 7, now: now, offsets: SystemZones.offsets)
    let text = try content.canonicalJSON()
    #expect(try RosterContent(canonical: text) == content)
    #expect(try RosterContent(canonical: text).canonicalJSON() == text)
    #expect(text.hasPrefix(#"{"effective_at":"#))
    #expect(!text.contains(" "))
    #expect(throws: RosterRefusal.self) { try RosterContent(canonical: "{}") }
    #expect(throws: RosterRefusal.self) { try RosterContent(canonical: text + "x") }
  }

  /// Whoever publishes decides the offsets; a reader with another zone database gets the same.
  @Test func slotsFollowTheCarriedOffsetsNotTheReadersZoneDatabase() throws {
    // A zone database in which Paris has given up daylight time.
    func other(_ zone: String) -> ZoneOffsets? {
      zone == "Europe/Paris" ? ZoneOffsets(initial: 3_600) : SystemZones.offsets(zone)
    }
    func slots(_ text: String) throws -> [DutySlot] {
      let publication = RosterPublication(
        id: RowID(10_001), hlc: .zero, slot: Slot(1), content: try RosterContent(canonical: text))
      return DutyBook([publication]).table(forGroup: "x")
        .slots(from: utc("2026-01-03"), to: utc("2027-01-01"))
    }
    let ours = try RosterContent.compose(
      Rosters.three, number: 1, now: now, offsets: SystemZones.offsets
    ).canonicalJSON()
    let theirs = try RosterContent.compose(Rosters.three, number: 1, now: now, offsets: other)
      .canonicalJSON()
    #expect(try slots(theirs) == slots(theirs))
    // In July their Paris begins at 08:00Z, ours at 07:00Z; both are as their text says.
    func boundary(_ slots: [DutySlot]) -> Instant? {
      slots.first { $0.office == "paris" && $0.start >= utc("2026-07-10") }?.start
    }
    #expect(try boundary(slots(ours)) == utc("2026-07-10T07:30Z"))
    #expect(try boundary(slots(theirs)) == utc("2026-07-10T08:30Z"))
  }

  @Test func versionsOrderByNumberThenTimeThenSlot() {
    let first = RosterVersion(number: 1, hlc: HLC(milliseconds: 9), slot: Slot(9))
    let second = RosterVersion(number: 2, hlc: HLC(milliseconds: 1), slot: Slot(1))
    let third = RosterVersion(number: 2, hlc: HLC(milliseconds: 2), slot: Slot(1))
    let fourth = RosterVersion(number: 2, hlc: HLC(milliseconds: 2), slot: Slot(2))
    #expect([fourth, second, first, third].sorted() == [first, second, third, fourth])
    #expect(RosterVersion.none < first)
  }

  @Test func hostileContentNeitherTrapsNorRunsForever() throws {
    var content = try RosterContent.compose(
      Rosters.three, number: 1, now: now, offsets: SystemZones.offsets)
    content.horizon = Instant(milliseconds: .max)
    content.effectiveAt = Instant(milliseconds: .min)
    content.rules.groups[0].shifts[0].hours = WorkHours(starts: [clock("08:00")], minutes: .max)
    content.rules.acceptWithin = .max
    content.rules.maxStay = .min
    content.rules.groups[0].handover = .afterStart(minutes: 999_999_999)
    let table = DutyBook([
      RosterPublication(id: RowID(1), hlc: .zero, slot: Slot(1), content: content)
    ]).table(forGroup: "x")
    for instant in [Instant(milliseconds: .min), .zero, now, Instant(milliseconds: .max)] {
      let slot = table.slot(at: instant)
      #expect(slot.start < slot.end)
    }
    #expect(throws: RosterRefusal.self) { try content.check(publishedAt: now) }
  }
}
