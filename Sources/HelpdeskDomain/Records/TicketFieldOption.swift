// The options of a ticket field: those it was made with, and over them what was changed since.

internal import Foundation
package import ReplicaCore

/// One option of a list field. Each is a cell of its own, so that offices that add options apart
/// do not meet.
package struct TicketFieldOption: Hashable, Sendable {
  package var id: RowID
  package var name: String
  package var value: String
  package var position: Int
  package var isDefault: Bool

  package init(
    id: RowID, name: String, value: String, position: Int = 0, isDefault: Bool = false
  ) {
    self.id = id
    self.name = name
    self.value = value
    self.position = position
    self.isDefault = isDefault
  }

  /// The id of a new option: the same wherever the same value is added, so that both meet. `try`
  /// counts on where another option has the id already.
  static func id(field: RowID, value: String, try attempt: Int = 0) -> RowID {
    let text = attempt == 0 ? "\(field)|\(value)" : "\(field)|\(attempt)|\(value)"
    let digest = Digest.sha256(Array(text.utf8)).bytes
    let number = digest.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    return RowID(10_000 + number)
  }

  /// What the cell of an option holds.
  private struct Stored: Codable {
    var name: String
    var value: String
    var position: Int?
    var isDefault: Bool?
  }

  /// As its cell holds it.
  var stored: Value {
    .text(
      CanonicalJSON.text(
        Stored(name: name, value: value, position: position, isDefault: isDefault ? true : nil)))
  }

  /// The options of a field's row, in order. What cannot be read is left out.
  package static func all(field: RowID, _ state: RowState) -> [TicketFieldOption] {
    var options: [RowID: TicketFieldOption] = [:]
    let first = state.value(TicketFieldColumn.options).text.flatMap { list($0, field) } ?? []
    for option in first where options[option.id] == nil { options[option.id] = option }
    for (cell, found) in state.cells where cell.column == TicketFieldColumn.choices {
      guard let shown = found.register?.winner?.value else { continue }
      let id = RowID(cell.key)
      guard case .text(let text) = shown, let read = CanonicalJSON.read(Stored.self, text) else {
        options[id] = nil
        continue
      }
      options[id] = TicketFieldOption(
        id: id, name: read.name, value: read.value, position: read.position ?? Int.max,
        isDefault: read.isDefault ?? false)
    }
    return options.values.sorted { ($0.position, $0.id) < ($1.position, $1.id) }
  }

  /// A JSON array of texts or of objects with a `value`; nil for anything else.
  static func list(_ json: String, _ field: RowID) -> [TicketFieldOption]? {
    guard let list = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [Any] else {
      return nil
    }
    var options: [TicketFieldOption] = []
    for entry in list {
      let object = entry as? [String: Any]
      guard let value = entry as? String ?? object?["value"] as? String else { return nil }
      options.append(
        TicketFieldOption(
          id: id(field: field, value: value), name: object?["name"] as? String ?? value,
          value: value, position: options.count,
          isDefault: object?["default"] as? Bool ?? false))
    }
    return options
  }
}
