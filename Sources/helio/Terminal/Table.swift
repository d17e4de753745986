// Lists of things are read in columns.

/// Rows under titles, aligned by what a terminal shows.
struct Table {
  enum Alignment: Sendable { case left, right }

  struct Column: Sendable {
    var title: String
    var alignment: Alignment
    /// Gives way first where the line is longer than the terminal.
    var isFlexible: Bool

    static func left(_ title: String) -> Column {
      Column(title: title, alignment: .left, isFlexible: false)
    }
    static func right(_ title: String) -> Column {
      Column(title: title, alignment: .right, isFlexible: false)
    }
    static func flexible(_ title: String) -> Column {
      Column(title: title, alignment: .left, isFlexible: true)
    }
  }

  struct Cell: Sendable, ExpressibleByStringInterpolation {
    var text: String
    var tone: Tone

    init(_ text: String, _ tone: Tone = .plain) {
      self.text = Printable.line(text)
      self.tone = tone
    }
    init(stringLiteral text: String) { self.init(text) }
  }

  let columns: [Column]
  private(set) var rows: [[Cell]] = []

  /// The narrowest that a flexible column gets.
  static let flexibleMinimum = 16
  private static let gap = "  "

  init(_ columns: [Column]) { self.columns = columns }

  /// Missing cells are empty; cells beyond the columns are a fault of the caller.
  mutating func add(_ cells: [Cell]) {
    precondition(cells.count <= columns.count, "a row has more cells than the table has columns")
    rows.append(cells + [Cell](repeating: "", count: columns.count - cells.count))
  }

  /// All lines. `width` is the terminal's; nil where nothing needs to be cut.
  func rendered(_ style: Style, width: Int? = nil) -> String {
    let widths = columnWidths(within: width)
    var lines = [line(columns.map { Cell($0.title) }, widths) { text, _ in style.bold(text) }]
    lines += rows.map { row in line(row, widths, style.paint) }
    return lines.joined(separator: "\n")
  }

  private func columnWidths(within limit: Int?) -> [Int] {
    var widths = columns.map { Printable.width($0.title) }
    for row in rows {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], Printable.width(cell.text))
      }
    }
    guard let limit else { return widths }
    var excess = widths.reduce(0, +) + Self.gap.count * (columns.count - 1) - limit
    for index in columns.indices where columns[index].isFlexible && excess > 0 {
      let given = min(excess, max(0, widths[index] - Self.flexibleMinimum))
      widths[index] -= given
      excess -= given
    }
    return widths
  }

  private func line(
    _ cells: [Cell], _ widths: [Int], _ paint: (String, Tone) -> String
  ) -> String {
    var parts: [String] = []
    for (index, cell) in cells.enumerated() {
      let text = Printable.shortened(cell.text, to: widths[index])
      let filler = String(repeating: " ", count: max(0, widths[index] - Printable.width(text)))
      let painted = paint(text, cell.tone)
      switch columns[index].alignment {
      case .right: parts.append(filler + painted)
      // Nothing trails behind the last column.
      case .left: parts.append(index == cells.count - 1 ? painted : painted + filler)
      }
    }
    return parts.joined(separator: Self.gap)
  }
}
