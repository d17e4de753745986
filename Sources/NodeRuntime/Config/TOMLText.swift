// The TOML library ends the process where a table header has no name, a bracket is closed by one
// of another kind, or a date is followed by half a time; such text never gets to it.

internal import TOMLKit

/// A TOML file as it came in.
package struct TOMLText {
  /// What is wrong, and in which line, counted from 1.
  package struct TextFault: Error, CustomStringConvertible {
    package let line: Int
    package let message: String
    package var description: String { "line \(line): \(message)" }
  }

  private let text: String
  private let bytes: [UInt8]

  package init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  /// Throws ``TextFault``, or what the library says.
  package func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try checkShape()
    return try TOMLDecoder().decode(type, from: text)
  }

  /// Reads no more of the language than it takes to know which bracket is what: strings, comments,
  /// ends of lines.
  private func checkShape() throws(TextFault) {
    var line = 1
    var open: [UInt8] = []
    var mayBeHeader = true
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        mayBeHeader = open.isEmpty
      case UInt8(ascii: "#"): skipComment(&index)
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        try skipString(byte, &index, &line)
        mayBeHeader = false
      case UInt8(ascii: "[") where mayBeHeader:
        guard nameFollows(index) else {
          throw TextFault(
            line: line, message: "a name, with or without quotes, must follow the bracket")
        }
        if index < bytes.count, bytes[index] == byte { index += 1 }
        mayBeHeader = false
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        open.append(byte)
        mayBeHeader = false
      // Alone, it ends a header.
      case UInt8(ascii: "]") where open.isEmpty: mayBeHeader = false
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        // In ASCII, a closing bracket is two behind its opening one.
        guard open.popLast() == byte - 2 else {
          throw TextFault(line: line, message: "this bracket closes none that is open")
        }
        mayBeHeader = false
      case UInt8(ascii: " "): try checkDate(before: index - 1, line)
      case UInt8(ascii: "\t"): break
      // Plain text has neither controls nor anything beyond ASCII here; the library takes some of
      // it for white space or the end of a line.
      case ..<0x20, 0x7F...: mayBeHeader = open.isEmpty
      default:
        mayBeHeader = false
      }
    }
  }

  /// Whether what stands after the bracket of a header can begin a key, or ends the header.
  private func nameFollows(_ start: Int) -> Bool {
    var index = start
    if index < bytes.count, bytes[index] == UInt8(ascii: "[") { index += 1 }
    while index < bytes.count, [0x20, 0x09].contains(bytes[index]) { index += 1 }
    guard index < bytes.count else { return false }
    switch bytes[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "]"):
      return true
    default: return false
    }
  }

  private func skipComment(_ index: inout Int) {
    while index < bytes.count, !(0x0A...0x0D).contains(bytes[index]) { index += 1 }
  }

  /// Behind the string whose first quote stands before `index`; only `"` knows escapes.
  private func skipString(
    _ quote: UInt8, _ index: inout Int, _ line: inout Int
  ) throws(TextFault) {
    let isLong = bytes[index...].starts(with: [quote, quote])
    if isLong { index += 2 }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: " ") { try checkDate(before: index, line) }
      // The end of a line ends a short string, wrongly; the line is counted by the caller.
      if byte == UInt8(ascii: "\n") {
        guard isLong else { return }
        line += 1
      }
      index += 1
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        if index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      } else if byte == quote, !isLong {
        return
      } else if byte == quote, bytes[index...].starts(with: [quote, quote]) {
        index += 2
        // Up to two quotes may stand before the closing three.
        while index < bytes.count, bytes[index] == quote { index += 1 }
        return
      }
    }
  }

  /// Throws where a date, a space and a digit follow each other: the library trips over such a date
  /// with half a time. A quote within a value hides it from us, so strings may not hold it either.
  private func checkDate(before space: Int, _ line: Int) throws(TextFault) {
    guard let digit = bytes[space...].dropFirst().first, (0x30...0x39).contains(digit) else {
      return
    }
    let near = String(decoding: bytes[max(0, space - 64)..<space], as: UTF8.self).unicodeScalars
    // The library passes over underscores.
    let last = Array(near.filter { $0 != "_" }.suffix(10))
    guard last.count == 10, last[4] == "-", last[7] == "-" else { return }
    throw TextFault(
      line: line, message: "a digit after a date and a space; write a T between date and time")
  }
}
