// Pages of an incremental export: bounded in rows and bytes, and nothing between them is left out.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension ReadView {
  /// By time a page may grow to this many rows of one second.
  private static var secondRows: Int { 10_000 }
  /// Rows that are read at a time.
  private static var chunk: Int { 100 }
  /// A page ends once its rows have so many bytes.
  private static var pageBytes: Int { 16 << 20 }

  /// One page. `list` gives rows behind a place, at most so many; `size` the bytes of one.
  func export<Row: Sendable>(
    _ request: ExportRequest, size: (Row) -> Int,
    _ list: (_ after: AppliedPlace, _ limit: Int) throws -> [(AppliedPlace, Row)]
  ) throws -> ExportPage<Row> {
    let start: AppliedPlace
    var end: Int64 = 0
    switch request.position {
    case .place(let place):
      start = place
      // Who asks for the last page again must not be sent back to the beginning of time.
      if request.wholeSeconds { end = try moment(of: place.applied).seconds }
    case .time(let time):
      start = AppliedPlace(after: try appliedNumber(before: time))
      end = time.seconds
    }
    var (found, ended) = try gather(request.limit, from: start, size, list)
    if request.wholeSeconds {
      for (place, _) in found { end = max(end, try moment(of: place.applied).seconds) }
    }
    if !ended, request.wholeSeconds {
      // Clients that go on by `end_time` would meet the same second again and again.
      let next = try firstCommit(at: Instant(seconds: end + 1))
      let bound = try next.map { _ in try appliedNumber(before: Instant(seconds: end + 1)) }
      let more = try list(found.last?.0 ?? start, Self.secondRows)
      let same = more.prefix { place, _ in bound.map { place.applied <= $0 } ?? true }
      found += same
      if same.count < more.count || more.count < Self.secondRows {
        ended = same.count == more.count
        if next != nil { end += 1 }
      }
    }
    return ExportPage(
      rows: found.map(\.1), position: found.last?.0 ?? start, ended: ended, endTime: end)
  }

  private func gather<Row>(
    _ limit: Int, from start: AppliedPlace, _ size: (Row) -> Int,
    _ list: (_ after: AppliedPlace, _ limit: Int) throws -> [(AppliedPlace, Row)]
  ) throws -> (found: [(AppliedPlace, Row)], ended: Bool) {
    var found: [(AppliedPlace, Row)] = []
    var bytes = 0
    while found.count < limit, bytes < Self.pageBytes {
      let wanted = min(Self.chunk, limit - found.count)
      // One more than wanted tells whether anything is left.
      let rows = try list(found.last?.0 ?? start, wanted + 1)
      found += rows.prefix(wanted)
      guard rows.count > wanted else { return (found, true) }
      bytes += rows.reduce(0) { $0 + size($1.1) }
    }
    return (found, false)
  }

  /// Effective deltas that name tickets.
  func ticketDeltas(after: Int64, limit: Int) throws -> [HistoryEntry] {
    var found: [HistoryEntry] = []
    var position = after
    while found.count < limit {
      let rows = try log(after: position, limit: Self.chunk)
      found += rows.filter { entry in
        entry.void == nil && entry.delta.changes.contains { $0.row.entity == Desk.ticket }
      }
      guard let last = rows.last, rows.count == Self.chunk else { break }
      position = last.applied
    }
    return try found.prefix(limit).map { entry in
      var entry = entry
      entry.appliedAt = try moment(of: entry.applied)
      return entry
    }
  }
}
