// Works out which tickets an office owns now as a rule over columns, for lists of tickets.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Reads rosters, grants and covers of one snapshot.
struct OwnerRules {
  /// Grants that are looked at, the newest first; and tickets of boards that somebody covers.
  private static let limit = 5_000

  let duty: DutyReading
  /// Roster time.
  let now: Instant

  /// One rule for each office asked for. Costs what the groups, the running grants and the covered
  /// boards cost, not what the desk holds.
  func rules(for offices: [OfficeID]) throws -> [OfficeID: OwnerRule] {
    let groups = [RowID.none] + (try duty.view.rows(Desk.group).map(\.0))
    let views = Dictionary(
      uniqueKeysWithValues: groups.map { ($0, duty.ownership($0, at: now)) })
    let directory = duty.facts.presentOffices
    let homes = duty.facts.view.offices.order
    var base = OwnerRule(at: now)
    for group in groups {
      guard let view = views[group] else { continue }
      if view.awakeOffice == nil { base.resting.append(group) }
      for home in homes where view.isClosedForLong(home) {
        base.closed.append(OwnerRule.Closed(group: group, home: home))
      }
    }
    let owners = try exceptions(groups, views)
    base.exceptions = owners.keys.sorted()
    var rules: [OfficeID: OwnerRule] = [:]
    for office in offices {
      var rule = base
      rule.groups = groups.filter { views[$0]?.awakeOffice == office }
      rule.homes = homes.filter { directory.resting(home: $0) == office }
      rule.owned = owners.filter { $0.value == office }.keys.sorted()
      rules[office] = rule
    }
    return rules
  }

  /// The owners of tickets that are held by a grant, or lie on a board that somebody covers.
  private func exceptions(
    _ groups: [RowID], _ views: [RowID: OwnershipView]
  ) throws -> [RowID: OfficeID] {
    var owners: [RowID: OfficeID] = [:]
    func ask(_ facts: TicketFacts, _ view: OwnershipView) {
      owners[facts.id] = view.owner(of: facts).office
    }
    for group in groups {
      guard let view = views[group] else { continue }
      for id in view.board.ticketCovers.keys.sorted() {
        guard let facts = duty.ticket(id), facts.placement.group == group else { continue }
        ask(facts, view)
      }
      guard view.board.cover != nil else { continue }
      var asked = 0
      try duty.visitAwake(group, view) { facts in
        ask(facts, view)
        asked += 1
        return asked < Self.limit
      }
    }
    let since = duty.book.oldestOpenWindow(at: now)
    let rows = try duty.view.rows(
      Desk.grant, column: GrantColumn.at, from: since.milliseconds, newest: Self.limit)
    var grants: [RowID: [OwnershipGrant]] = [:]
    for (_, state) in rows {
      guard let ticket = state.value(GrantColumn.ticket).integer,
        let grant = duty.facts.grant(state)
      else { continue }
      grants[RowID(ticket), default: []].append(grant)
    }
    for (ticket, grants) in grants {
      let placed = try duty.view.placement(ticket)?.placement.group
      let group = placed ?? RowID.none
      guard let view = views[group] else { continue }
      if let holder = view.holder(of: grants, group: group) { owners[ticket] = holder }
    }
    return owners
  }
}
