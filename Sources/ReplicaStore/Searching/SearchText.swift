// Text as it goes into the index, and what people type as it goes against it.

internal import Foundation

/// Prepares text for FTS5's unicode61 tokenizer, which folds accents and letter case but takes a
/// run of Chinese for one word: each ideograph, kana and hangul syllable becomes a token of its
/// own, and a Chinese word is looked for as a phrase of them.
enum SearchText {
  /// The text with compatibility forms unified and ideographs set apart.
  static func indexed(_ text: String) -> String {
    // Most text is plain ASCII, and needs neither.
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var out = String.UnicodeScalarView()
    var wasIdeograph = false
    for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars {
      let isIdeograph = isIdeograph(scalar)
      if isIdeograph || wasIdeograph { out.append(" ") }
      out.append(scalar)
      wasIdeograph = isIdeograph
    }
    return String(out)
  }

  /// One phrase in FTS5's query language; nil where the text holds nothing that is indexed.
  /// A `*` at its end looks for words that begin so.
  static func phrase(_ text: String) -> String? {
    let prepared = indexed(text)
    guard prepared.unicodeScalars.contains(where: isToken) else { return nil }
    let quoted = "\"" + prepared.replacing("\"", with: " ").replacing("\0", with: " ") + "\""
    return prepared.hasSuffix("*") ? quoted + "*" : quoted
  }

  /// The words of a query, each as a phrase.
  static func words(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).compactMap { phrase(String($0)) }
  }

  private static func isToken(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .privateUse:
      true
    default: false
    }
  }

  /// Scripts that are written without spaces between words.
  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3040...0x30FF, 0x3100...0x312F, 0x31A0...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x323AF:
      true
    default: false
    }
  }
}
