// Colours help on a terminal and harm everywhere else.

/// Wraps text in terminal colours, or leaves it as it is.
struct Style: Sendable {
  let isColoured: Bool

  static let plain = Style(isColoured: false)

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func red(_ text: String) -> String { wrap(text, "31") }
  func green(_ text: String) -> String { wrap(text, "32") }
  func yellow(_ text: String) -> String { wrap(text, "33") }
  /// For what nobody may overlook.
  func loud(_ text: String) -> String { wrap(text, "1;37;41") }

  func paint(_ text: String, _ tone: Tone) -> String {
    switch tone {
    case .plain: text
    case .good: green(text)
    case .warning: yellow(text)
    case .bad: red(text)
    case .quiet: dim(text)
    }
  }

  private func wrap(_ text: String, _ code: String) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// Whether to colour: a terminal that can, and nobody who asked for none (no-color.org).
  static func wantsColour(isTerminal: Bool, environment: [String: String]) -> Bool {
    isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }
}

/// How a value is to be taken.
enum Tone: Hashable, Sendable {
  case plain
  case good
  case warning
  case bad
  case quiet
}
