// What is wrong with a line of an imported file; it is reported and the rest goes on.

/// A line that could not be imported.
package struct ImportProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    case missingColumn(IncidentColumn)
    case repeatedColumn(IncidentColumn)
    case fieldCount(found: Int, expected: Int)
    case noNumber
    case badNumber(IncidentColumn, String)
    case badTime(IncidentColumn, String)
    case tooLong(IncidentColumn)
  }

  /// From 1, the header included.
  package let line: Int
  package let reason: Reason

  package init(line: Int, reason: Reason) {
    self.line = line
    self.reason = reason
  }

  package var description: String {
    "line \(line): " + words
  }

  private var words: String {
    switch reason {
    case .missingColumn(let column):
      "the header has no column '\(column.rawValue)'; give the log with all its 36 columns"
    case .repeatedColumn(let column):
      "the header names '\(column.rawValue)' twice; keep one of them"
    case .fieldCount(let found, let expected):
      "has \(found) fields, the header has \(expected); check the quotes of the line"
    case .noNumber: "has no incident number; every line needs one"
    case .badNumber(let column, let text):
      "\(column.rawValue) is '\(text.prefix(40))'; it must be a whole number"
    case .badTime(let column, let text):
      "\(column.rawValue) is '\(text.prefix(40))'; it must be d/m/yyyy hh:mm or ?"
    case .tooLong(let column): "\(column.rawValue) is longer than this desk stores"
    }
  }
}
