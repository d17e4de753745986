// Conditions that only views have, as SQL: custom fields held against a bound, and the owner.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

extension TicketFilters {
  func field(_ term: TicketFilter.Term) -> TicketCondition {
    func cell(_ id: RowID) -> DatabaseValue { "$.\"\(id.rawValue)\"".databaseValue }
    let test: SQLPiece =
      switch term {
      case .field(let id, .null): SQLPiece("json_extract(+fields, ?) IS NULL", [cell(id)])
      case .field(let id, let value):
        SQLPiece("json_extract(+fields, ?) = ?", [cell(id), value.sql])
      case .fieldBound(let id, let comparison, let value):
        bound(cell(id), comparison, value)
      default: SQLPiece("0")
      }
    return TicketCondition(test: test, finder: nil)
  }

  /// SQLite holds any text to be greater than any number; here they are not compared. A decimal is
  /// kept as its text.
  private func bound(
    _ cell: DatabaseValue, _ comparison: Comparison, _ value: Value
  ) -> SQLPiece {
    let isNumber = value.text.map { Double($0)?.isFinite == true } ?? true
    guard isNumber else {
      return SQLPiece(
        "json_type(+fields, ?) = 'text' AND json_extract(+fields, ?) \(comparison.sql) ?",
        [cell, cell, value.sql])
    }
    return SQLPiece(
      """
      json_type(+fields, ?) IN ('integer', 'text')
      AND (json_extract(+fields, ?) GLOB '*[0-9]*')
      AND NOT (json_extract(+fields, ?) GLOB '*[^0-9.-]*')
      AND CAST(json_extract(+fields, ?) AS NUMERIC) \(comparison.sql) CAST(? AS NUMERIC)
      """, [cell, cell, cell, cell, value.sql])
  }

  /// By where the ticket belongs, except for those tickets of which something else is known.
  func owned(by rule: OwnerRule) -> TicketCondition {
    let isMember = "IN (SELECT value FROM json_each(?))"
    let homes = DatabaseValue(texts: rule.homes.map(\.rawValue))
    var awake = "(+place_moves = 1 OR ifnull(+wake_ms <= ?, 0)"
    var arguments: [DatabaseValue] = [rule.owned.json, rule.exceptions.json]
    var isAwake = [rule.at.milliseconds.databaseValue]
    if !rule.closed.isEmpty {
      awake += " OR (place_group || ' ' || place_home) \(isMember)"
      isAwake.append(
        DatabaseValue(texts: rule.closed.map { "\($0.group.rawValue) \($0.home.rawValue)" }))
    }
    awake += ")"
    arguments += isAwake + [rule.groups.json, rule.resting.json, homes]
    arguments += isAwake + [homes]
    let test = SQLPiece(
      """
      +id \(isMember) OR (+id NOT \(isMember) AND (
      (\(awake) AND (+place_group \(isMember)
      OR (+place_group \(isMember) AND +place_home \(isMember))))
      OR (NOT \(awake) AND +place_home \(isMember))))
      """, arguments)
    return TicketCondition(test: test, finder: nil)
  }
}

extension DatabaseValue {
  /// A JSON array of texts, for json_each.
  fileprivate init(texts: [String]) {
    self = DisplayJSON.array(texts.map { Value.text($0) }).databaseValue
  }
}
