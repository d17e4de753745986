// The reader of TOML ends the process at a table header that begins with no key: look first.

/// Table headers of a TOML text.
package enum TOMLHeader {
  /// The first line, from 1, that begins like a table header and goes on with what begins no key,
  /// such as `[{offices]]`; nil where the text may be given to the reader.
  ///
  /// toml++ 3.4 asserts there instead of refusing, and SwiftPM keeps C++ assertions in release
  /// builds. Lines within arrays and long strings are judged too: no file of ours has such a one.
  package static func lineWithoutKey(in text: String) -> Int? {
    let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
    let bad = lines.firstIndex { line in
      // A carriage return within a line ends no line here, but may for another reader.
      line.split(separator: "\r").contains { !isHeaderWithKey($0) }
    }
    return bad.map { $0 + 1 }
  }

  /// Also true for what begins like no header at all.
  private static func isHeaderWithKey(_ line: Substring.UnicodeScalarView) -> Bool {
    var rest = line.drop { $0.properties.isWhitespace || $0 == "\u{FEFF}" }
    guard rest.popFirst() == "[" else { return true }
    rest = rest.drop(while: \.properties.isWhitespace)
    if rest.first == "[" { rest = rest.dropFirst().drop(while: \.properties.isWhitespace) }
    guard let first = rest.first else { return false }
    return "\"'-_]".unicodeScalars.contains(first)
      || first.isASCII && (first.properties.isAlphabetic || first.properties.numericType != nil)
  }
}
