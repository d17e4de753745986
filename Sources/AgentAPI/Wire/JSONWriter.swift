// Writes the agent API's answers: every key in order, null where empty, straight into bytes.

internal import HelpdeskDomain
internal import ReplicaCore

/// Something that JSON can show.
protocol JSONWritable {
  func write(to json: inout JSONWriter)
}

/// Builds one JSON text. Chosen over Codable because Codable drops nil and shuffles keys, and a
/// page of a hundred tickets is some five thousand values.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  init(reserving capacity: Int = 1_024) { bytes.reserveCapacity(capacity) }

  mutating func object(_ fill: (inout JSONWriter) -> Void) {
    open(0x7B)
    fill(&self)
    close(0x7D)
  }

  mutating func array<Elements: Sequence>(
    _ elements: Elements, _ each: (inout JSONWriter, Elements.Element) -> Void
  ) {
    open(0x5B)
    for element in elements { each(&self, element) }
    close(0x5D)
  }

  mutating func array(_ elements: some Sequence<some JSONWritable>) {
    array(elements) { json, element in element.write(to: &json) }
  }

  /// Starts a member; exactly one value must follow.
  mutating func key(_ name: String) {
    separate()
    quoted(name)
    bytes.append(0x3A)
    needsComma = false
  }

  mutating func field(_ name: String, _ value: some JSONWritable) {
    key(name)
    value.write(to: &self)
  }

  mutating func field(_ name: String, object fill: (inout JSONWriter) -> Void) {
    key(name)
    object(fill)
  }

  mutating func null(_ names: String...) {
    for name in names {
      key(name)
      literal("null")
    }
  }

  mutating func literal(_ text: StaticString) {
    separate()
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func number(_ value: Int64) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func number(_ value: Double) {
    guard value.isFinite else { return literal("null") }
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func string(_ text: String) {
    separate()
    quoted(text)
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(0x2C) }
    needsComma = true
  }

  /// RFC 8259: quote, backslash and controls are escaped. `<` is too, and U+2028/9, so that the
  /// text stays inert inside a script.
  private mutating func quoted(_ text: String) {
    bytes.append(0x22)
    var copy = text
    copy.withUTF8 { utf8 in
      var start = 0
      for index in 0..<utf8.count {
        guard let escape = Self.escape(utf8, at: index) else { continue }
        bytes.append(contentsOf: utf8[start..<index])
        bytes.append(contentsOf: escape.text.utf8)
        start = index + escape.length
      }
      if start < utf8.count { bytes.append(contentsOf: utf8[start...]) }
    }
    bytes.append(0x22)
  }

  private static func escape(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int)
    -> (text: String, length: Int)?
  {
    let byte = utf8[index]
    switch byte {
    case 0x22: return ("\\\"", 1)
    case 0x5C: return ("\\\\", 1)
    case 0x0A: return ("\\n", 1)
    case 0x0D: return ("\\r", 1)
    case 0x09: return ("\\t", 1)
    case 0x3C: return ("\\u003c", 1)
    case 0..<0x20, 0x7F:
      let hex = String(byte, radix: 16)
      return ("\\u00" + (hex.utf8.count == 1 ? "0" : "") + hex, 1)
    case 0xE2
    where index + 2 < utf8.count && utf8[index + 1] == 0x80 && utf8[index + 2] & 0xFE == 0xA8:
      return (utf8[index + 2] == 0xA8 ? "\\u2028" : "\\u2029", 3)
    default: return nil
    }
  }
}

extension String: JSONWritable {
  func write(to json: inout JSONWriter) { json.string(self) }
}
extension Bool: JSONWritable {
  func write(to json: inout JSONWriter) { self ? json.literal("true") : json.literal("false") }
}
extension Int: JSONWritable {
  func write(to json: inout JSONWriter) { json.number(Int64(self)) }
}
extension Int64: JSONWritable {
  func write(to json: inout JSONWriter) { json.number(self) }
}
extension RowID: JSONWritable {
  func write(to json: inout JSONWriter) { json.number(rawValue) }
}
extension OfficeID: JSONWritable {
  func write(to json: inout JSONWriter) { json.string(rawValue) }
}
extension Instant: JSONWritable {
  func write(to json: inout JSONWriter) { json.string(WireTime.text(self)) }
}
extension Value: JSONWritable {
  func write(to json: inout JSONWriter) {
    switch self {
    case .null: json.literal("null")
    case .integer(let value): json.number(value)
    case .text(let text): json.string(text)
    case .bytes(let bytes): json.string(Base64URL.encode(bytes))
    }
  }
}
extension Optional: JSONWritable where Wrapped: JSONWritable {
  func write(to json: inout JSONWriter) {
    if let self { self.write(to: &json) } else { json.literal("null") }
  }
}
extension Array: JSONWritable where Element: JSONWritable {
  func write(to json: inout JSONWriter) { json.array(self) }
}
