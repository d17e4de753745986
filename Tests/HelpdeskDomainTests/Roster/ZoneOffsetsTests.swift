// Local time against UTC: gaps, folds, and zone files whole or broken.

import Foundation
import ReplicaCore
import Testing

@testable import HelpdeskDomain

@Suite struct ZoneOffsetsTests {
  func local(_ text: String) -> Int64 { utc(text + "Z").seconds }

  @Test func skippedTimeMeansTheInstantOfTheSkip() throws {
    let paris = try #require(SystemZones.offsets("Europe/Paris"))
    #expect(paris.instant(local: local("2026-03-29T01:59")) == utc("2026-03-29T00:59Z"))
    #expect(paris.instant(local: local("2026-03-29T02:00")) == utc("2026-03-29T01:00Z"))
    #expect(paris.instant(local: local("2026-03-29T02:30")) == utc("2026-03-29T01:00Z"))
    #expect(paris.instant(local: local("2026-03-29T03:00")) == utc("2026-03-29T01:00Z"))
    #expect(paris.instant(local: local("2026-03-29T03:01")) == utc("2026-03-29T01:01Z"))
  }

  @Test func doubledTimeMeansItsFirstShowing() throws {
    let paris = try #require(SystemZones.offsets("Europe/Paris"))
    #expect(paris.instant(local: local("2026-10-25T01:59")) == utc("2026-10-24T23:59Z"))
    #expect(paris.instant(local: local("2026-10-25T02:30")) == utc("2026-10-25T00:30Z"))
    #expect(paris.instant(local: local("2026-10-25T02:59")) == utc("2026-10-25T00:59Z"))
    #expect(paris.instant(local: local("2026-10-25T03:00")) == utc("2026-10-25T02:00Z"))
  }

  @Test func inEveryZoneLaterLocalTimesNeverComeEarlier() {
    var checked = 0
    for zone in Set(SystemZones.all.map(\.offsets)) {
      for change in zone.changes {
        let around = change.at.seconds + Int64(zone.offset(at: change.at))
        var previous = zone.instant(local: around - 4 * 3_600)
        for local in stride(from: around - 4 * 3_600, to: around + 4 * 3_600, by: 900) {
          let instant = zone.instant(local: local)
          #expect(previous <= instant)
          // Every local time that the clock shows is found again.
          if zone.local(at: instant) != local { #expect(instant == change.at) }
          previous = instant
          checked += 1
        }
      }
    }
    #expect(checked > 10_000)
  }

  @Test(arguments: [
    "Europe/Paris", "Europe/Budapest", "America/Los_Angeles", "America/Denver", "Asia/Shanghai",
    "Asia/Singapore", "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata",
  ])
  func zoneFilesAgreeWithFoundation(zone: String) throws {
    let file = try #require(SystemZones.file(zone))
    #expect(ZoneOffsets(zoneFile: file) == ZoneOffsets(foundation: zone))
  }

  @Test func theRuleInTheLastLineContinuesWhatTheFileLists() throws {
    // Files come with the changes listed to 2037, or only to the last change of the rules.
    var checked = 0
    for (name, whole) in SystemZones.all {
      let bytes = try #require(SystemZones.file(name))
      var file = try #require(ZoneFile(bytes))
      guard let rule = file.rule, rule.daylight != nil else { continue }
      let cut = utc("2026-01-01").seconds
      // Where the listed changes of the years to come are not yet those of the rule, as where a
      // government has announced an end, the file lists them and they must not be cut.
      let announced = file.changes.contains { change in
        change.at >= cut
          && !rule.changes(in: CivilDate(utc: Instant(seconds: change.at)).year)
            .contains { $0.at == change.at && $0.seconds == change.seconds }
      }
      if announced { continue }
      file.changes.removeAll { $0.at >= cut }
      let continued = ZoneOffsets(
        file, from: RosterLimits.zonesFrom, until: RosterLimits.zonesUntil)
      #expect(continued == whole, "\(name)")
      checked += 1
    }
    #expect(checked > 100)
  }

  @Test func posixRules() throws {
    let paris = try #require(PosixZoneRule("CET-1CEST,M3.5.0,M10.5.0/3"))
    #expect(
      paris.changes(in: 2026).map(\.at)
        == [utc("2026-03-29T01:00Z").seconds, utc("2026-10-25T01:00Z").seconds])
    #expect(paris.changes(in: 2026).map(\.seconds) == [7_200, 3_600])
    let dublin = try #require(PosixZoneRule("IST-1GMT0,M10.5.0,M3.5.0/1"))
    #expect(
      dublin.changes(in: 2026).map(\.at)
        == [utc("2026-03-29T01:00Z").seconds, utc("2026-10-25T01:00Z").seconds])
    #expect(dublin.changes(in: 2026).map(\.seconds) == [3_600, 0])
    #expect(PosixZoneRule("<+0330>-3:30")?.standard == 12_600)
    let julian = try #require(PosixZoneRule("AAA3BBB,J60/0,300/-1"))
    #expect(julian.changes(in: 2028).first?.at == utc("2028-03-01T03:00Z").seconds)
    #expect(julian.changes(in: 2028).last?.at == utc("2028-10-27T01:00Z").seconds)
    for text in ["", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "C-1", "CET-1CEST,M13.1.0,M1.1.0"] {
      #expect(PosixZoneRule(text) == nil, "\(text)")
    }
  }

  @Test func brokenZoneFilesAreRefusedNotTrusted() throws {
    let bytes = try #require(SystemZones.file("Europe/Paris"))
    for length in 0..<bytes.count - 1 {
      #expect(ZoneOffsets(zoneFile: Array(bytes[..<length])) == nil, "\(length)")
    }
    var random = SeededGenerator(7)
    for _ in 0..<2_000 {
      var altered = bytes
      altered[Int.random(in: 0..<bytes.count, using: &random)] = .random(
        in: 0...255, using: &random)
      // Whatever it says, it must not trap, and must hold its own order.
      if let offsets = ZoneOffsets(zoneFile: altered) {
        #expect(zip(offsets.changes, offsets.changes.dropFirst()).allSatisfy { $0.at < $1.at })
      }
    }
  }

  @Test func zoneNamesThatLeaveTheDirectoryAreRefused() {
    for name in ["Europe/Paris", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "UTC"] {
      #expect(ZoneOffsets.isSafeZoneName(name))
    }
    for name in ["", "/etc/passwd", "../../etc/passwd", "Europe/../x", "a b", "Europe/", "é"] {
      #expect(!ZoneOffsets.isSafeZoneName(name))
    }
  }

  /// Changes as another release of the zone database has them. Governments change their minds
  /// between releases, so a few may differ: that is why a publication carries its own.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["HELIO_SHARED_DATA"] != nil,
      "HELIO_SHARED_DATA names no folder with holidays/dst_transitions.csv"))
  func realOffsetChanges() throws {
    let root = try #require(ProcessInfo.processInfo.environment["HELIO_SHARED_DATA"])
    let text = try String(
      contentsOfFile: root + "/holidays/dst_transitions.csv", encoding: .utf8)
    var (agreed, others): (Int, [Substring]) = (0, [])
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",", maxSplits: 3)
      guard cells.count == 4, let year = Int(cells[1]), year >= 2024 else { continue }
      let offsets = try #require(SystemZones.offsets(String(cells[0])))
      let instant = utc(String(cells[2]))
      let step = offsets.offset(at: instant) - offsets.offset(at: instant + -1)
      if step != 0, (step > 0) == line.hasSuffix("gap") { agreed += 1 } else { others.append(line) }
    }
    #expect(agreed > 200)
    #expect(others.count * 50 < agreed, "\(others)")
  }
}
