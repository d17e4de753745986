// The open tickets of a group that somebody on duty must see: those that move on, and those awake.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DutyReading {
  /// Tickets that are read at a time.
  private static let page = 200

  /// How many tickets of a group move on, or stay and woke.
  func countAwake(_ group: RowID, _ view: OwnershipView) throws -> Int {
    try awakeFilters(group, view).reduce(0) { try $0 + self.view.countOpenTickets($1) }
  }

  /// The first of them.
  func awake(_ group: RowID, _ view: OwnershipView, limit: Int) throws -> [RowID] {
    var found: [RowID] = []
    for filter in awakeFilters(group, view) where found.count < limit {
      found += try self.view.openTickets(filter, size: limit - found.count).rows
    }
    return found
  }

  /// Visits them until `visit` answers false. Costs what is visited, not what the board holds.
  func visitAwake(
    _ group: RowID, _ view: OwnershipView, _ visit: (TicketFacts) throws -> Bool
  ) throws {
    for filter in awakeFilters(group, view) {
      var cursor: String?
      repeat {
        let page = try self.view.openTickets(filter, size: Self.page, after: cursor)
        for facts in page.rows.compactMap({ ticket($0) }) where try !visit(facts) { return }
        cursor = page.hasMore ? page.afterCursor : nil
      } while cursor != nil
    }
  }

  /// Each of them is in one of these: it moves on, or its wake instant has come, or its home has
  /// been closed for too long.
  private func awakeFilters(_ group: RowID, _ view: OwnershipView) -> [PlacementFilter] {
    let closed = facts.presentOffices.active.sorted().filter { view.isClosedForLong($0) }
    return [.movingOn(groups: [group]), .woken(by: view.at, group: group)]
      + closed.map { .staying(home: $0, group: group, asleepAt: view.at) }
  }
}
