// A batch of an incident log as it travels from the importer to the node.

/// Rows of a CSV file, in file order.
package struct IncidentBatch: Hashable, Sendable, Codable {
  /// One line: its number in the file (the header is line 1) and its values by column name.
  package struct Row: Hashable, Sendable, Codable {
    package var line: Int
    package var values: [String: String]

    package init(line: Int, values: [String: String]) {
      self.line = line
      self.values = values
    }
  }

  /// Names the file, so that a run can be resumed; free text.
  package var source: String
  /// Assignment group → office code, where the stated rule shall not decide.
  package var officeMap: [String: String]
  package var rows: [Row]

  package init(source: String, officeMap: [String: String] = [:], rows: [Row]) {
    self.source = source
    self.officeMap = officeMap
    self.rows = rows
  }
}

/// What a batch did. Every row is counted once.
package struct ImportReport: Hashable, Sendable, Codable {
  package struct BadLine: Hashable, Sendable, Codable {
    package var line: Int
    package var reason: String

    package init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  package var created: Int
  package var updated: Int
  package var unchanged: Int
  package var bad: [BadLine]
  /// Rows that came in without a part of them, and why.
  package var warnings: [BadLine]

  package init(
    created: Int = 0, updated: Int = 0, unchanged: Int = 0, bad: [BadLine] = [],
    warnings: [BadLine] = []
  ) {
    self.created = created
    self.updated = updated
    self.unchanged = unchanged
    self.bad = bad
    self.warnings = warnings
  }
}
