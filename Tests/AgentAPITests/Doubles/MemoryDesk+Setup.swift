// Views, macros and schedules of the desk in memory: kept as they are written, seen by everybody.

import AgentAPI
import Foundation
import HelpdeskDomain
import ReplicaCore

struct MemorySetup: Sendable {
  private(set) var views: [ViewRecord] = []
  private(set) var macros: [MacroRecord] = []
  private(set) var schedules: [ScheduleRecord] = []
  private(set) var holidays: [HolidayRecord] = []

  /// Returns the row that was made.
  mutating func run(_ command: DeskCommand, _ id: RowID) throws(DeskFailure) -> RowID? {
    switch command {
    case .view(.create(let draft)):
      views.append(Self.changed(ViewRecord(id: id, title: ""), draft))
      return id
    case .view(.update(let id, let draft)):
      let index = try Self.index(of: id, in: views.map(\.id))
      views[index] = Self.changed(views[index], draft)
    case .view(.delete(let ids)):
      for id in ids { _ = try Self.index(of: id, in: views.map(\.id)) }
      views.removeAll { ids.contains($0.id) }
    case .macro(.create(let draft)):
      macros.append(Self.changed(MacroRecord(id: id, title: ""), draft))
      return id
    case .macro(.update(let id, let draft)):
      let index = try Self.index(of: id, in: macros.map(\.id))
      macros[index] = Self.changed(macros[index], draft)
    case .macro(.delete(let ids)):
      for id in ids { _ = try Self.index(of: id, in: macros.map(\.id)) }
      macros.removeAll { ids.contains($0.id) }
    case .schedule(.create(let draft)):
      var schedule = ScheduleRecord(
        id: id, name: draft.name ?? "", timeZone: draft.timeZone ?? "")
      schedule.hours = draft.hours ?? .usual
      schedules.append(schedule)
      return id
    case .schedule(.update(let id, let draft)):
      let index = try Self.index(of: id, in: schedules.map(\.id))
      schedules[index].name = draft.name ?? schedules[index].name
      schedules[index].hours = draft.hours ?? schedules[index].hours
    case .schedule(.delete(let id)):
      schedules.remove(at: try Self.index(of: id, in: schedules.map(\.id)))
    case .schedule(.createHoliday(let schedule, let draft)):
      holidays.append(
        HolidayRecord(
          id: id, schedule: schedule, name: draft.name ?? "", startDate: draft.startDate ?? "",
          endDate: draft.endDate ?? ""))
      return id
    case .schedule(.updateHoliday(_, let id, let draft)):
      let index = try Self.index(of: id, in: holidays.map(\.id))
      holidays[index].name = draft.name ?? holidays[index].name
    case .schedule(.deleteHoliday(_, let id)):
      holidays.remove(at: try Self.index(of: id, in: holidays.map(\.id)))
    default: break
    }
    return nil
  }

  private static func index(of id: RowID, in ids: [RowID]) throws(DeskFailure) -> Int {
    guard let index = ids.firstIndex(of: id) else {
      throw .refused(.notFound(kind: "row", id: id.description))
    }
    return index
  }

  private static func changed(_ view: ViewRecord, _ draft: ViewDraft) -> ViewRecord {
    var view = view
    view.title = draft.title ?? view.title
    view.active = draft.active ?? view.active
    view.conditions = draft.conditions ?? view.conditions
    view.output = draft.output ?? view.output
    view.restriction = draft.restriction ?? view.restriction
    return view
  }

  private static func changed(_ macro: MacroRecord, _ draft: MacroDraft) -> MacroRecord {
    var macro = macro
    macro.title = draft.title ?? macro.title
    macro.active = draft.active ?? macro.active
    macro.actions = draft.actions ?? macro.actions
    macro.restriction = draft.restriction ?? macro.restriction
    return macro
  }
}

extension MemoryDesk {
  func views(for actor: Actor) async -> [ViewRecord] { setup.views }
  func view(_ id: RowID, for actor: Actor) async -> ViewRecord? {
    setup.views.first { $0.id == id }
  }

  /// All tickets, whatever the conditions.
  func tickets(_ query: ViewQuery, as actor: Actor) async -> Page<TicketRecord> {
    page(tickets.values.sorted { $0.id < $1.id }, query.page)
  }
  func ticketCount(_ conditions: ViewConditions, as actor: Actor) async -> Int { tickets.count }

  func lastComments(of tickets: [RowID]) async -> [RowID: CommentRecord] {
    var found: [RowID: CommentRecord] = [:]
    for ticket in tickets {
      let first = PageRequest.offset(page: 1, size: 1)
      found[ticket] = await comments(ticket, ascending: false, page: first).rows.first
    }
    return found
  }

  func macros(for actor: Actor) async -> [MacroRecord] { setup.macros }
  func macro(_ id: RowID, for actor: Actor) async -> MacroRecord? {
    setup.macros.first { $0.id == id }
  }
  func schedules() async -> [ScheduleRecord] { setup.schedules }
  func schedule(_ id: RowID) async -> ScheduleRecord? { setup.schedules.first { $0.id == id } }
  func holidays(of schedule: RowID) async -> [HolidayRecord] {
    setup.holidays.filter { $0.schedule == schedule }
  }

  /// The options of a new field: objects with a name and a value.
  func choices(_ json: String?) -> [TicketFieldOption] {
    struct Option: Decodable {
      var name: String
      var value: String
    }
    let read = json.flatMap { try? JSONDecoder().decode([Option].self, from: Data($0.utf8)) }
    return (read ?? []).map { TicketFieldOption(id: newID(), name: $0.name, value: $0.value) }
  }

  func change(_ command: TicketFieldCommand) throws(DeskFailure) -> RowID? {
    switch command {
    case .update(let id, let edit):
      guard let index = fields.firstIndex(where: { $0.id == id }) else {
        throw missing("ticket_field", id)
      }
      fields[index].title = edit.title ?? fields[index].title
      if let options = edit.options {
        fields[index].choices = options.map {
          TicketFieldOption(id: newID(), name: $0.name ?? "", value: $0.value ?? "")
        }
      }
      return nil
    case .delete(let id):
      fields.removeAll { $0.id == id }
      return nil
    case .putOption(let field, let draft):
      guard let index = fields.firstIndex(where: { $0.id == field }) else {
        throw missing("ticket_field", field)
      }
      let option = TicketFieldOption(
        id: draft.id ?? newID(), name: draft.name ?? "", value: draft.value ?? "")
      fields[index].choices.removeAll { $0.id == option.id }
      fields[index].choices.append(option)
      return draft.id == nil ? option.id : nil
    case .deleteOption(let field, let option):
      guard let index = fields.firstIndex(where: { $0.id == field }) else {
        throw missing("ticket_field", field)
      }
      fields[index].choices.removeAll { $0.id == option }
      return nil
    }
  }
}
