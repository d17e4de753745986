// Spans of time as people write and read them.

/// `90d`, `12h`, `30m`, `45s`: one whole number and one unit.
enum Span {
  static let units: [(suffix: Character, seconds: Int64)] = [
    ("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("w", 604_800),
  ]

  /// Seconds, more than 0; nil where the text is no span.
  static func seconds(_ text: String) -> Int64? {
    guard let suffix = text.last,
      let unit = units.first(where: { $0.suffix == suffix }),
      text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int64(text.dropLast()), number > 0
    else { return nil }
    let product = number.multipliedReportingOverflow(by: unit.seconds)
    return product.overflow ? nil : product.partialValue
  }

  /// The two greatest units that say something: `2 h 5 min`, `3 d`, `40 s`.
  static func text(seconds: Int64) -> String {
    guard seconds >= 60 else { return "\(max(0, seconds)) s" }
    let parts: [(Int64, String)] = [
      (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"),
      (seconds % 60, "s"),
    ]
    guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0 s" }
    return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      .joined(separator: " ")
  }
}
