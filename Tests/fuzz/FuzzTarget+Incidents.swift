// What an operator imports: incident logs.

import HelpdeskDomain

@testable import helio

extension FuzzTarget {
  /// However the file is cut into pieces, it reads the same; and what was read, written with every
  /// value quoted, reads the same.
  static func csv(_ input: [UInt8]) throws(BrokenLaw) {
    let text = Array(input.dropFirst())
    let size = 1 + Int(input.first ?? 0)
    let pieces = stride(from: 0, to: text.count, by: size).map {
      Array(text[$0..<min($0 + size, text.count)])
    }
    let whole = try records([text])
    try BrokenLaw.unless(try records(pieces), whole, "pieces read as the whole")
    var values: [[String]] = []
    for case .values(_, let fields) in whole { values.append(fields) }
    var again: [[String]] = []
    for record in try records([values.flatMap(quoted)]) {
      guard case .values(_, let fields) = record else {
        throw BrokenLaw("a quoted record is read as a bad one")
      }
      again.append(fields)
    }
    try BrokenLaw.unless(again, values, "quoted values read as they were")
    snapshots(values, text)
  }

  /// By bytes: a quotation mark under a combining mark is no character of its own.
  private static func quoted(_ fields: [String]) -> [UInt8] {
    let mark = UInt8(ascii: "\"")
    let values = fields.map {
      [mark] + $0.utf8.flatMap { $0 == mark ? [mark, mark] : [$0] } + [mark]
    }
    return Array(values.joined(separator: [UInt8(ascii: ",")])) + [UInt8(ascii: "\n")]
  }

  private static func records(_ pieces: [[UInt8]]) throws(BrokenLaw) -> [CSVReader.Record] {
    var reader = CSVReader(MemorySource(pieces))
    var found: [CSVReader.Record] = []
    do throws(Failure) {
      while let record = try reader.next() { found.append(record) }
    } catch { throw BrokenLaw("a source that does not fail failed: \(error.message)") }
    return found
  }

  /// The further readers of such a file: that of the command, and that of the node.
  private static func snapshots(_ records: [[String]], _ text: [UInt8]) {
    if var file = try? IncidentFile(MemorySource([text]), size: 0, name: "fuzzed") {
      while (try? file.next()) ?? nil != nil {}
    }
    guard let header = records.first, let layout = try? IncidentLayout(header: header) else {
      return
    }
    for (index, fields) in records.dropFirst().enumerated() {
      guard let snapshot = try? layout.snapshot(fields, line: index + 2) else { continue }
      for column in IncidentColumn.allCases { _ = snapshot.time(column) }
    }
  }
}
