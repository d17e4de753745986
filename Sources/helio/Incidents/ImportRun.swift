// One run of the importer: reads, sends in batches, counts.

internal import Foundation

/// What an import did.
struct ImportSummary: Hashable, Sendable, Encodable {
  struct BadLine: Hashable, Sendable, Encodable {
    var line: Int
    var reason: String
  }

  /// Rows that were sent.
  var rows = 0
  /// Incidents whose rows were sent.
  var incidents = 0
  /// Rows that an earlier run had sent.
  var skipped = 0
  var created = 0
  var updated = 0
  var unchanged = 0
  var bad: [BadLine] = []
  var seconds = 0.0
  /// Why the run ended early.
  var stopped: String?
}

/// Drives a file into a node. `send` gives the node's report of a batch; `progress` is told how
/// far it is; `keep` gets each line up to which everything is acknowledged.
struct ImportRun {
  var file: IncidentFile
  let source: String
  let officeMap: [String: String]
  /// At most so many incidents; nil for all.
  let limit: Int?
  /// Lines up to this one were acknowledged before.
  let after: Int
  let send: @Sendable (IncidentBatch) async throws(Failure) -> JSON
  let progress: (Progress.Standing, _ isLast: Bool) -> Void
  let keep: (Int) -> Void

  private(set) var summary = ImportSummary()
  private var numbers: Set<String> = []
  /// An incident that did not fit into the last batch.
  private var held: [IncidentRow]?
  /// The first row of the incident after the last one.
  private var nextRow: IncidentRow?
  private let clock = ContinuousClock()

  init(
    file: IncidentFile, source: String, officeMap: [String: String] = [:], limit: Int? = nil,
    after: Int = 0, send: @escaping @Sendable (IncidentBatch) async throws(Failure) -> JSON,
    progress: @escaping (Progress.Standing, Bool) -> Void = { _, _ in },
    keep: @escaping (Int) -> Void = { _ in }
  ) {
    self.file = file
    self.source = source
    self.officeMap = officeMap
    self.limit = limit
    self.after = after
    self.send = send
    self.progress = progress
    self.keep = keep
  }

  /// Runs to the end, or to the first failure, which is thrown after what was read before it
  /// has been sent. ``summary`` tells in both cases what was done.
  mutating func run() async throws(Failure) {
    let begun = clock.now
    do {
      try await transfer(begun)
    } catch {
      summary.stopped = error.message
      finish(begun)
      throw error
    }
    finish(begun)
  }

  private mutating func transfer(_ begun: ContinuousClock.Instant) async throws(Failure) {
    // The next batch is read while the node works on this one.
    var next = gather()
    while true {
      let (rows, failure) = next
      if !rows.isEmpty {
        let batch = IncidentBatch(source: source, officeMap: officeMap, rows: rows)
        let send = send
        let answer = Task { () async -> Result<JSON, Failure> in
          do throws(Failure) { return .success(try await send(batch)) } catch {
            return .failure(error)
          }
        }
        next = failure == nil ? gather() : ([], failure)
        count(try await answer.value.get(), rows)
        if let last = rows.last?.line { keep(last) }
      } else {
        next = ([], failure)
      }
      let isLast = next.rows.isEmpty
      progress(standing(begun), isLast)
      if isLast {
        if let failure = next.failure { throw failure }
        return
      }
    }
  }

  /// The rows of the next batch, and why there are no more after them. A batch holds whole
  /// incidents, because the node compares all the snapshots of one with what it has.
  private mutating func gather() -> (rows: [IncidentRow], failure: Failure?) {
    var rows: [IncidentRow] = []
    var bytes = 0
    do throws(Failure) {
      while let incident = try incident() {
        let size = incident.reduce(0) { $0 + $1.bytes }
        let fits =
          rows.count + incident.count <= IncidentBatch.rows && bytes + size <= IncidentBatch.bytes
        if !rows.isEmpty, !fits {
          held = incident
          break
        }
        guard incident.count <= IncidentBatch.mostRows, size <= IncidentBatch.bytes else {
          summary.bad += incident.map {
            .init(
              line: $0.line,
              reason: "\($0.number) has \(incident.count) rows of \(size) bytes; at most "
                + "\(IncidentBatch.mostRows) rows and \(IncidentBatch.bytes) bytes of one incident "
                + "go")
          }
          continue
        }
        rows += incident
        bytes += size
      }
    } catch {
      return (rows, error)
    }
    return (rows, nil)
  }

  /// All rows of the next incident that is wanted; nil at the end. Where the file breaks off, the
  /// incident that is cut there is not given.
  private mutating func incident() throws(Failure) -> [IncidentRow]? {
    if let incident = held {
      held = nil
      return incident
    }
    var rows: [IncidentRow] = []
    while true {
      var waiting = nextRow
      nextRow = nil
      if waiting == nil { waiting = try take() }
      guard let row = waiting else { return rows.isEmpty ? nil : rows }
      if let first = rows.first, first.number != row.number {
        nextRow = row
        return rows
      }
      if rows.isEmpty {
        guard !numbers.contains(row.number) else {
          summary.bad.append(
            .init(
              line: row.line,
              reason: "\(row.number) stood further up already; the rows of one incident must "
                + "stand together"))
          continue
        }
        if let limit, numbers.count >= limit { return nil }
        numbers.insert(row.number)
      }
      rows.append(row)
    }
  }

  /// The next good row that no earlier run has sent.
  private mutating func take() throws(Failure) -> IncidentRow? {
    while let line = try file.next() {
      switch line {
      case .bad(let line, let reason):
        if line > after { summary.bad.append(.init(line: line, reason: reason)) }
      case .row(let row):
        if row.line > after { return row }
        numbers.insert(row.number)
        summary.skipped += 1
      }
    }
    return nil
  }

  private mutating func count(_ answer: JSON, _ rows: [IncidentRow]) {
    let report = answer["import"]
    summary.rows += rows.count
    summary.incidents += Set(rows.map(\.number)).count
    summary.created += Int(report["created"].integer ?? 0)
    summary.updated += Int(report["updated"].integer ?? 0)
    summary.unchanged += Int(report["unchanged"].integer ?? 0)
    summary.bad += report["bad"].items.map {
      .init(line: Int($0["line"].integer ?? 0), reason: $0["reason"].text ?? "not accepted")
    }
  }

  private mutating func finish(_ begun: ContinuousClock.Instant) {
    summary.bad.sort { $0.line < $1.line }
    summary.seconds = elapsed(begun)
  }

  private func standing(_ begun: ContinuousClock.Instant) -> Progress.Standing {
    guard let limit else {
      return Progress.Standing(
        done: file.consumed, total: file.size, items: summary.rows, seconds: elapsed(begun))
    }
    return Progress.Standing(
      done: Int64(numbers.count), total: Int64(limit), items: summary.rows,
      seconds: elapsed(begun))
  }

  private func elapsed(_ begun: ContinuousClock.Instant) -> Double {
    (clock.now - begun) / .seconds(1)
  }
}
