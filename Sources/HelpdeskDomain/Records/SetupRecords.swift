// Views, macros and schedules as queries give them back.

package import ReplicaCore

package struct ViewRecord: Hashable, Sendable {
  package var id: RowID
  package var title: String
  package var description: String?
  package var active = true
  package var position: Int64 = 0
  package var conditions = ViewConditions()
  package var output = ViewOutput()
  package var restriction = Restriction.everybody
  package var createdAt = Instant.zero
  package var updatedAt = Instant.zero

  package init(id: RowID, title: String) {
    self.id = id
    self.title = title
  }
}

package struct MacroRecord: Hashable, Sendable {
  package var id: RowID
  package var title: String
  package var description: String?
  package var active = true
  package var position: Int64 = 0
  package var actions: [MacroAction] = []
  package var restriction = Restriction.everybody
  package var createdAt = Instant.zero
  package var updatedAt = Instant.zero

  package init(id: RowID, title: String) {
    self.id = id
    self.title = title
  }
}

package struct ScheduleRecord: Hashable, Sendable {
  package var id: RowID
  package var name: String
  /// IANA name.
  package var timeZone: String
  package var hours = WeekHours([])
  package var createdAt = Instant.zero
  package var updatedAt = Instant.zero

  package init(id: RowID, name: String, timeZone: String) {
    self.id = id
    self.name = name
    self.timeZone = timeZone
  }
}

package struct HolidayRecord: Hashable, Sendable {
  package var id: RowID
  package var schedule: RowID
  package var name: String
  /// `YYYY-MM-DD`, both days included.
  package var startDate: String
  package var endDate: String

  package init(id: RowID, schedule: RowID, name: String, startDate: String, endDate: String) {
    self.id = id
    self.schedule = schedule
    self.name = name
    self.startDate = startDate
    self.endDate = endDate
  }
}

/// What a reader asks of the tickets of a view, saved or not.
package struct ViewQuery: Hashable, Sendable {
  package var conditions: ViewConditions
  package var order: ViewOrder
  package var page: PageRequest

  package init(conditions: ViewConditions, order: ViewOrder, page: PageRequest) {
    self.conditions = conditions
    self.order = order
    self.page = page
  }
}
