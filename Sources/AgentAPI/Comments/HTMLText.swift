// Between HTML and text: what comes in as HTML is kept as text, what goes out is escaped.

/// Only text is ever shown as HTML, so nothing a customer wrote can run in an agent's browser.
enum HTMLText {
  /// The text escaped, one paragraph per block, line breaks kept.
  static func html(_ text: String) -> String {
    var result = "<div class=\"comment\" dir=\"auto\">"
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for paragraph in lines.split(whereSeparator: { $0.allSatisfy(\.isWhitespace) }) {
      result += "<p>" + paragraph.map { escape(String($0)) }.joined(separator: "<br>") + "</p>"
    }
    return result + "</div>"
  }

  static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The readable text of HTML: tags dropped, blocks and breaks as new lines, the contents of
  /// script and style left out, the common entities resolved, addresses of links behind their text.
  static func plain(_ html: String) -> String {
    var result = ""
    var link: HTMLLink?
    var rest = Substring(html)
    while let open = rest.firstIndex(of: "<") {
      result += resolve(rest[..<open])
      guard let close = rest[open...].firstIndex(of: ">") else {
        result += resolve(rest[open...])
        return trimmed(result + (link?.ending(result) ?? ""))
      }
      let source = rest[rest.index(after: open)..<close]
      let tag = source.lowercased()
      rest = rest[rest.index(after: close)...]
      let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
      if name == "script" || name == "style", !tag.hasPrefix("/") {
        rest = rest.range(ofClosing: String(name)) ?? ""
      }
      if name == "a" {
        // A link that is not closed ends where the next begins.
        result += link?.ending(result) ?? ""
        link = tag.hasPrefix("/") ? nil : HTMLLink(source, after: result)
      }
      if ["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4"].contains(name), !result.isEmpty,
        result.last != "\n", name == "br" || tag.hasPrefix("/")
      {
        result += "\n"
      }
    }
    result += resolve(rest)
    return trimmed(result + (link?.ending(result) ?? ""))
  }

  static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  static func resolve(_ text: Substring) -> String {
    guard text.contains("&") else { return String(text) }
    let entities = [
      "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&nbsp;": "\u{00A0}",
    ]
    var result = String(text)
    for (entity, character) in entities { result = result.replacing(entity, with: character) }
    return result.replacing("&amp;", with: "&")
  }
}

extension Substring {
  /// What follows `</name>`, in any case; nil where it is not closed.
  fileprivate func range(ofClosing name: String) -> Substring? {
    var index = startIndex
    while let open = self[index...].firstIndex(of: "<") {
      guard let close = self[open...].firstIndex(of: ">") else { return nil }
      if self[open...close].lowercased().hasPrefix("</\(name)") {
        return self[self.index(after: close)...]
      }
      index = self.index(after: close)
    }
    return nil
  }
}
