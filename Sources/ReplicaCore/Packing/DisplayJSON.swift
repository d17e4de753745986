// Sets and maps are shown in the read table as JSON; this writes it and reads exactly that back.

/// The JSON of set and map columns: arrays and one-level objects of texts, integers and null.
///
/// The form is canonical (no spaces, fixed escapes), so equal cells give equal bytes; what it
/// cannot hold exactly (byte strings) ``RowPacking`` keeps in the row's meta instead.
package enum DisplayJSON {
  /// Whether the value survives the way to JSON and back.
  static func holds(_ value: Value) -> Bool {
    if case .bytes = value { false } else { true }
  }

  /// A JSON array of the values, in the order given.
  package static func array(_ values: some Sequence<Value>) -> String {
    var out: [UInt8] = [open]
    var isFirst = true
    for value in values {
      if !isFirst { out.append(comma) }
      isFirst = false
      append(value, to: &out)
    }
    out.append(close)
    return String(decoding: out, as: UTF8.self)
  }

  /// A JSON object from key to value, in the order given.
  package static func object(_ entries: some Sequence<(key: Int64, value: Value)>) -> String {
    var out: [UInt8] = [openBrace]
    var isFirst = true
    for entry in entries {
      if !isFirst { out.append(comma) }
      isFirst = false
      out.append(quote)
      out.append(contentsOf: String(entry.key).utf8)
      out.append(quote)
      out.append(colon)
      append(entry.value, to: &out)
    }
    out.append(closeBrace)
    return String(decoding: out, as: UTF8.self)
  }

  static let open = UInt8(ascii: "[")
  static let close = UInt8(ascii: "]")
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let comma = UInt8(ascii: ",")
  static let colon = UInt8(ascii: ":")
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  private static let digits = Array("0123456789abcdef".utf8)

  private static func append(_ value: Value, to out: inout [UInt8]) {
    switch value {
    case .null, .bytes: out.append(contentsOf: "null".utf8)
    case .integer(let number): out.append(contentsOf: String(number).utf8)
    case .text(let text):
      out.append(quote)
      for byte in text.utf8 {
        switch byte {
        case quote, backslash:
          out.append(backslash)
          out.append(byte)
        case 0..<0x20:
          out.append(contentsOf: "\\u00".utf8)
          out.append(digits[Int(byte >> 4)])
          out.append(digits[Int(byte & 15)])
        default: out.append(byte)
        }
      }
      out.append(quote)
    }
  }
}

/// Reads what ``DisplayJSON`` wrote; anything else is an error.
struct DisplayJSONReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func array() throws(CodecError) -> [Value] {
    try expect(DisplayJSON.open)
    var values: [Value] = []
    if try skip(DisplayJSON.close) { return try finish(values) }
    repeat { values.append(try value()) } while try skip(DisplayJSON.comma)
    try expect(DisplayJSON.close)
    return try finish(values)
  }

  mutating func object() throws(CodecError) -> [(key: Int64, value: Value)] {
    try expect(DisplayJSON.openBrace)
    var entries: [(key: Int64, value: Value)] = []
    if try skip(DisplayJSON.closeBrace) { return try finish(entries) }
    repeat {
      guard let key = Int64(try text()) else { throw .nonCanonical("a JSON key is no integer") }
      try expect(DisplayJSON.colon)
      entries.append((key, try value()))
    } while try skip(DisplayJSON.comma)
    try expect(DisplayJSON.closeBrace)
    return try finish(entries)
  }

  private func finish<T>(_ result: T) throws(CodecError) -> T {
    guard position == bytes.count else { throw .trailingBytes(bytes.count - position) }
    return result
  }

  private func peek() throws(CodecError) -> UInt8 {
    guard position < bytes.count else { throw .truncated }
    return bytes[position]
  }

  private mutating func skip(_ byte: UInt8) throws(CodecError) -> Bool {
    guard try peek() == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(CodecError) {
    guard try skip(byte) else { throw .unknownTag(try peek()) }
  }

  private mutating func value() throws(CodecError) -> Value {
    let first = try peek()
    if first == DisplayJSON.quote { return .text(try text()) }
    if first == UInt8(ascii: "n") {
      for byte in "null".utf8 { try expect(byte) }
      return .null
    }
    let start = position
    while position < bytes.count, Self.isNumberByte(bytes[position]) { position += 1 }
    guard let number = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw .unknownTag(first)
    }
    return .integer(number)
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
  }

  private mutating func text() throws(CodecError) -> String {
    try expect(DisplayJSON.quote)
    let start = position
    while try peek() != DisplayJSON.quote, bytes[position] != DisplayJSON.backslash {
      position += 1
    }
    var out = Array(bytes[start..<position])
    while try !skip(DisplayJSON.quote) {
      if try skip(DisplayJSON.backslash) {
        out.append(try escaped())
      } else {
        out.append(bytes[position])
        position += 1
      }
    }
    guard let text = String(validating: out, as: UTF8.self) else { throw .invalidUTF8 }
    return text
  }

  private mutating func escaped() throws(CodecError) -> UInt8 {
    let byte = try peek()
    position += 1
    guard byte == UInt8(ascii: "u") else { return byte }
    guard bytes.count - position >= 4 else { throw .truncated }
    let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    position += 4
    guard let code = UInt8(digits, radix: 16) else { throw .nonCanonical("a JSON escape") }
    return code
  }
}
