// One run over an export: reads, sends in batches, counts, and says what was left out and why.

/// What an import did.
struct ZendeskSummary: Hashable, Sendable, Encodable {
  struct Count: Hashable, Sendable, Encodable {
    var rows = 0
    var created = 0
    var updated = 0
    var unchanged = 0
    var bad = 0
    var warnings = 0
  }

  struct Finding: Hashable, Sendable, Encodable {
    var file: String
    /// From 1, in its file.
    var row: Int
    var kind: String
    var reason: String
  }

  var kinds: [String: Count] = [:]
  /// Rows that an earlier run had sent.
  var skipped = 0
  /// Rows that are not in; the first ``mostFindings``.
  var bad: [Finding] = []
  /// Rows that are in without a part of them; the first ``mostFindings``.
  var warnings: [Finding] = []
  /// Files that were not read.
  var unknownFiles: [String] = []
  var seconds = 0.0
  /// Why the run ended early.
  var stopped: String?

  static let mostFindings = 10_000

  var badCount: Int { kinds.values.reduce(0) { $0 + $1.bad } }
}

/// Drives a folder into a node. `send` gives the node's report of a batch; `progress` is told how
/// far it is; `keep` gets the number of rows that are acknowledged.
struct ZendeskRun {
  let folder: ZendeskFolder
  let office: String?
  /// Rows that were acknowledged before.
  let after: Int
  let send: @Sendable (_ body: [UInt8]) async throws(Failure) -> JSON
  let progress: (Progress.Standing, _ isLast: Bool) -> Void
  let keep: (Int) -> Void

  private(set) var summary = ZendeskSummary()
  private var batch: [(row: ZendeskRow, file: String, number: Int)] = []
  private var bytes = 0
  /// Comments of tickets that were too long with them.
  private var late: [(row: ZendeskRow, file: String, number: Int)] = []
  private var seen = 0
  private var done: Int64 = 0
  private let clock = ContinuousClock()
  private let begun: ContinuousClock.Instant

  /// Rows of one batch.
  static let rows = 500
  /// Bytes of the rows of one batch; the node takes 1 MiB with everything around them.
  static let bytes = 700 << 10
  /// Bytes of one row.
  static let rowBytes = 900 << 10

  init(
    folder: ZendeskFolder, office: String? = nil, after: Int = 0,
    send: @escaping @Sendable ([UInt8]) async throws(Failure) -> JSON,
    progress: @escaping (Progress.Standing, Bool) -> Void = { _, _ in },
    keep: @escaping (Int) -> Void = { _ in }
  ) {
    self.folder = folder
    self.office = office
    self.after = after
    self.send = send
    self.progress = progress
    self.keep = keep
    begun = clock.now
    summary.unknownFiles = folder.unknown.map { "\($0.name): \($0.reason)" }
  }

  private var total: Int64 {
    folder.files.reduce(0) { $0 + $1.size * Int64($1.kinds.count) }
  }

  /// Runs to the end, or to the first failure. ``summary`` tells in both cases what was done.
  mutating func run() async throws(Failure) {
    do {
      for kind in ZendeskKind.allCases {
        for file in folder.files where file.kinds.contains(kind) { try await take(kind, file) }
        try await flush(kind)
      }
    } catch {
      summary.stopped = error.message
      summary.seconds = elapsed
      throw error
    }
    summary.seconds = elapsed
    progress(standing(0), true)
  }

  private mutating func take(_ kind: ZendeskKind, _ file: ZendeskFile) async throws(Failure) {
    var rows = try file.rows()
    var number = 0
    while let next = try rows.next() {
      switch next {
      case .bad(let reason):
        number += 1
        refuse(.init(file: file.name, row: number, kind: kind.rawValue, reason: reason))
      case .object(let object):
        for row in ZendeskRows.of(kind, in: object, of: file) {
          number += 1
          try await add(row, kind, file.name, number)
        }
      }
      progress(standing(rows.consumed), false)
    }
    done += file.size
  }

  private mutating func add(
    _ row: ZendeskRow, _ kind: ZendeskKind, _ file: String, _ number: Int
  ) async throws(Failure) {
    guard seen >= after else {
      seen += 1
      summary.skipped += 1
      return
    }
    var row = row
    var comments: [ZendeskRow] = []
    if row.bytes.count > Self.rowBytes, kind == .tickets, let parts = ZendeskRows.split(row) {
      row = parts.ticket
      comments = parts.comments
    }
    guard row.bytes.count <= Self.rowBytes else {
      seen += 1
      refuse(
        .init(
          file: file, row: number, kind: kind.rawValue,
          reason: "is \(row.bytes.count) bytes; at most \(Self.rowBytes) go"))
      return
    }
    if batch.count >= Self.rows || bytes + row.bytes.count > Self.bytes { try await flush(kind) }
    // Only now: what was flushed are the rows before this one.
    seen += 1
    batch.append((row, file, number))
    bytes += row.bytes.count
    late += comments.map { ($0, file, number) }
  }

  /// Sends what was gathered, and the comments that came off it.
  private mutating func flush(_ kind: ZendeskKind) async throws(Failure) {
    try await send(batch, kind)
    batch = []
    bytes = 0
    let comments = late
    late = []
    var part: [(row: ZendeskRow, file: String, number: Int)] = []
    var size = 0
    for each in comments {
      guard each.row.bytes.count <= Self.rowBytes else {
        refuse(
          .init(
            file: each.file, row: each.number, kind: ZendeskKind.comments.rawValue,
            reason: "a comment is \(each.row.bytes.count) bytes"))
        continue
      }
      if size + each.row.bytes.count > Self.bytes || part.count == Self.rows {
        try await send(part, .comments)
        part = []
        size = 0
      }
      part.append(each)
      size += each.row.bytes.count
    }
    try await send(part, .comments)
    keep(max(seen, after))
  }

  private mutating func send(
    _ rows: [(row: ZendeskRow, file: String, number: Int)], _ kind: ZendeskKind
  ) async throws(Failure) {
    guard !rows.isEmpty else { return }
    var body = Array("{\"kind\":\"\(kind.rawValue)\",".utf8)
    if let office { body += Array("\"office\":\"\(office)\",".utf8) }
    body += Array("\"rows\":[".utf8)
    for (index, each) in rows.enumerated() {
      body += Array("\(index == 0 ? "" : ","){\"line\":\(index),\"row\":".utf8)
      body += each.row.bytes
      body.append(0x7D)
    }
    body += Array("]}".utf8)
    let report = try await send(body)["import"]
    var count = summary.kinds[kind.rawValue] ?? .init()
    count.rows += rows.count
    count.created += Int(report["created"].integer ?? 0)
    count.updated += Int(report["updated"].integer ?? 0)
    count.unchanged += Int(report["unchanged"].integer ?? 0)
    summary.kinds[kind.rawValue] = count
    for (key, isBad) in [("bad", true), ("warnings", false)] {
      for entry in report[key].items {
        let index = Int(entry["line"].integer ?? 0)
        let place = rows.indices.contains(index) ? rows[index] : rows[0]
        find(
          .init(
            file: place.file, row: place.number, kind: kind.rawValue,
            reason: entry["reason"].text ?? "not accepted"), isBad: isBad)
      }
    }
  }

  /// A row that does not get as far as the node.
  private mutating func refuse(_ finding: ZendeskSummary.Finding) {
    summary.kinds[finding.kind, default: .init()].rows += 1
    find(finding, isBad: true)
  }

  private mutating func find(_ finding: ZendeskSummary.Finding, isBad: Bool) {
    if isBad {
      summary.kinds[finding.kind, default: .init()].bad += 1
      if summary.bad.count < ZendeskSummary.mostFindings { summary.bad.append(finding) }
    } else {
      summary.kinds[finding.kind, default: .init()].warnings += 1
      if summary.warnings.count < ZendeskSummary.mostFindings { summary.warnings.append(finding) }
    }
  }

  private func standing(_ consumed: Int64) -> Progress.Standing {
    Progress.Standing(
      done: done + consumed, total: total,
      items: summary.kinds.values.reduce(0) { $0 + $1.rows }, seconds: elapsed)
  }

  private var elapsed: Double { (clock.now - begun) / .seconds(1) }
}
