// What a desk sets up for its work: views, macros, schedules with their holidays.

package import ReplicaCore

extension Desk {
  package static let view = EntityCode(17)
  package static let macro = EntityCode(18)
  package static let schedule = EntityCode(19)
  package static let holiday = EntityCode(20)
}

package enum ViewColumn {
  package static let title: UInt16 = 1
  package static let description: UInt16 = 2
  package static let active: UInt16 = 3
  package static let position: UInt16 = 4
  /// ``ViewConditions`` in canonical JSON.
  package static let conditions: UInt16 = 5
  /// ``ViewOutput`` in canonical JSON.
  package static let output: UInt16 = 6
  /// ``Restriction`` in its compact text form; null: shared with everybody.
  package static let restriction: UInt16 = 7
  package static let deleted: UInt16 = 8

  static let specs: [ColumnSpec] = [
    ColumnSpec(title, "title"),
    ColumnSpec(description, "description"),
    ColumnSpec(active, "active", .register, .integer),
    ColumnSpec(position, "position", .register, .integer),
    ColumnSpec(conditions, "conditions"),
    ColumnSpec(output, "output"),
    ColumnSpec(restriction, "restriction"),
    ColumnSpec(deleted, "deleted", .register, .integer),
  ]
}

package enum MacroColumn {
  package static let title: UInt16 = 1
  package static let description: UInt16 = 2
  package static let active: UInt16 = 3
  package static let position: UInt16 = 4
  /// A list of ``MacroAction`` in canonical JSON.
  package static let actions: UInt16 = 5
  /// ``Restriction`` in its compact text form; null: shared with everybody.
  package static let restriction: UInt16 = 6
  package static let deleted: UInt16 = 7

  static let specs: [ColumnSpec] = [
    ColumnSpec(title, "title"),
    ColumnSpec(description, "description"),
    ColumnSpec(active, "active", .register, .integer),
    ColumnSpec(position, "position", .register, .integer),
    ColumnSpec(actions, "actions"),
    ColumnSpec(restriction, "restriction"),
    ColumnSpec(deleted, "deleted", .register, .integer),
  ]
}

package enum ScheduleColumn {
  package static let name: UInt16 = 1
  /// IANA name of the zone in which the intervals and holidays are meant.
  package static let timeZone: UInt16 = 2
  /// ``WeekHours`` in its text form.
  package static let intervals: UInt16 = 3
  package static let deleted: UInt16 = 4

  static let specs: [ColumnSpec] = [
    ColumnSpec(name, "name"),
    ColumnSpec(timeZone, "time_zone"),
    ColumnSpec(intervals, "intervals"),
    ColumnSpec(deleted, "deleted", .register, .integer),
  ]
}

package enum HolidayColumn {
  package static let schedule: UInt16 = 1
  package static let name: UInt16 = 2
  /// `YYYY-MM-DD` in the schedule's zone; both ends belong to the holiday.
  package static let startDate: UInt16 = 3
  package static let endDate: UInt16 = 4
  package static let deleted: UInt16 = 5

  static let specs: [ColumnSpec] = [
    ColumnSpec(schedule, "schedule_id", .register, .integer, indexed: true),
    ColumnSpec(name, "name"),
    ColumnSpec(startDate, "start_date"),
    ColumnSpec(endDate, "end_date"),
    ColumnSpec(deleted, "deleted", .register, .integer),
  ]
}
