// Open tickets by where they belong: what ownership asks, answered from an index.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

/// Which open tickets (not solved, closed or deleted) are meant.
package enum PlacementFilter: Hashable, Sendable {
  /// Those that move on, in these groups; ``RowID/none`` stands for no group.
  case movingOn(groups: [RowID])
  /// Those that stay with their home office, in one group, their own wake instant not come yet.
  case staying(home: OfficeID, group: RowID, asleepAt: Instant)
  /// Those that stay and whose wake instant has come, in one group.
  case woken(by: Instant, group: RowID)
  /// Those of these ids that are open.
  case ids([RowID])
  /// All open ones.
  case all
}

extension ReadView {
  /// A page of ids of open tickets, by (group or wake instant, id). Costs what the page costs, not
  /// what the board does.
  package func openTickets(
    _ filter: PlacementFilter, size: Int, after: String? = nil
  ) throws -> Page<RowID> {
    let order = filter.name
    let window = try PageWindow(
      .cursor(size: size, after: after, before: nil), order: order)
    var found: [(row: RowID, key: Int64, id: RowID)] = []
    for segment in filter.segments(after: window.cursor) {
      let rows = try db.rows(
        "SELECT id, \(filter.key) FROM ticket \(segment.sql) LIMIT ?",
        segment.arguments + [Int64(window.size + 1 - found.count).databaseValue])
      while let row = try rows.next() {
        found.append((RowID(row.int(0)), row.int(1), RowID(row.int(0))))
      }
      if found.count > window.size { break }
    }
    return window.page(found, order: order, count: nil)
  }

  /// How many open tickets there are.
  package func countOpenTickets(_ filter: PlacementFilter) throws -> Int {
    var count: Int64 = 0
    for segment in filter.segments(after: nil) {
      count +=
        try db.number("SELECT count(*) FROM ticket \(segment.unordered)", segment.arguments) ?? 0
    }
    return Int(count)
  }

  /// The groups that open tickets are in, deleted ones included; ``RowID/none`` stands for no
  /// group. Costs what the groups are, not what is open: each step asks the index for the next one.
  package func groupsOfOpenTickets() throws -> Set<RowID> {
    let next = """
      SELECT min(place_group) FROM ticket
      WHERE is_open = 1 AND place_moves = ? AND place_group > ?
      """
    var found: Set<RowID> = []
    for moves in [Int64(0), 1] {
      var last = Int64.min
      while let group = try db.number(next, [moves.databaseValue, last.databaseValue]) {
        found.insert(RowID(group))
        last = group
      }
    }
    return found
  }

  /// Where a ticket belongs, and whether it is open; nil where it has no placement.
  package func placement(_ ticket: RowID) throws -> (placement: DerivedPlacement, isOpen: Bool)? {
    let row = try db.row(
      """
      SELECT place_group, place_home, place_moves, wake_ms, is_open FROM ticket
      WHERE id = ? AND place_home IS NOT NULL
      """, [ticket.sql]
    )
    guard let row, let home = row.text(1) else { return nil }
    let group = row.int(0) == 0 ? nil : RowID(row.int(0))
    return (
      DerivedPlacement(
        group: group, home: OfficeID(home), movesOn: row.int(2) == 1,
        wakeAt: row.optionalInt(3).map { Instant(milliseconds: $0) }), row.int(4) == 1
    )
  }
}

/// One range of an index.
private struct BoardSegment {
  var condition: String
  var arguments: [DatabaseValue]
  var order: String

  var unordered: String { "WHERE \(condition)" }
  var sql: String { "WHERE \(condition) ORDER BY \(order)" }
}

extension PlacementFilter {
  /// Names the list in its cursors.
  fileprivate var name: String {
    switch self {
    case .movingOn: "moving"
    case .staying: "staying"
    case .woken: "woken"
    case .ids: "ids"
    case .all: "open"
    }
  }

  /// The column that comes before the id in the list's order.
  fileprivate var key: String {
    switch self {
    case .movingOn: "place_group"
    case .woken: "wake_ms"
    case .staying, .ids, .all: "id"
    }
  }

  fileprivate func segments(after cursor: PageCursor?) -> [BoardSegment] {
    switch self {
    case .movingOn(let groups):
      groups.map(\.rawValue).sorted().compactMap { group in
        if let cursor, group < cursor.key { return nil }
        let first = cursor.map { group == $0.key ? $0.id : .none } ?? .none
        return BoardSegment(
          condition: "is_open = 1 AND place_moves = 1 AND place_group = ? AND id > ?",
          arguments: [group.databaseValue, first.sql], order: "id")
      }
    case .staying(let home, let group, let instant):
      [
        BoardSegment(
          condition: """
            is_open = 1 AND place_moves = 0 AND place_home = ? AND id > ?
            AND +place_group = ? AND (wake_ms IS NULL OR wake_ms > ?)
            """,
          arguments: [
            home.rawValue.databaseValue, (cursor?.id ?? .none).sql, group.sql,
            instant.milliseconds.databaseValue,
          ], order: "id")
      ]
    case .woken(let by, let group): woken(by, group, cursor)
    case .ids(let ids):
      [
        BoardSegment(
          condition: """
            id IN (SELECT value FROM json_each(?)) AND +is_open = 1 AND id > ?
            """, arguments: [ids.json, (cursor?.id ?? .none).sql], order: "id")
      ]
    case .all:
      [
        BoardSegment(
          condition: "+is_open = 1 AND id > ?", arguments: [(cursor?.id ?? .none).sql],
          order: "id")
      ]
    }
  }

  private func woken(
    _ by: Instant, _ group: RowID, _ cursor: PageCursor?
  ) -> [BoardSegment] {
    let base = "is_open = 1 AND wake_ms IS NOT NULL AND +place_moves = 0 AND +place_group = ?"
    let last = by.milliseconds.databaseValue
    guard let cursor else {
      return [
        BoardSegment(
          condition: "\(base) AND wake_ms <= ?", arguments: [group.sql, last],
          order: "wake_ms, id")
      ]
    }
    let key = cursor.key.databaseValue
    return [
      BoardSegment(
        condition: "\(base) AND wake_ms = ? AND id > ?",
        arguments: [group.sql, key, cursor.id.sql], order: "wake_ms, id"),
      BoardSegment(
        condition: "\(base) AND wake_ms > ? AND wake_ms <= ?", arguments: [group.sql, key, last],
        order: "wake_ms, id"),
    ]
  }
}

extension [RowID] {
  /// A JSON array, for json_each: a list of any length in one argument.
  var json: DatabaseValue {
    "[\(map { "\($0.rawValue)" }.joined(separator: ","))]".databaseValue
  }
}
