// Local columns of tickets that lists and boards sort and select by.

internal import HelpdeskDomain
internal import ReplicaCore

/// Ranks of status and priority, the parsed placement, and since when the status and the assignee
/// are what they are: derived on each node, never replicated.
enum TicketDerivation {
  static let columns: [(name: String, type: String)] = [
    ("status_rank", "INTEGER"), ("priority_rank", "INTEGER"), ("is_open", "INTEGER"),
    ("place_moves", "INTEGER"), ("place_group", "INTEGER"), ("place_home", "TEXT"),
    ("wake_ms", "INTEGER"), ("status_ms", "INTEGER"), ("assigned_ms", "INTEGER"),
  ]

  static let indexes: [(name: String, columns: String, condition: String)] = [
    ("created", "created_ms", ""), ("updated", "updated_ms", ""),
    ("status", "status_rank", ""), ("priority", "priority_rank", ""),
    ("deleted", "deleted", "WHERE deleted = 1"),
    ("board", "place_moves, place_group", "WHERE is_open = 1"),
    ("home", "place_moves, place_home", "WHERE is_open = 1"),
    ("wake", "wake_ms", "WHERE is_open = 1 AND wake_ms IS NOT NULL"),
  ]

  static let statuses = ["new", "open", "pending", "hold", "solved", "closed"]
  static let priorities = ["low", "normal", "high", "urgent"]

  /// The rank of a status; unknown ones come last.
  static func rank(status: String) -> Int64 {
    Int64(statuses.firstIndex(of: status) ?? statuses.count)
  }

  /// The rank of a priority from 1 on; 0 where it is none.
  static func rank(priority: String) -> Int64 {
    Int64((priorities.firstIndex(of: priority) ?? -1) + 1)
  }

  /// The derived values of a state, in the order of ``columns``.
  static func values(
    _ state: RowState, placement: (RowState) -> DerivedPlacement?
  ) -> [Value] {
    let status = state.value(TicketColumn.status).text ?? "new"
    let priority = state.value(TicketColumn.priority).text ?? ""
    let isDeleted = state.value(TicketColumn.deleted).integer == 1
    let isOpen = !isDeleted && status != "solved" && status != "closed"
    let place = placement(state)
    return [
      .integer(rank(status: status)), .integer(rank(priority: priority)),
      .integer(isOpen ? 1 : 0), place.map { .integer($0.movesOn ? 1 : 0) } ?? .null,
      place.map { .integer($0.group?.rawValue ?? 0) } ?? .null,
      place.map { .text($0.home.rawValue) } ?? .null,
      place?.wakeAt.map { .integer($0.milliseconds) } ?? .null,
      milliseconds(statusSince(state)), milliseconds(since(TicketColumn.assignee, in: state)),
    ]
  }

  /// When the ticket got the status that it shows; nil where it shows none. Of one that an import
  /// brought as solved or closed, the source's date of the solution, not that of the import.
  static func statusSince(_ state: RowState) -> Instant? {
    let written = since(TicketColumn.status, in: state)
    let status = state.value(TicketColumn.status).text
    guard status == "solved" || status == "closed", let written,
      let told = since(TicketColumn.originalSolved, in: state), told >= written,
      let solved = state.value(TicketColumn.originalSolved).integer
    else { return written }
    return Instant(milliseconds: solved)
  }

  private static func milliseconds(_ instant: Instant?) -> Value {
    instant.map { .integer($0.milliseconds) } ?? .null
  }

  /// When the value that a register shows was written; nil where it shows none.
  private static func since(_ column: UInt16, in state: RowState) -> Instant? {
    guard let shown = state.cells[CellKey(column)]?.register?.winner,
      shown.value?.isNull == false
    else { return nil }
    return shown.stamp.hlc.instant
  }
}
