// What customers write must not steer the operator's terminal.

/// Makes foreign text inert and measures what it takes on a terminal.
enum Printable {
  /// Keeps line breaks and tabs; shows every other control and direction override as `\u{…}`.
  static func text(_ text: String) -> String { inert(text) { $0 == "\n" || $0 == "\t" } }

  /// One line: line breaks and tabs become spaces.
  static func line(_ text: String) -> String {
    var flat = ""
    var wasBreak = false
    for character in text {
      let isBreak = character.isNewline || character == "\t"
      if isBreak {
        if !wasBreak { flat.append(" ") }
      } else {
        flat.append(character)
      }
      wasBreak = isBreak
    }
    return inert(flat) { _ in false }
  }

  private static func inert(_ text: String, keep: (Unicode.Scalar) -> Bool) -> String {
    guard text.unicodeScalars.contains(where: { steers($0) && !keep($0) }) else { return text }
    var result = ""
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar == "\n", previous == "\r", keep("\n") {
        result.removeLast("\\u{d}".count)
        result.append("\n")
      } else if steers(scalar), !keep(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
      previous = scalar
    }
    return result
  }

  /// C0 and C1 controls, DEL, and what turns the writing direction around.
  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: true
    default: false
    }
  }

  /// The columns that the text takes: two for wide East Asian characters and emoji (UAX #11).
  static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width($1) }
  }

  /// At most `columns` columns; what is cut ends with an ellipsis.
  static func shortened(_ text: String, to columns: Int) -> String {
    guard columns > 0 else { return "" }
    guard width(text) > columns else { return text }
    var result = ""
    var used = 0
    for character in text {
      let next = width(character)
      guard used + next < columns else { break }
      result.append(character)
      used += next
    }
    return result + "…"
  }

  private static func width(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.isEmojiPresentation { return 2 }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      return first.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
  }
}
