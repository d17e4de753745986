// Long work shows that it moves: a bar for a person, now and then a line for a log.

/// Draws how far a long piece of work is, on standard error.
struct Progress {
  /// What has been done up to now.
  struct Standing: Sendable {
    /// In the unit of `total`.
    var done: Int64
    var total: Int64
    /// Things done, such as rows, for the rate.
    var items: Int
    /// Seconds since the work began.
    var seconds: Double
  }

  let title: String
  /// Such as `rows`.
  let unit: String
  let isTerminal: Bool
  private var lastSeconds = -Double.infinity

  /// Seconds between two drawings on a terminal.
  static let redraw = 0.1
  /// Seconds between two lines in a log.
  static let line = 5.0

  init(_ title: String, unit: String, isTerminal: Bool) {
    self.title = title
    self.unit = unit
    self.isTerminal = isTerminal
  }

  /// What to write now; nil where it is too early for more.
  mutating func update(_ standing: Standing, width: Int, isLast: Bool = false) -> String? {
    let pause = isTerminal ? Self.redraw : Self.line
    guard isLast || standing.seconds - lastSeconds >= pause else { return nil }
    lastSeconds = standing.seconds
    guard isTerminal else { return "\(title): \(numbers(standing))\n" }
    return "\r" + drawn(standing, width: width) + "\u{1B}[K" + (isLast ? "\n" : "")
  }

  private func drawn(_ standing: Standing, width: Int) -> String {
    let text = " " + numbers(standing)
    let room = width - Printable.width(title) - Printable.width(text) - 4
    guard room >= 8 else { return Printable.shortened(title + text, to: max(1, width - 1)) }
    let cells = min(room, 40)
    let full = Int(Double(cells) * Self.share(standing))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: cells - full)
    return "\(title) \(bar)\(text)"
  }

  private func numbers(_ standing: Standing) -> String {
    let percent = Int(Self.share(standing) * 100)
    let rate = standing.seconds > 0 ? Double(standing.items) / standing.seconds : 0
    return "\(percent) %, \(standing.items) \(unit), \(Int(rate)) \(unit)/s, "
      + "\(Self.remaining(standing)) left"
  }

  private static func share(_ standing: Standing) -> Double {
    guard standing.total > 0 else { return 0 }
    return min(1, max(0, Double(standing.done) / Double(standing.total)))
  }

  private static func remaining(_ standing: Standing) -> String {
    let share = share(standing)
    guard share > 0, standing.seconds > 0 else { return "unknown time" }
    return Span.text(seconds: Int64((standing.seconds / share - standing.seconds).rounded()))
  }
}
