// Splits the text of a search into words, phrases and `key:value` terms.

/// One piece of a search.
struct SearchToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case word(String)
    case phrase(String)
    case property(key: String, Comparison, value: String)
  }

  var kind: Kind
  var negated: Bool

  /// All tokens of a text. Never fails: what is no property is a word; an unclosed quotation
  /// runs to the end.
  ///
  /// A property is a key (a letter, then letters, digits and `_`), a comparison and, right behind
  /// it, a value. Where the key is none that any search knows, the value must begin with a letter,
  /// a digit or a quotation mark too: so addresses of pages, paths and times of day are words.
  static func all(in text: String) -> [SearchToken] {
    var scanner = Scanner(rest: text[...])
    var tokens: [SearchToken] = []
    while let token = scanner.next() { tokens.append(token) }
    return tokens
  }

  private struct Scanner {
    var rest: Substring

    mutating func next() -> SearchToken? {
      rest = rest.drop(while: \.isWhitespace)
      guard let first = rest.first else { return nil }
      var negated = false
      if first == "-", let following = rest.dropFirst().first, !following.isWhitespace {
        negated = true
        rest = rest.dropFirst()
      }
      if rest.first == "\"" {
        let phrase = quoted()
        return phrase.isEmpty ? next() : SearchToken(kind: .phrase(phrase), negated: negated)
      }
      let head = rest.prefix { !$0.isWhitespace && !":<>\"".contains($0) }
      let tail = rest.dropFirst(head.count)
      if let (comparison, length) = Self.comparison(at: tail), Self.isKey(head) {
        let isKnown = Search.isKey(head.lowercased())
        guard isKnown || Self.mayBeValue(tail.dropFirst(length)) else {
          return SearchToken(kind: .word(plain()), negated: negated)
        }
        rest = tail.dropFirst(length)
        let value = rest.first == "\"" ? quoted() : plain()
        if !value.isEmpty {
          return SearchToken(
            kind: .property(key: head.lowercased(), comparison, value: value), negated: negated)
        }
        return SearchToken(kind: .word(String(head)), negated: negated)
      }
      let word = plain()
      return SearchToken(kind: .word(word), negated: negated)
    }

    private mutating func quoted() -> String {
      let body = rest.dropFirst().prefix { $0 != "\"" }
      rest = rest.dropFirst(1 + body.count).dropFirst()
      return String(body).trimmed
    }

    private mutating func plain() -> String {
      let word = rest.prefix { !$0.isWhitespace }
      rest = rest.dropFirst(word.count)
      return String(word)
    }

    private static func isKey(_ text: Substring) -> Bool {
      guard let first = text.utf8.first, (0x41...0x5A).contains(first & 0xDF) else { return false }
      return text.utf8.allSatisfy {
        (0x41...0x5A).contains($0 & 0xDF) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
    }

    private static func mayBeValue(_ text: Substring) -> Bool {
      guard let first = text.first else { return false }
      return first.isLetter || first.isNumber || first == "\""
    }

    private static func comparison(at text: Substring) -> (Comparison, Int)? {
      if text.hasPrefix("<=") { return (.lessOrEqual, 2) }
      if text.hasPrefix(">=") { return (.greaterOrEqual, 2) }
      if text.hasPrefix("<") { return (.less, 1) }
      if text.hasPrefix(">") { return (.greater, 1) }
      return text.hasPrefix(":") ? (.equal, 1) : nil
    }
  }
}
