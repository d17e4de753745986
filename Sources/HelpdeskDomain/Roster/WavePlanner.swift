// From local hours to UTC: the waves of every office of one group, date by date.

internal import ReplicaCore

/// One crew of one office, on one date.
struct Wave: Hashable, Sendable {
  /// Index into the roster order.
  var office: Int
  /// Milliseconds since 1970.
  var span: Span
  /// Index into ``WavePlanner/crews``.
  var crew: Int
}

/// Who leads a wave and which languages it has.
struct Crew: Hashable, Sendable {
  var lead: String?
  var languages: [String]
}

/// Plans the waves of one group under one publication, with the offsets that it carries.
struct WavePlanner: Sendable {
  let offices: [OfficeID]
  private(set) var crews: [Crew] = []
  private var shifts: [PlannedShift] = []
  private var holidays: Set<OfficeDay> = []
  private var overrides: [OfficeDay: [PlannedOverride]] = [:]
  private var swaps: [OfficeDay: OfficeDay] = [:]

  private struct OfficeDay: Hashable { var office: Int, day: Int }
  private struct PlannedHours {
    var zone: ZoneOffsets
    var hours: WorkHours
    var crew: Int
  }
  private struct PlannedShift {
    var office: Int
    /// Bit n for weekday n.
    var days: Int
    var hours: PlannedHours
  }
  private struct PlannedOverride {
    var kind: RosterOverride.Kind
    var hours: PlannedHours
  }

  init(_ content: RosterContent, _ group: GroupRules) {
    let rules = content.rules
    offices = rules.officeOrder
    var indexes: [OfficeID: Int] = [:]
    for (index, office) in offices.enumerated() { indexes[office] = index }
    var crewIndexes: [Crew: Int] = [:]

    func crew(_ office: OfficeID, _ lead: String?, _ languages: [String]) -> Int {
      let listed = rules.offices.first { $0.code == office }
      let crew = Crew(
        lead: lead ?? listed?.lead,
        languages: languages.isEmpty ? listed?.languages ?? [] : languages)
      if let index = crewIndexes[crew] { return index }
      crews.append(crew)
      crewIndexes[crew] = crews.count - 1
      return crews.count - 1
    }
    func offsets(_ zone: String?, _ office: OfficeID) -> ZoneOffsets {
      (zone ?? rules.zone(of: office)).flatMap { content.zones[$0] } ?? .utc
    }

    for shift in group.shifts {
      guard let office = indexes[shift.office] else { continue }
      shifts.append(
        PlannedShift(
          office: office, days: shift.days.reduce(0) { $0 | 1 << $1.rawValue },
          hours: PlannedHours(
            zone: offsets(shift.zone, shift.office), hours: shift.hours,
            crew: crew(shift.office, shift.lead, shift.languages))))
    }
    for holiday in rules.holidays {
      guard let office = indexes[holiday.office] else { continue }
      holidays.insert(OfficeDay(office: office, day: holiday.date.dayNumber))
    }
    for entry in rules.overrides where entry.group == nil || entry.group == group.name {
      guard let office = indexes[entry.office] else { continue }
      let key = OfficeDay(office: office, day: entry.date.dayNumber)
      if entry.kind == .swap {
        guard let partner = entry.with.flatMap({ indexes[$0] }), partner != office else { continue }
        let other = OfficeDay(office: partner, day: (entry.withDate ?? entry.date).dayNumber)
        guard swaps[key] == nil, swaps[other] == nil else { continue }
        swaps[key] = other
        swaps[other] = key
      } else {
        overrides[key, default: []].append(
          PlannedOverride(
            kind: entry.kind,
            hours: PlannedHours(
              zone: offsets(entry.zone, entry.office), hours: entry.hours,
              crew: crew(entry.office, nil, []))))
      }
    }
  }

  var hasShifts: Bool { !shifts.isEmpty || !overrides.isEmpty }

  /// The offices that have hours in this group.
  var staffed: Set<Int> {
    Set(shifts.map(\.office)).union(overrides.keys.map(\.office)).union(swaps.keys.map(\.office))
  }

  /// The waves that begin on a local date (of their own zone), swaps done. In no order.
  func waves(on day: Int, into result: inout [Wave]) {
    guard !overrides.isEmpty || !swaps.isEmpty else {
      for shift in shifts { plain(shift, day, &result) }
      return
    }
    for office in offices.indices {
      let key = OfficeDay(office: office, day: day)
      let first = result.count
      own(key, &result)
      // Hours stay where they are in time; in a swap the partner works them.
      guard let worker = swaps[key]?.office else { continue }
      for index in first..<result.count { result[index].office = worker }
    }
  }

  private func plain(_ shift: PlannedShift, _ day: Int, _ result: inout [Wave]) {
    let weekday = CivilDate(dayNumber: day).weekday.rawValue
    guard shift.days >> weekday & 1 == 1,
      holidays.isEmpty || !holidays.contains(OfficeDay(office: shift.office, day: day))
    else { return }
    append(shift.hours, shift.office, day, &result)
  }

  /// The waves of one office on one date, before swaps.
  private func own(_ key: OfficeDay, _ result: inout [Wave]) {
    guard let entries = overrides[key] else {
      for shift in shifts where shift.office == key.office { plain(shift, key.day, &result) }
      return
    }
    var waves: [Wave] = []
    if let replacing = entries.last(where: { $0.kind == .replaced }) {
      append(replacing.hours, key.office, key.day, &waves)
    } else {
      for shift in shifts where shift.office == key.office { plain(shift, key.day, &waves) }
    }
    for entry in entries {
      switch entry.kind {
      case .added: append(entry.hours, key.office, key.day, &waves)
      case .cancelled where entry.hours.hours.starts.isEmpty: waves.removeAll()
      case .cancelled:
        let starts = entry.hours.hours.starts.map { start(of: $0, key.day, entry.hours.zone) }
        waves.removeAll { starts.contains($0.span.start) }
      case .replaced, .swap: break
      }
    }
    result += waves
  }

  private func append(
    _ planned: PlannedHours, _ office: Int, _ day: Int, _ result: inout [Wave]
  ) {
    for time in planned.hours.starts {
      let start = start(of: time, day, planned.zone)
      let end: Int64
      if let minutes = planned.hours.minutes {
        end = start + Int64(min(max(minutes, 0), 1_440)) * 60_000
      } else if let last = planned.hours.end {
        end = self.start(of: last, last > time ? day : day + 1, planned.zone)
      } else {
        continue
      }
      // A clock change can swallow a short wave whole.
      if end > start {
        result.append(Wave(office: office, span: Span(start: start, end: end), crew: planned.crew))
      }
    }
  }

  private func start(of time: ClockTime, _ day: Int, _ zone: ZoneOffsets) -> Int64 {
    zone.instant(local: Int64(day) * 86_400 + time.seconds).milliseconds
  }
}
