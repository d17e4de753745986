// Views, macros and schedules: a desk has some hundreds of them at most.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

extension ReadView {
  /// All views that are not deleted, by position.
  package func views() throws -> [ViewRecord] {
    try full(Desk.view, "WHERE deleted IS NOT 1 ORDER BY position, id").map(record)
  }

  /// A view; nil where there is none, or it was deleted.
  package func view(_ id: RowID) throws -> ViewRecord? {
    try full(Desk.view, id: id).flatMap { $0.flag(ViewColumn.deleted) ? nil : record($0) }
  }

  /// All macros that are not deleted, by position.
  package func macros() throws -> [MacroRecord] {
    try full(Desk.macro, "WHERE deleted IS NOT 1 ORDER BY position, id").map(record)
  }

  /// A macro; nil where there is none, or it was deleted.
  package func macro(_ id: RowID) throws -> MacroRecord? {
    try full(Desk.macro, id: id).flatMap { $0.flag(MacroColumn.deleted) ? nil : record($0) }
  }

  /// All schedules that are not deleted, by id.
  package func schedules() throws -> [ScheduleRecord] {
    try full(Desk.schedule, "WHERE deleted IS NOT 1 ORDER BY id").map(record)
  }

  /// A schedule; nil where there is none, or it was deleted.
  package func schedule(_ id: RowID) throws -> ScheduleRecord? {
    try full(Desk.schedule, id: id).flatMap {
      $0.flag(ScheduleColumn.deleted) ? nil : record($0)
    }
  }

  /// The holidays of a schedule that are not deleted, by their first day.
  package func holidays(of schedule: RowID) throws -> [HolidayRecord] {
    try full(
      Desk.holiday, "WHERE schedule_id = ? AND deleted IS NOT 1 ORDER BY start_date, id",
      [schedule.sql]
    ).map(record)
  }
}

private func record(_ row: FullRow) -> ViewRecord {
  var view = ViewRecord(id: row.id, title: row.text(ViewColumn.title) ?? "")
  view.description = row.text(ViewColumn.description)
  view.active = row.state.value(ViewColumn.active).integer != 0
  view.position = row.state.value(ViewColumn.position).integer ?? 0
  view.conditions =
    row.text(ViewColumn.conditions).flatMap { ViewConditions(stored: $0) } ?? ViewConditions()
  view.output = row.text(ViewColumn.output).flatMap { ViewOutput(stored: $0) } ?? ViewOutput()
  view.restriction = Restriction(row.state.value(ViewColumn.restriction))
  view.createdAt = row.created
  view.updatedAt = row.updated
  return view
}

private func record(_ row: FullRow) -> MacroRecord {
  var macro = MacroRecord(id: row.id, title: row.text(MacroColumn.title) ?? "")
  macro.description = row.text(MacroColumn.description)
  macro.active = row.state.value(MacroColumn.active).integer != 0
  macro.position = row.state.value(MacroColumn.position).integer ?? 0
  macro.actions = row.text(MacroColumn.actions).flatMap { MacroAction.list(stored: $0) } ?? []
  macro.restriction = Restriction(row.state.value(MacroColumn.restriction))
  macro.createdAt = row.created
  macro.updatedAt = row.updated
  return macro
}

private func record(_ row: FullRow) -> ScheduleRecord {
  var schedule = ScheduleRecord(
    id: row.id, name: row.text(ScheduleColumn.name) ?? "",
    timeZone: row.text(ScheduleColumn.timeZone) ?? "UTC")
  schedule.hours =
    row.text(ScheduleColumn.intervals).flatMap { WeekHours(stored: $0) } ?? WeekHours([])
  schedule.createdAt = row.created
  schedule.updatedAt = row.updated
  return schedule
}

private func record(_ row: FullRow) -> HolidayRecord {
  HolidayRecord(
    id: row.id, schedule: row.id(HolidayColumn.schedule) ?? .none,
    name: row.text(HolidayColumn.name) ?? "", startDate: row.text(HolidayColumn.startDate) ?? "",
    endDate: row.text(HolidayColumn.endDate) ?? "")
}
