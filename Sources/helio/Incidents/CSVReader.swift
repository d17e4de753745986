// Reads CSV (RFC 4180) as a stream with line numbers, and goes on after a bad line. Own code,
// because the kept Swift packages hold the whole text in memory, know no line numbers, and end at
// the first fault.

/// Records of a CSV text, one after the other.
struct CSVReader {
  enum Record: Hashable, Sendable {
    /// The line on which the record begins (the first is 1), and its values.
    case values(line: Int, [String])
    case bad(line: Int, reason: String)
  }

  /// A record may not be longer, in bytes: an unclosed quote would swallow the file.
  static let recordBytes = 1 << 20

  private var source: any ByteSource
  private var buffer: [UInt8] = []
  /// Where the next record begins in the buffer.
  private var start = 0
  private var line = 1
  private var isAtEnd = false
  private var isMarkPassed = false

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  init(_ source: any ByteSource) { self.source = source }

  /// How much of the file on disk was read, in bytes.
  var consumed: Int64 { source.consumed }

  /// The next record; nil at the end. Empty lines are passed over. Throws where the source
  /// breaks off; the record that is cut there is not given.
  mutating func next() throws(Failure) -> Record? {
    try passMark()
    while true {
      switch scan() {
      case .needsMore:
        try fill()
      case .end:
        return nil
      case .empty(let next):
        advance(to: next, lines: 1)
      case .record(let fields, let next, let lines):
        let begun = line
        let record = Self.decoded(fields, line: begun)
        advance(to: next, lines: lines)
        return record
      case .fault(let reason):
        let begun = line
        try skipLine()
        return .bad(line: begun, reason: reason)
      }
    }
  }

  private enum Scan {
    case needsMore
    case end
    case empty(next: Int)
    case record([[UInt8]], next: Int, lines: Int)
    case fault(String)
  }

  /// One record from ``start``, or what stands in the way.
  private func scan() -> Scan {
    var index = start
    var fields: [[UInt8]] = []
    var breaks = 0
    while true {
      switch field(at: index, &breaks) {
      case .needsMore:
        guard buffer.count - start < Self.recordBytes else {
          return .fault(
            "the record is longer than \(Self.recordBytes) bytes; is a quotation mark not closed?")
        }
        return isAtEnd
          ? .fault("a quotation mark is not closed before the end of the file") : .needsMore
      case .fault(let reason):
        return .fault(reason)
      case .field(let bytes, let end):
        fields.append(bytes)
        guard end < buffer.count else { return whole(fields, next: end, lines: breaks) }
        if buffer[end] == Self.comma {
          index = end + 1
          continue
        }
        let next = buffer[end] == Self.carriageReturn ? end + 2 : end + 1
        return whole(fields, next: min(next, buffer.count), lines: breaks + 1)
      }
    }
  }

  private func whole(_ fields: [[UInt8]], next: Int, lines: Int) -> Scan {
    guard fields.count > 1 || fields.first?.isEmpty == false else {
      // A quoted empty value is a record, nothing at all is none.
      if start == buffer.count { return .end }
      return buffer[start] == Self.quote
        ? .record(fields, next: next, lines: lines) : .empty(next: next)
    }
    return .record(fields, next: next, lines: lines)
  }

  private enum Field {
    case needsMore
    case fault(String)
    /// Its bytes, and where its comma or line end (or the end of the file) is.
    case field([UInt8], end: Int)
  }

  private func field(at index: Int, _ breaks: inout Int) -> Field {
    guard index < buffer.count else {
      // A file may end right after a comma, or without a last line end.
      return isAtEnd ? .field([], end: index) : .needsMore
    }
    return buffer[index] == Self.quote ? quoted(at: index, &breaks) : plain(at: index)
  }

  private func plain(at begin: Int) -> Field {
    var index = begin
    while index < buffer.count {
      switch buffer[index] {
      case Self.comma, Self.lineFeed:
        return .field(Array(buffer[begin..<index]), end: index)
      case Self.carriageReturn:
        guard index + 1 < buffer.count else {
          return isAtEnd ? .field(Array(buffer[begin..<index]), end: index) : .needsMore
        }
        // A lone carriage return belongs to the value.
        if buffer[index + 1] == Self.lineFeed {
          return .field(Array(buffer[begin..<index]), end: index)
        }
      case Self.quote:
        return .fault("a quotation mark stands inside a value that does not begin with one")
      default: break
      }
      index += 1
    }
    return isAtEnd ? .field(Array(buffer[begin...]), end: index) : .needsMore
  }

  private func quoted(at begin: Int, _ breaks: inout Int) -> Field {
    var bytes: [UInt8] = []
    var found = 0
    var index = begin + 1
    while index < buffer.count {
      let byte = buffer[index]
      if byte != Self.quote {
        if byte == Self.lineFeed { found += 1 }
        bytes.append(byte)
        index += 1
        continue
      }
      let after = index + 1
      guard after < buffer.count else {
        if !isAtEnd { return .needsMore }
        breaks += found
        return .field(bytes, end: after)
      }
      switch buffer[after] {
      case Self.quote:
        bytes.append(Self.quote)
        index += 2
      case Self.comma, Self.lineFeed:
        breaks += found
        return .field(bytes, end: after)
      case Self.carriageReturn:
        guard after + 1 < buffer.count else {
          if !isAtEnd { return .needsMore }
          breaks += found
          return .field(bytes, end: after)
        }
        guard buffer[after + 1] == Self.lineFeed else {
          return .fault("a carriage return without a line feed follows a closing quotation mark")
        }
        breaks += found
        return .field(bytes, end: after)
      default:
        return .fault("text follows a closing quotation mark")
      }
    }
    return .needsMore
  }

  private static func decoded(_ fields: [[UInt8]], line: Int) -> Record {
    var values: [String] = []
    values.reserveCapacity(fields.count)
    for (index, bytes) in fields.enumerated() {
      guard let value = String(validating: bytes, as: UTF8.self) else {
        return .bad(line: line, reason: "value \(index + 1) is not UTF-8")
      }
      values.append(value)
    }
    return .values(line: line, values)
  }

  /// Passes over the rest of the physical line on which the faulty record begins.
  private mutating func skipLine() throws(Failure) {
    while true {
      if let end = buffer[start...].firstIndex(of: Self.lineFeed) {
        advance(to: end + 1, lines: 1)
        return
      }
      if isAtEnd {
        advance(to: buffer.count, lines: 1)
        return
      }
      // Nothing of this line is wanted any more.
      start = buffer.count
      try fill()
    }
  }

  private mutating func advance(to index: Int, lines: Int) {
    start = index
    line += lines
  }

  private mutating func fill() throws(Failure) {
    buffer.removeFirst(start)
    start = 0
    guard let piece = try source.next() else {
      isAtEnd = true
      return
    }
    buffer += piece
  }

  /// Drops a byte order mark at the beginning, in however many pieces it comes.
  private mutating func passMark() throws(Failure) {
    guard !isMarkPassed else { return }
    isMarkPassed = true
    while buffer.count < Self.byteOrderMark.count, !isAtEnd { try fill() }
    if buffer.starts(with: Self.byteOrderMark) { buffer.removeFirst(Self.byteOrderMark.count) }
  }
}
