// What the roster tests share: zones of this system, instants written as text, seeded numbers.

import Foundation
import HelpdeskDomain
import ReplicaCore

/// The zone database of this system, as a node reads it.
enum SystemZones {
  static let directory =
    ProcessInfo.processInfo.environment["TZDIR"] ?? "/usr/share/zoneinfo"

  static func file(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(directory)/\(name)").map { [UInt8]($0) }
  }

  /// From the system's files, else from Foundation.
  static func offsets(_ name: String) -> ZoneOffsets? {
    file(name).flatMap { ZoneOffsets(zoneFile: $0) } ?? ZoneOffsets(foundation: name)
  }

  /// Every zone that the system has a file for.
  static let all: [(name: String, offsets: ZoneOffsets)] = {
    guard let walk = FileManager.default.enumerator(atPath: directory) else { return [] }
    let names = walk.compactMap { $0 as? String }
      .filter { !$0.hasPrefix("right/") && !$0.hasPrefix("posix/") }
      .filter { !["posixrules", "localtime", "Factory"].contains($0) }
    return names.sorted().compactMap { name in
      guard let bytes = file(name), let offsets = ZoneOffsets(zoneFile: bytes) else { return nil }
      return (name, offsets)
    }
  }()
}

/// `2026-03-18T14:00Z`, or a date alone for its midnight.
func utc(_ text: String) -> Instant {
  let parts = text.split(separator: "T")
  guard let date = CivilDate(String(parts[0])) else { preconditionFailure("bad date \(text)") }
  guard parts.count == 2 else { return date.startUTC }
  guard parts[1].hasSuffix("Z"), let time = ClockTime(String(parts[1].dropLast())) else {
    preconditionFailure("bad time \(text)")
  }
  return date.startUTC + Int64(time.minutes) * 60_000
}

func day(_ text: String) -> CivilDate {
  guard let date = CivilDate(text) else { preconditionFailure("bad date \(text)") }
  return date
}

func clock(_ text: String) -> ClockTime {
  guard let time = ClockTime(text) else { preconditionFailure("bad time \(text)") }
  return time
}

let minute: Int64 = 60_000
let hour: Int64 = 3_600_000

extension WorkHours {
  init(_ starts: String..., for hours: Int) {
    self.init(starts: starts.map(clock), minutes: hours * 60)
  }
  init(_ start: String, until end: String) {
    self.init(starts: [clock(start)], end: clock(end))
  }
}

extension RosterPublication {
  /// A publication with the system's zones.
  init(
    _ rules: RosterRules, number: Int64 = 1, from: String = "2025-12-01", row: Int64 = 10_001,
    zones: [String: ZoneOffsets]? = nil
  ) {
    var carried: [String: ZoneOffsets] = [:]
    for zone in rules.zones { carried[zone] = zones?[zone] ?? SystemZones.offsets(zone) }
    self.init(
      id: RowID(row), hlc: HLC(milliseconds: UInt64(number) * 1_000), slot: Slot(1),
      content: RosterContent(
        number: number, effectiveAt: utc(from), isEmergency: true, rules: rules, zones: carried))
  }
}

extension DutyTable {
  /// The default group's table of one roster.
  static func of(
    _ rules: RosterRules, from: String = "2025-12-01", group: String = GroupRules.defaultName
  ) -> DutyTable {
    DutyBook([RosterPublication(rules, from: from)]).table(forGroup: group)
  }
}

/// Rosters that several tests use.
enum Rosters {
  /// Paris, San Francisco, Singapore: nine hours each, around the clock.
  static let three = RosterRules(
    name: "three",
    offices: [
      RosterOffice("paris", zone: "Europe/Paris", lead: "lead@paris.example"),
      RosterOffice("san-francisco", zone: "America/Los_Angeles"),
      RosterOffice("singapore", zone: "Asia/Singapore"),
    ],
    groups: [
      GroupRules(shifts: [
        Shift(office: "paris", hours: WorkHours("09:00", for: 9)),
        Shift(office: "san-francisco", hours: WorkHours("08:00", for: 9)),
        Shift(office: "singapore", hours: WorkHours("08:00", for: 9)),
      ])
    ], fallback: "san-francisco", promise: .always)

  static let waves = RosterRules(
    offices: [
      RosterOffice("colorado", zone: "America/Denver"),
      RosterOffice("california", zone: "America/Los_Angeles"),
      RosterOffice("beijing", zone: "Asia/Shanghai"),
    ],
    groups: [
      GroupRules(shifts: [
        Shift(office: "colorado", hours: WorkHours("08:00", for: 8)),
        Shift(office: "california", hours: WorkHours("07:00", "08:00", "09:00", for: 8)),
        Shift(office: "beijing", hours: WorkHours("07:00", "09:00", "13:00", "14:00", for: 8)),
      ])
    ], promise: .always)

  static let two = RosterRules(
    offices: [
      RosterOffice("san-francisco", zone: "America/Los_Angeles"),
      RosterOffice("budapest", zone: "Europe/Budapest"),
    ],
    groups: [
      GroupRules(shifts: [
        Shift(office: "san-francisco", hours: WorkHours("09:00", for: 9)),
        Shift(office: "budapest", hours: WorkHours("09:00", for: 9)),
      ])
    ], promise: .always)

  /// Two offices by UTC: `a` 00–12, `b` 12–24, with whatever else a test wants.
  static func plain(
    _ windows: [(OfficeID, String, Int)], handover: Handover = .usual,
    holidays: [Holiday] = [], overrides: [RosterOverride] = [], fallback: OfficeID? = nil,
    maxStay: Int = 12
  ) -> RosterRules {
    RosterRules(
      groups: [
        GroupRules(
          shifts: windows.map {
            Shift(office: $0.0, zone: "Etc/UTC", hours: WorkHours($0.1, for: $0.2))
          })
      ], holidays: holidays, overrides: overrides, fallback: fallback, maxStay: maxStay,
      handover: handover)
  }
}

extension OfficeID: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
