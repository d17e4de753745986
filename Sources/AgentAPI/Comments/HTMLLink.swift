// Keeps the address of a link where HTML becomes text: what a customer points at must not get lost.

/// A link that was opened, and where its text begins.
struct HTMLLink {
  private let address: String
  private let start: Int

  /// Nil where the tag, such as `a href="https://e.example"`, names no page and no mailbox.
  init?(_ tag: Substring, after text: String) {
    guard let value = Self.attribute("href", in: tag) else { return nil }
    // A space within is what browsers make of it.
    let address = HTMLText.resolve(value).split(whereSeparator: \.isWhitespace)
      .joined(separator: "%20")
    let scheme = address.prefix { $0 != ":" }.lowercased()
    guard ["http", "https", "mailto"].contains(scheme), address.utf8.count > scheme.utf8.count + 1
    else { return nil }
    self.address = address
    start = text.utf8.count
  }

  /// What follows the text of the link: its address, where the text does not tell it already.
  func ending(_ text: String) -> String {
    let shown = HTMLText.trimmed(String(decoding: text.utf8.dropFirst(start), as: UTF8.self))
    guard !shown.isEmpty else { return address }
    return Self.bare(shown) == Self.bare(address) ? "" : " (\(address))"
  }

  /// Without what people leave out: the scheme and a slash at the end.
  private static func bare(_ address: String) -> String {
    var text = Substring(address)
    for scheme in ["https://", "http://", "mailto:"] where text.lowercased().hasPrefix(scheme) {
      text = text.dropFirst(scheme.count)
    }
    if text.hasSuffix("/") { text.removeLast() }
    return text.lowercased()
  }

  /// The value of an attribute of a tag, in quotation marks or without.
  private static func attribute(_ wanted: String, in tag: Substring) -> Substring? {
    // Behind the tag's own name.
    var rest = tag.drop { !$0.isWhitespace && $0 != "/" }
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == "/" }
      guard !rest.isEmpty else { return nil }
      let name = rest.prefix { !$0.isWhitespace && $0 != "=" }
      rest = rest.dropFirst(max(1, name.count)).drop(while: \.isWhitespace)
      var value: Substring = ""
      if rest.first == "=" {
        rest = rest.dropFirst().drop(while: \.isWhitespace)
        if let quote = rest.first, quote == "\"" || quote == "'" {
          value = rest.dropFirst().prefix { $0 != quote }
          rest = rest.dropFirst(value.count + 2)
        } else {
          value = rest.prefix { !$0.isWhitespace }
          rest = rest.dropFirst(value.count)
        }
      }
      if name.lowercased() == wanted { return value }
    }
  }
}
