// Pages of an incremental export: bounded in rows and bytes, and nothing between them is left out.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension ReadView {
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
    var end: Int64
    switch request.position {
    case .place(let place):
      start = place
      end = try readerSecond(of: place.applied) ?? 0
    case .time(let time):
      start = AppliedPlace(after: try appliedNumber(before: time))
      end = time.seconds
    }
    var (found, ended) = try gather(request.limit, from: start, size, list)
    if !ended, request.wholeSeconds, let last = found.last?.0 {
      end = max(end, try readerSecond(of: last.applied) ?? end)
      // A row to go on behind needs no whole second; who came with a second may have no such row.
      if case .time = request.position {
        (end, ended) = try complete(&found, second: end, list)
      }
    }
    var position = found.last?.0 ?? start
    if ended {
      // What was passed over in vain is not passed over again.
      let last = try lastApplied()
      position = max(position, AppliedPlace(after: last))
      end = max(end, try readerSecond(of: last) ?? end)
    }
    return ExportPage(rows: found.map(\.1), position: position, ended: ended, endTime: end)
  }

  /// Adds the rest of a second, so that a reader who goes on by `end_time` gets past it. Returns
  /// where they go on, and whether nothing is left.
  private func complete<Row>(
    _ found: inout [(AppliedPlace, Row)], second: Int64,
    _ list: (_ after: AppliedPlace, _ limit: Int) throws -> [(AppliedPlace, Row)]
  ) throws -> (end: Int64, ended: Bool) {
    let next = Instant(seconds: second + 1)
    // Where nothing came later more may still come in this second.
    guard try firstCommit(at: next) != nil else {
      while let last = found.last?.0 {
        let more = try list(last, Self.chunk)
        found += more
        if more.count < Self.chunk { break }
      }
      return (second, true)
    }
    let bound = try appliedNumber(before: next)
    while let last = found.last?.0 {
      let more = try list(last, Self.chunk)
      let same = more.prefix { place, _ in place.applied <= bound }
      found += same
      if same.count < more.count { return (second + 1, false) }
      if more.count < Self.chunk { break }
    }
    return (second + 1, true)
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
    try log(naming: Desk.ticket, after: after, limit: limit).map { entry in
      var entry = entry
      entry.appliedAt = try moment(of: entry.applied)
      return entry
    }
  }
}
