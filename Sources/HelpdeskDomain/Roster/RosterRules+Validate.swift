// A roster is checked as a whole before it is published; all its problems are told at once.

internal import ReplicaCore

extension RosterRules {
  /// The problems of the rules; publishable where all are warnings.
  ///
  /// `knowsZone` says whether the zone database has a zone of that name.
  package func validate(knowsZone: (String) -> Bool) -> [RosterProblem] {
    var check = RosterCheck(rules: self)
    check.sizes()
    check.listedOffices()
    check.zones(knowsZone)
    check.policy("", acceptWithin, maxStay, handover, fallback)
    check.groups()
    check.holidays()
    check.overrides()
    return check.problems
  }
}

private struct RosterCheck {
  let rules: RosterRules
  let known: Set<OfficeID>
  var problems: [RosterProblem] = []

  init(rules: RosterRules) {
    self.rules = rules
    // Where offices are listed, the list is complete; else those with shifts are known.
    known = Set(
      rules.offices.isEmpty
        ? rules.groups.flatMap { $0.shifts.map(\.office) } : rules.offices.map(\.code))
  }

  mutating func add(
    _ kind: RosterProblem.Kind, _ place: String, _ what: String, _ advice: String,
    isWarning: Bool = false
  ) {
    problems.append(RosterProblem(kind, place, what, advice, isWarning: isWarning))
  }

  mutating func sizes() {
    let sizes = [
      ("offices", rules.offices.count, RosterLimits.offices),
      ("groups", rules.groups.count, RosterLimits.groups),
      ("shifts", rules.groups.reduce(0) { $0 + $1.shifts.count }, RosterLimits.shifts),
      ("holidays", rules.holidays.count, RosterLimits.holidays),
      ("overrides", rules.overrides.count, RosterLimits.overrides),
    ]
    for (name, count, limit) in sizes where count > limit {
      add(.tooMany, name, "\(count) of at most \(limit)", "remove some")
    }
  }

  mutating func listedOffices() {
    var seen: Set<OfficeID> = []
    for (index, office) in rules.offices.enumerated() {
      let place = "offices[\(index)]"
      if !office.code.isValid {
        add(
          .invalidOffice, place, "\"\(office.code)\" is no office code",
          "use 1 to \(OfficeID.maximumLength) characters of a-z, 0-9 and '-'")
      }
      if !seen.insert(office.code).inserted {
        add(.duplicateOffice, place, "\"\(office.code)\" is listed twice", "remove one")
      }
      lead(place, office.lead)
    }
  }

  mutating func zones(_ knowsZone: (String) -> Bool) {
    for zone in rules.zones {
      let place = "zone \"\(zone)\""
      if !ZoneOffsets.isSafeZoneName(zone) {
        add(.invalidZone, place, "not a zone name", "write it as \"Europe/Paris\"")
      } else if !knowsZone(zone) {
        add(
          .unknownZone, place, "not in this machine's zone database",
          "check the spelling, or install the package tzdata")
      }
    }
  }

  mutating func policy(
    _ place: String, _ acceptWithin: Int?, _ maxStay: Int?, _ handover: Handover?,
    _ fallback: OfficeID?
  ) {
    range(place + "accept_within", acceptWithin, RosterLimits.acceptWithin, "minutes")
    range(place + "max_stay", maxStay, RosterLimits.maxStay, "hours")
    if case .afterStart(let minutes) = handover {
      range(place + "handover", minutes, RosterLimits.handoverMinutes, "minutes")
    }
    if let fallback { office(place + "fallback", fallback) }
  }

  mutating func range(_ place: String, _ value: Int?, _ limits: ClosedRange<Int>, _ unit: String) {
    guard let value, !limits.contains(value) else { return }
    add(
      .outOfRange, place, "\(value) \(unit)",
      "use \(limits.lowerBound) to \(limits.upperBound) \(unit)")
  }

  mutating func office(_ place: String, _ office: OfficeID) {
    if !office.isValid {
      add(
        .invalidOffice, place, "\"\(office)\" is no office code",
        "use 1 to \(OfficeID.maximumLength) characters of a-z, 0-9 and '-'")
    } else if !known.contains(office) {
      add(
        .unknownOffice, place, "the roster has no office \"\(office)\"",
        "list it under [[offices]] or correct the code")
    }
  }

  mutating func lead(_ place: String, _ lead: String?) {
    guard let lead, !lead.contains("@") else { return }
    add(.emptyLead, place + ".lead", "\"\(lead)\" is no e-mail address", "name the lead's agent")
  }

  mutating func groups() {
    if rules.groups.isEmpty {
      add(
        .noGroups, "groups", "the roster has no shifts",
        "add [[shifts]] for all groups, or [[groups]] with shifts of their own")
    } else if !rules.groups.contains(where: { $0.name == GroupRules.defaultName }) {
      add(
        .noDefaultGroup, "groups", "groups not listed have no roster: their tickets stay at home",
        "add [[shifts]] at the top for all other groups", isWarning: true)
    }
    var seen: Set<String> = []
    for group in rules.groups {
      let place = "groups[\(group.name)]"
      if !seen.insert(group.name).inserted {
        add(.duplicateGroup, place, "the group is listed twice", "join the two")
      }
      if group.shifts.isEmpty {
        add(.emptyGroup, place, "the group has no shifts", "add [[groups.shifts]] or remove it")
      }
      policy(place + ".", group.acceptWithin, group.maxStay, group.handover, group.fallback)
      for (index, shift) in group.shifts.enumerated() {
        self.shift("\(place).shifts[\(index)]", shift)
      }
    }
  }

  mutating func shift(_ place: String, _ shift: Shift) {
    office(place, shift.office)
    if shift.zone == nil, rules.zone(of: shift.office) == nil {
      add(
        .missingZone, place, "no zone is known for \"\(shift.office)\"",
        "add zone = \"Europe/Paris\" to the shift or to its office")
    }
    if shift.days.isEmpty { add(.noDays, place, "no weekday", "name days or leave them out") }
    lead(place, shift.lead)
    hours(place, shift.hours)
  }

  mutating func hours(_ place: String, _ hours: WorkHours) {
    if hours.starts.isEmpty { add(.noStart, place, "no start", "add start = \"08:00\"") }
    if Set(hours.starts).count < hours.starts.count {
      add(.duplicateStart, place, "a start is named twice", "remove one")
    }
    if hours.starts.contains(where: { $0.minutes == 1_440 }) {
      add(.startAtMidnightsEnd, place, "no shift starts at 24:00", "use 00:00 of the next day")
    }
    switch (hours.end, hours.minutes) {
    case (nil, nil): add(.noEnd, place, "no end", "add end = \"17:00\" or hours = 9")
    case (.some, .some): add(.endAndLength, place, "both an end and a length", "keep one")
    case (nil, .some(let minutes)) where !RosterLimits.shiftMinutes.contains(minutes):
      add(.badLength, place, "the length is not within a day", "use more than 0 and at most 24 h")
    default: break
    }
  }

  mutating func holidays() {
    var seen: Set<Holiday> = []
    for (index, holiday) in rules.holidays.enumerated() {
      let place = "holidays[\(index)] \(holiday.date)"
      office(place, holiday.office)
      var plain = holiday
      plain.name = ""
      if !seen.insert(plain).inserted {
        add(.duplicateHoliday, place, "listed twice", "remove one", isWarning: true)
      }
    }
  }

  mutating func overrides() {
    let names = Set(rules.groups.map(\.name))
    for (index, entry) in rules.overrides.enumerated() {
      let place = "overrides[\(index)] \(entry.date)"
      office(place, entry.office)
      if let group = entry.group, !names.contains(group) {
        add(
          .unknownGroup, place, "the roster has no group \"\(group)\"",
          "list the group, or leave it out for all")
      }
      switch entry.kind {
      case .replaced, .added:
        hours(place, entry.hours)
        if entry.zone == nil, rules.zone(of: entry.office) == nil {
          add(.missingZone, place, "no zone is known for \"\(entry.office)\"", "add zone = …")
        }
      case .cancelled, .swap:
        if entry.hours.end != nil || entry.hours.minutes != nil
          || (entry.kind == .swap && !entry.hours.starts.isEmpty)
        {
          add(
            .needlessHours, place, "\(entry.kind.rawValue) takes no hours",
            "remove them, or use kind = \"replaced\"")
        }
      }
      partner(place, entry)
    }
  }

  mutating func partner(_ place: String, _ entry: RosterOverride) {
    guard entry.kind == .swap else {
      if entry.with != nil || entry.withDate != nil {
        add(.needlessPartner, place, "only a swap has a partner", "remove with and with_date")
      }
      return
    }
    guard let partner = entry.with else {
      add(.noPartner, place, "a swap needs a partner", "add with = \"singapore\"")
      return
    }
    office(place, partner)
    if partner == entry.office {
      add(.noPartner, place, "an office cannot swap with itself", "name another office")
    }
  }
}
