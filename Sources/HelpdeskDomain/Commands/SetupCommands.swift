// Requests to change what a desk sets up: views, macros, schedules, ticket fields.

package import ReplicaCore

/// A request to change a view.
package enum ViewCommand: Hashable, Sendable {
  case create(ViewDraft)
  case update(RowID, ViewDraft)
  /// All of them or, where one is refused, none.
  case delete([RowID])
}

/// What a view is to be; nil leaves it as it is.
package struct ViewDraft: Hashable, Sendable {
  package var title: String?
  package var description: Change<String> = .keep
  package var active: Bool?
  package var position: Int64?
  package var conditions: ViewConditions?
  package var output: ViewOutput?
  package var restriction: Restriction?

  package init() {}
}

/// A request to change a macro.
package enum MacroCommand: Hashable, Sendable {
  case create(MacroDraft)
  case update(RowID, MacroDraft)
  /// All of them or, where one is refused, none.
  case delete([RowID])
}

/// What a macro is to be; nil leaves it as it is.
package struct MacroDraft: Hashable, Sendable {
  package var title: String?
  package var description: Change<String> = .keep
  package var active: Bool?
  package var position: Int64?
  package var actions: [MacroAction]?
  package var restriction: Restriction?

  package init() {}
}

/// A request to change a schedule or one of its holidays.
package enum ScheduleCommand: Hashable, Sendable {
  case create(ScheduleDraft)
  case update(RowID, ScheduleDraft)
  case delete(RowID)
  case createHoliday(schedule: RowID, HolidayDraft)
  case updateHoliday(schedule: RowID, RowID, HolidayDraft)
  case deleteHoliday(schedule: RowID, RowID)
}

/// What a schedule is to be; nil leaves it as it is.
package struct ScheduleDraft: Hashable, Sendable {
  package var name: String?
  package var timeZone: String?
  package var hours: WeekHours?

  package init(name: String? = nil, timeZone: String? = nil, hours: WeekHours? = nil) {
    self.name = name
    self.timeZone = timeZone
    self.hours = hours
  }
}

/// What a holiday is to be; nil leaves it as it is. Dates are `YYYY-MM-DD`.
package struct HolidayDraft: Hashable, Sendable {
  package var name: String?
  package var startDate: String?
  package var endDate: String?

  package init(name: String? = nil, startDate: String? = nil, endDate: String? = nil) {
    self.name = name
    self.startDate = startDate
    self.endDate = endDate
  }
}

/// A request to change a ticket field that exists.
package enum TicketFieldCommand: Hashable, Sendable {
  case update(RowID, TicketFieldEdit)
  case delete(RowID)
  /// Makes the option, or changes the one with its id.
  case putOption(field: RowID, TicketFieldOptionDraft)
  case deleteOption(field: RowID, RowID)
}

/// What to change on a ticket field; nil leaves it as it is. Its type stays for good.
package struct TicketFieldEdit: Hashable, Sendable {
  package var title: String?
  /// Anything but the type it has is refused.
  package var type: String?
  package var description: Change<String> = .keep
  package var active: Bool?
  package var position: Int64?
  /// Replaces all options.
  package var options: [TicketFieldOptionDraft]?

  package init() {}
}

/// An option to make or to change.
package struct TicketFieldOptionDraft: Hashable, Sendable {
  package var id: RowID?
  package var name: String?
  package var value: String?
  package var position: Int?
  package var isDefault: Bool?

  package init(
    id: RowID? = nil, name: String? = nil, value: String? = nil, position: Int? = nil,
    isDefault: Bool? = nil
  ) {
    self.id = id
    self.name = name
    self.value = value
    self.position = position
    self.isDefault = isDefault
  }
}
