// One line of the incident log: the whole record after one update.

package import ReplicaCore

/// A record as one line of the log has it.
package struct IncidentSnapshot: Hashable, Sendable {
  package let number: String
  /// `sys_mod_count`: the first order inside an incident; the line is the second.
  package let modCount: Int
  /// The line in the file, from 1; the header is line 1.
  package let line: Int
  private let values: [String]

  init(number: String, modCount: Int, line: Int, values: [String]) {
    self.number = number
    self.modCount = modCount
    self.line = line
    self.values = values
  }

  /// The value as the log has it; nil where it is unknown.
  package subscript(_ column: IncidentColumn) -> String? {
    let text = values[IncidentLayout.index(of: column)]
    return text == IncidentColumn.unknown || text.isEmpty ? nil : text
  }

  /// The time in a column, read as UTC.
  package func time(_ column: IncidentColumn) -> Instant? {
    self[column].flatMap { IncidentTime.instant($0) }
  }
}

/// Where the columns stand in a file, from its header.
package struct IncidentLayout: Hashable, Sendable {
  private let positions: [Int]
  private let fieldCount: Int

  private static let indexes = Dictionary(
    uniqueKeysWithValues: IncidentColumn.allCases.enumerated().map { ($1, $0) })

  static func index(of column: IncidentColumn) -> Int { indexes[column] ?? 0 }

  /// - Throws: where a column is missing or named twice.
  package init(header: [String]) throws(ImportProblem) {
    let names = header.map { $0.trimmed.lowercased() }
    var found: [Int] = []
    for column in IncidentColumn.allCases {
      let places = names.indices.filter { names[$0] == column.rawValue }
      guard let place = places.first, places.count == 1 else {
        throw ImportProblem(
          line: 1, reason: places.isEmpty ? .missingColumn(column) : .repeatedColumn(column))
      }
      found.append(place)
    }
    positions = found
    fieldCount = header.count
  }

  /// Reads one line that is split into fields already.
  ///
  /// - Throws: what is wrong with the line; the import goes on with the next.
  package func snapshot(
    _ fields: [String], line: Int
  ) throws(ImportProblem) -> IncidentSnapshot {
    guard fields.count == fieldCount else {
      throw ImportProblem(
        line: line, reason: .fieldCount(found: fields.count, expected: fieldCount))
    }
    let values = positions.map { fields[$0] }
    func value(_ column: IncidentColumn) -> String { values[Self.index(of: column)] }
    let number = value(.number).trimmed
    guard !number.isEmpty, number != IncidentColumn.unknown else {
      throw ImportProblem(line: line, reason: .noNumber)
    }
    guard number.unicodeScalars.count <= DeskLimits.nameCharacters else {
      throw ImportProblem(line: line, reason: .tooLong(.number))
    }
    guard let count = Digits.number(value(.sysModCount)) else {
      throw ImportProblem(
        line: line, reason: .badNumber(.sysModCount, value(.sysModCount)))
    }
    for column in IncidentColumn.allCases
    where value(column).utf8.count > DeskLimits.fieldBytes {
      throw ImportProblem(line: line, reason: .tooLong(column))
    }
    for column in [IncidentColumn.openedAt, .sysCreatedAt, .sysUpdatedAt, .resolvedAt, .closedAt] {
      let text = value(column)
      guard text != IncidentColumn.unknown, !text.isEmpty else { continue }
      guard IncidentTime.instant(text) != nil else {
        throw ImportProblem(line: line, reason: .badTime(column, text))
      }
    }
    return IncidentSnapshot(number: number, modCount: count, line: line, values: values)
  }
}

/// Times of the log: `d/m/yyyy hh:mm`, read as UTC since the log states no zone.
package enum IncidentTime {
  package static func instant(_ text: String) -> Instant? {
    let halves = text.split(separator: " ")
    guard halves.count == 2 else { return nil }
    let date = halves[0].split(separator: "/", omittingEmptySubsequences: false)
    let clock = halves[1].split(separator: ":", omittingEmptySubsequences: false)
    guard date.count == 3, clock.count == 2, let day = Digits.number(date[0]),
      let month = Digits.number(date[1]), let year = Digits.number(date[2]),
      let hour = Digits.number(clock[0]), let minute = Digits.number(clock[1])
    else { return nil }
    return CivilDate(year: year, month: month, day: day)?.at(hour: hour, minute: minute)
  }
}
