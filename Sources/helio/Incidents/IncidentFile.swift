// The incident log as the importer reads it: rows with line numbers and named values.

internal import Foundation

/// A CSV file, plain or gzip (told by its first bytes), with a header line.
struct IncidentFile {
  /// What a line of the file is.
  enum Line: Sendable {
    case row(IncidentRow)
    case bad(line: Int, reason: String)
  }

  let columns: [String]
  /// Of the file on disk, in bytes.
  let size: Int64
  private var reader: CSVReader

  /// The column that names the incident.
  static let number = "number"

  init(_ path: String) throws(Failure) {
    var probe = try FileSource(path)
    let isGzip = try probe.next()?.starts(with: GzipSource.magic) ?? false
    let file = try FileSource(path)
    let source: any ByteSource = isGzip ? try GzipSource(file, name: path) : file
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    try self.init(source, size: (attributes?[.size] as? NSNumber)?.int64Value ?? 0, name: path)
  }

  init(_ source: any ByteSource, size: Int64, name: String) throws(Failure) {
    self.size = size
    reader = CSVReader(source)
    let advice = "Give the incident log as CSV with its header line, plain or gzip."
    switch try reader.next() {
    case nil:
      throw Failure(.failed, "The file \(name) is empty.", hint: advice)
    case .bad(let line, let reason):
      throw Failure(
        .failed, "The header of \(name) cannot be read: line \(line): \(reason).", hint: advice)
    case .values(_, let names):
      columns = names
    }
    guard columns.contains(Self.number) else {
      throw Failure(
        .failed, "The header of \(name) has no column \"\(Self.number)\".", hint: advice)
    }
    if let twice = columns.first(where: { name in columns.count { $0 == name } > 1 }) {
      throw Failure(
        .failed, "The header of \(name) has the column \"\(twice)\" twice.", hint: advice)
    }
  }

  /// How much of the file on disk was read, in bytes.
  var consumed: Int64 { reader.consumed }

  /// The next line; nil at the end.
  mutating func next() throws(Failure) -> Line? {
    guard let record = try reader.next() else { return nil }
    switch record {
    case .bad(let line, let reason):
      return .bad(line: line, reason: reason)
    case .values(let line, let values):
      guard values.count == columns.count else {
        return .bad(
          line: line,
          reason: "has \(values.count) values, but the header names \(columns.count) columns")
      }
      let row = IncidentRow(
        line: line, values: Dictionary(uniqueKeysWithValues: zip(columns, values)))
      guard row.number.contains(where: { !$0.isWhitespace }) else {
        return .bad(line: line, reason: "the column \"\(Self.number)\" is empty")
      }
      guard row.bytes <= IncidentBatch.bytes else {
        return .bad(
          line: line,
          reason: "is \(row.bytes) bytes as JSON; at most \(IncidentBatch.bytes) go at once")
      }
      return .row(row)
    }
  }
}

/// One line of the log.
struct IncidentRow: Hashable, Sendable, Encodable {
  var line: Int
  var values: [String: String]

  var number: String { values[IncidentFile.number] ?? "" }

  /// At most what it takes as JSON.
  var bytes: Int {
    values.reduce(32) { $0 + Self.quoted($1.key) + Self.quoted($1.value) + 2 }
  }

  private static func quoted(_ text: String) -> Int {
    // A control character takes six bytes, a quotation mark or backslash two.
    text.utf8.reduce(2) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5C ? 2 : 1) }
  }
}

/// What is sent at once.
struct IncidentBatch: Sendable, Encodable {
  var source: String
  var officeMap: [String: String]
  var rows: [IncidentRow]

  /// Rows of one batch, unless one incident has more.
  static let rows = 500
  /// Rows of one incident; the node takes no more at once.
  static let mostRows = 1_000
  /// Bytes of the rows of one batch; the node takes 1 MiB with everything around them.
  static let bytes = 700 << 10
}
