// Views, macros and schedules over the local replica.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DeskAdapter {
  func views(for actor: Actor) async throws(DeskFailure) -> [ViewRecord] {
    try await read { view in
      let reader = try view.reader(actor)
      return try view.views().filter { reader.sees($0.restriction) }
    }
  }

  func view(_ id: RowID, for actor: Actor) async throws(DeskFailure) -> ViewRecord? {
    try await read { view in
      guard let found = try view.view(id), try view.reader(actor).sees(found.restriction) else {
        return nil
      }
      return found
    }
  }

  func macros(for actor: Actor) async throws(DeskFailure) -> [MacroRecord] {
    try await read { view in
      let reader = try view.reader(actor)
      return try view.macros().filter { reader.sees($0.restriction) }
    }
  }

  func macro(_ id: RowID, for actor: Actor) async throws(DeskFailure) -> MacroRecord? {
    try await read { view in
      guard let found = try view.macro(id), try view.reader(actor).sees(found.restriction) else {
        return nil
      }
      return found
    }
  }

  func schedules() async throws(DeskFailure) -> [ScheduleRecord] {
    try await read { try $0.schedules() }
  }

  func schedule(_ id: RowID) async throws(DeskFailure) -> ScheduleRecord? {
    try await read { try $0.schedule(id) }
  }

  func holidays(of schedule: RowID) async throws(DeskFailure) -> [HolidayRecord] {
    try await read { try $0.holidays(of: schedule) }
  }

  func tickets(
    _ query: ViewQuery, as actor: Actor
  ) async throws(DeskFailure) -> Page<TicketRecord> {
    try await evaluate(query.conditions, as: actor) { view, filters in
      try view.tickets(filters, order: query.order, page: query.page)
    }
  }

  func ticketCount(
    _ conditions: ViewConditions, as actor: Actor
  ) async throws(DeskFailure) -> Int {
    try await evaluate(conditions, as: actor) { try $0.countTickets($1) }
  }

  func lastComments(
    of tickets: [RowID]
  ) async throws(DeskFailure) -> [RowID: CommentRecord] {
    try await read { view in
      var found: [RowID: CommentRecord] = [:]
      for ticket in tickets { found[ticket] = try view.lastComment(ticket) }
      return found
    }
  }

  /// Reads conditions and answers them over one snapshot. Ownership is worked out only where they
  /// ask for it.
  private func evaluate<T: Sendable>(
    _ conditions: ViewConditions, as actor: Actor,
    _ body: @escaping @Sendable (ReadView, [TicketFilter]) throws -> T
  ) async throws(DeskFailure) -> T {
    let (now, rosterNow) = (clock.now, clock.rosterNow)
    let plain = ConditionReader(actor: actor, groups: [], now: now)
    let offices = plain.owners(in: conditions)
    guard !offices.isEmpty else {
      return try await read { view in
        let groups = try view.reader(actor).groups
        let reader = ConditionReader(actor: actor, groups: groups, now: now)
        return try body(view, try reader.filters(conditions))
      }
    }
    do {
      return try await duty.read { duty in
        let rules = try OwnerRules(duty: duty, now: rosterNow).rules(for: offices)
        let groups = try duty.view.reader(actor).groups
        let reader = ConditionReader(actor: actor, groups: groups, now: now, owners: rules)
        return try body(duty.view, try reader.filters(conditions))
      }
    } catch { throw Self.failure(error) }
  }
}

/// Who looks at views and macros.
private struct SetupReader {
  let actor: Actor
  /// The default group first.
  let groups: [RowID]

  /// Leads see what groups keep, since it is theirs to change; the node's operator sees all.
  func sees(_ restriction: Restriction) -> Bool {
    if actor.user == .none { return true }
    if case .groups = restriction, actor.role.mayLead { return true }
    return restriction.shows(to: actor.user, in: Set(groups))
  }
}

extension ReadView {
  fileprivate func reader(_ actor: Actor) throws -> SetupReader {
    let memberships = actor.user == .none ? [] : try everyMembership(user: actor.user)
    let order = memberships.filter(\.isDefault) + memberships.filter { !$0.isDefault }
    return SetupReader(actor: actor, groups: order.map(\.group))
  }
}
