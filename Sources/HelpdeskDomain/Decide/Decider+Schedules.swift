// Business-hour schedules and their holidays.

internal import Foundation
internal import ReplicaCore

extension Decider {
  func change(_ command: ScheduleCommand) throws(Refusal) -> Decision {
    try require(.admin)
    switch command {
    case .create(let draft):
      return try schedule(context.newID(), RowState(), draft, isNew: true)
    case .update(let id, let draft):
      return try schedule(id, try liveSchedule(id), draft, isNew: false)
    case .delete(let id):
      return try delete(Desk.schedule, id, ScheduleColumn.deleted, needs: .admin)
    case .createHoliday(let schedule, let draft):
      _ = try liveSchedule(schedule)
      return try holiday(context.newID(), RowState(), draft, of: schedule, isNew: true)
    case .updateHoliday(let schedule, let id, let draft):
      let state = try liveHoliday(id, of: schedule)
      return try holiday(id, state, draft, of: schedule, isNew: false)
    case .deleteHoliday(let schedule, let id):
      _ = try liveHoliday(id, of: schedule)
      return try delete(Desk.holiday, id, HolidayColumn.deleted, needs: .admin)
    }
  }

  private func liveSchedule(_ id: RowID) throws(Refusal) -> RowState {
    try live(Desk.schedule, id, deleted: ScheduleColumn.deleted)
  }

  private func liveHoliday(_ id: RowID, of schedule: RowID) throws(Refusal) -> RowState {
    _ = try liveSchedule(schedule)
    let state = try live(Desk.holiday, id, deleted: HolidayColumn.deleted)
    guard state.value(HolidayColumn.schedule) == .integer(schedule.rawValue) else {
      throw .notFound(kind: "holiday", id: id.description)
    }
    return state
  }

  private func schedule(
    _ id: RowID, _ state: RowState, _ draft: ScheduleDraft, isNew: Bool
  ) throws(Refusal) -> Decision {
    var checks = FieldChecks()
    var row = editor(Desk.schedule, id, state)
    if let name = draft.name ?? (isNew ? "" : nil) {
      checks.name(name, "name")
      row.set(ScheduleColumn.name, name.trimmed)
    }
    if let zone = draft.timeZone ?? (isNew ? "" : nil) {
      if !ZoneName.isKnown(zone) {
        checks.add(
          "time_zone", zone.isEmpty ? .blankValue : .invalidValue,
          "time_zone: '\(zone.prefix(64))' is no zone of the IANA database; write it as "
            + "Europe/Paris")
      }
      row.set(ScheduleColumn.timeZone, zone)
    }
    if let hours = draft.hours ?? (isNew ? .usual : nil) {
      row.set(ScheduleColumn.intervals, hours.checked(&checks).stored)
    }
    try checks.finish()
    return decision([row.change()], created: isNew ? id : nil)
  }

  private func holiday(
    _ id: RowID, _ state: RowState, _ draft: HolidayDraft, of schedule: RowID, isNew: Bool
  ) throws(Refusal) -> Decision {
    var checks = FieldChecks()
    var row = editor(Desk.holiday, id, state)
    row.set(HolidayColumn.schedule, schedule)
    if let name = draft.name ?? (isNew ? "" : nil) {
      checks.name(name, "name")
      row.set(HolidayColumn.name, name.trimmed)
    }
    let shown = (
      state.value(HolidayColumn.startDate).text, state.value(HolidayColumn.endDate).text
    )
    let start = date(draft.startDate ?? shown.0, "start_date", &checks)
    let end = date(draft.endDate ?? shown.1, "end_date", &checks)
    if let start, let end {
      if end < start {
        checks.add(
          "end_date", .invalidValue, "end_date: \(end) is before start_date \(start)")
      } else if end.dayNumber - start.dayNumber >= DeskLimits.holidayDays {
        checks.add(
          "end_date", .invalidValue,
          "end_date: a holiday lasts at most \(DeskLimits.holidayDays) days")
      }
      row.set(HolidayColumn.startDate, start.description)
      row.set(HolidayColumn.endDate, end.description)
    }
    try checks.finish()
    return decision([row.change()], created: isNew ? id : nil)
  }

  private func date(
    _ text: String?, _ field: String, _ checks: inout FieldChecks
  ) -> CivilDate? {
    guard let text, !text.isEmpty else {
      checks.add(field, .blankValue, "\(field): cannot be blank; write it as 2026-12-25")
      return nil
    }
    if let date = CivilDate(text) { return date }
    checks.add(
      field, .invalidValue, "\(field): '\(text.prefix(64))' is no date; write it as 2026-12-25")
    return nil
  }
}

/// Names of the IANA database, such as `Europe/Paris`.
package enum ZoneName {
  /// Whether this machine's calendar knows the zone. Asked where one is written, never when
  /// somebody else's delta is judged: nodes may have different databases.
  package static func isKnown(_ name: String) -> Bool {
    guard ZoneOffsets.isSafeZoneName(name) else { return false }
    return name == "UTC" || (name.contains("/") && TimeZone(identifier: name) != nil)
  }
}
