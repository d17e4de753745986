// The rows of a run as text for people and as JSON for programs.

internal import Foundation

/// All rows of a run.
struct BenchReport: Hashable, Sendable, Codable {
  var rows: [BenchRow]

  /// Sorted keys, so that two runs can be compared line by line.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Columns in the order of the JSON's keys as the documentation names them.
  func table() -> String {
    let titles = ["name", "value", "unit", "rival", "rival value", "ratio"]
    let cells = rows.map { row in
      [
        row.name, Self.number(row.value), row.unit, row.rival ?? "",
        row.rivalValue.map(Self.number) ?? "", row.ratio.map { Self.fixed($0, 2) } ?? "",
      ]
    }
    let widths = titles.indices.map { column in
      ([titles] + cells).map { $0[column].count }.max() ?? 0
    }
    let isRight = [false, true, false, false, true, true]
    return ([titles] + cells).map { line in
      line.indices.map { column in
        let gap = String(repeating: " ", count: widths[column] - line[column].count)
        return isRight[column] ? gap + line[column] : line[column] + gap
      }.joined(separator: "  ").trimmingSuffix(" ")
    }.joined(separator: "\n")
  }

  /// Four digits that count; more would claim a precision that one run has not.
  static func number(_ value: Double) -> String {
    let size = abs(value)
    return fixed(value, size >= 1_000 || value == value.rounded() ? 0 : size >= 10 ? 1 : 3)
  }

  static func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return String(text)
  }
}
